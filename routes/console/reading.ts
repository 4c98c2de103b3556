/** What several pages and the live updates read alike. */
import type { StoredEvent } from "../../db/log/log.ts";
import type { Stop, SupervisorPort } from "../../actors/supervisor/supervisor_port.ts";
import { heard, nextActivities, personaCards, userNames } from "../../db/read/console.ts";
import type { PersonaRead } from "../../db/read/personas.ts";
import { type DeadLetterRead, listDeadLetters } from "../../db/read/dead_letters.ts";
import { getPosts, listPosts, type PostRead } from "../../db/read/posts.ts";
import type { Sql } from "../../db/sql.ts";
import { readMore } from "./card_more.ts";
import type { FeedContext } from "./feed_words.ts";
import { ruleWords } from "./words.ts";
import type { HeadProps } from "./pages/persona_parts.tsx";
import type { DeadLettersProps } from "./parts/dead_letters.tsx";
import type { ReviewProps } from "./parts/lists.tsx";

/** Lines of a stream on one page. */
export const FEED_PAGE = 50;
/** Commands that failed twice, above the cards; all of them have a page of their own. */
const LETTERS = 20;
/** Cards on one page. */
export const REVIEW_PAGE = 50;

const OPEN = [
  "draft",
  "pending_review",
  "expired",
  "uncertain",
  "approved",
  "scheduled",
  "publishing",
] as const;

/** What the lines of these events need besides them. */
export async function feedContext(sql: Sql, events: StoredEvent[]): Promise<FeedContext> {
  const streams = events.flatMap((event) => [event.stream, ...stoppedPersonas(event)]);
  const postIds = [
    ...new Set(events.map((event) => event.data.postId).filter((id) => typeof id === "string")),
  ];
  const interactionIds = events.filter((event) => event.type === "InteractionReceived")
    .map((event) => String(event.data.interactionId));
  const users = await userNames(sql);
  const personas = await personaCards(sql, streams);
  const posts = await getPosts(sql, postIds);
  const words = await heard(sql, interactionIds);
  return {
    users,
    personas,
    platforms: new Map(posts.map((post) => [post.id, post.platform])),
    heard: new Map(
      [...words].map(([id, { words }]) => [
        id,
        words === null || "removedAt" in words
          ? {
            handle: null,
            text: words === null
              ? ""
              : `removed on ${words.removedAt.slice(0, 10)} under rule ${ruleWords(words.rule)}`,
          }
          : { handle: words.authorHandle, text: words.text },
      ]),
    ),
  };
}

/** Whom the event of a stop is about. */
function stoppedPersonas({ data: { scope } }: StoredEvent): string[] {
  const named = typeof scope === "object" && scope !== null && "personaId" in scope ? scope.personaId : null;
  return typeof named === "string" ? [named] : [];
}

/** What the head of a persona's pages shows. */
export async function headOf(
  sql: Sql,
  supervisor: Pick<SupervisorPort, "status">,
  persona: PersonaRead,
  now: number,
): Promise<HeadProps> {
  const actor = supervisor.status(persona.id);
  const next = (await nextActivities(sql, [persona.id])).get(persona.id) ?? null;
  const users = actor.parked === null ? new Map<string, string>() : await userNames(sql);
  return { persona, actor, next, now, users };
}

/** Commands that failed twice, of one persona or of all, the newest first. */
export async function deadLetters(
  sql: Sql,
  options: {
    persona?: string;
    after?: string | null;
    statuses?: DeadLetterRead["status"][];
    limit?: number;
    now: number;
  },
): Promise<DeadLettersProps & { next: string | null }> {
  const { now, ...filter } = options;
  const { items, next } = await listDeadLetters(sql, filter);
  return {
    letters: items,
    more: next !== null,
    next,
    personas: await personaCards(sql, items.map((letter) => letter.persona)),
    users: await userNames(sql),
    now,
    named: options.persona === undefined,
  };
}

/** What waits of one persona or of all: commands that failed, and open posts, those that need a person first. */
export async function review(
  sql: Sql,
  options: { persona?: string; after?: string | null; now: number; stops: readonly Stop[] },
): Promise<ReviewProps & { next: string | null }> {
  const { persona, after, now, stops } = options;
  const found = await listPosts(sql, { persona, statuses: OPEN, after, limit: REVIEW_PAGE });
  const personas = await personaCards(sql, found.items.map((post) => post.persona));
  const users = await userNames(sql);
  const failed = after ? null : await deadLetters(sql, { persona, statuses: ["open"], limit: LETTERS, now });
  return {
    letters: failed,
    posts: [...found.items].sort((a, b) => urgency(a) - urgency(b)),
    personas,
    users,
    stops,
    cards: await readMore(sql, found.items, { stops, now }),
    now,
    named: persona === undefined,
    more: found.next !== null,
    next: found.next,
  };
}

function urgency(post: PostRead): number {
  if (post.status === "uncertain") return 0;
  if (post.status === "draft" && post.writing === "failed") return 1;
  if (post.status === "pending_review") return 2;
  if (post.status === "expired") return 3;
  if (post.status === "draft") return 4;
  return ["publishing", "approved", "scheduled"].indexOf(post.status) + 5;
}
