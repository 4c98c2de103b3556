/** What the cards of some posts need beside the posts themselves, read at once for all of them. */
import { MAX_SEEN } from "../../actors/supervisor/rules/coordinated.ts";
import { createRules } from "../../actors/supervisor/rules/rules.ts";
import type { Stop } from "../../actors/supervisor/supervisor_port.ts";
import { heard } from "../../db/read/console.ts";
import { doubtSteps, livesOf } from "../../db/read/doubts.ts";
import { getPosts, type PostRead } from "../../db/read/posts.ts";
import type { Sql } from "../../db/sql.ts";
import { type CardMore, COORDINATED } from "./parts/card_outcome.tsx";

/** Posts of one list that the rules are asked about which look beyond one persona; the page of a post always asks. */
const MAX_ASKED = 10;

/** `sql`: of the snapshot that the page is read in, so that the rules judge what the page shows. */
export async function readMore(
  sql: Sql,
  posts: readonly PostRead[],
  { stops, now }: { stops: readonly Stop[]; now: number },
): Promise<ReadonlyMap<string, CardMore>> {
  const doubted = posts.filter(({ status }) => status === "uncertain");
  const answered = posts.flatMap(({ answering }) => answering?.interactionId ?? []);
  const words = await heard(sql, answered);
  const steps = await doubtSteps(sql, doubted.map(({ id }) => id));
  const lives = await livesOf(sql, doubted.map(({ persona }) => persona));
  const rules = createRules({ sql, now: () => now });
  const asked = new Set(posts.filter(isJudged).slice(0, MAX_ASKED));
  const more = async (post: PostRead): Promise<[string, CardMore]> => {
    const beyond = asked.has(post) ? await rules.check(post.persona, post.id) : null;
    const isTogether = beyond?.some(({ rule, level }) => rule === COORDINATED && level === "block") ?? false;
    const ids = isTogether ? (await rules.companions(post.id)).map(({ postId }) => postId) : [];
    return [post.id, {
      ...(post.answering === null ? {} : { answers: words.get(post.answering.interactionId)?.words ?? null }),
      beyond,
      companions: {
        posts: await getPosts(sql, ids.slice(0, MAX_SEEN)),
        others: Math.max(0, ids.length - MAX_SEEN),
      },
      doubt: post.status === "uncertain"
        ? { life: lives.get(post.persona) ?? "retired", events: steps.get(post.id) ?? [], stops }
        : null,
    }];
  };
  return new Map(await Promise.all(posts.map(more)));
}

/** A person is about to let it out. */
function isJudged({ status, content, prepared }: PostRead): boolean {
  return status === "pending_review" && content !== null && prepared;
}
