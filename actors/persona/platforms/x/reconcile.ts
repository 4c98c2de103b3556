import type { AdapterContext, Looked, Payload, Reconciled, Sent } from "../port.ts";
import { idAt, timeOf } from "./freeze.ts";
import { sentPost } from "./ids.ts";
import type { XPost } from "./posts.ts";
import { spentOn } from "./publish.ts";
import { likeness } from "./same_text.ts";
import type { Session } from "./session.ts";
import { ownPosts } from "./timeline.ts";

/** So far apart two looks must be, both without the post, before it is taken for absent: X's lists lag. */
export const APART_MS = 60_000;
/** So long X refuses an equal text, as far as is known; it publishes no figure. */
const DUPLICATE_MS = 24 * 3_600_000;

/**
 * Looks through the persona's own timeline since the intent. Never writes. Of two posts that fit, the older one is
 * taken. A thread is followed by its replies, so a part is found only below the one before it, and a reply only below
 * what it answers.
 */
export async function reconcile(
  session: Session,
  context: AdapterContext,
  payload: Payload,
  { before, absentSince, others }: Looked,
): Promise<Reconciled> {
  const since = payload.keys[0] ?? "0";
  const own = await ownPosts(session, context, { since });
  if (!Array.isArray(own)) return { kind: "unknown", reason: own.reason };
  const parts = [...before];
  for (const record of payload.records.slice(before.length)) {
    const wanted = { text: String(record.text), answers: parts.at(-1)?.id ?? answeredBy(record) };
    const there = own
      .filter((post) => post.repliesTo === wanted.answers && !others.has(post.id))
      .map((post) => ({ post, likeness: likeness(wanted.text, post) }));
    const same = there.find((one) => one.likeness === "same")?.post;
    if (same === undefined) {
      const alike = there.filter((one) => one.likeness === "alike").map(({ post }) => post);
      if (alike.length > 0) return doubt(context, parts, alike, "is the same but for its links");
      const rivals = own.filter(({ id }) => !parts.some((part) => part.id === id));
      // Where a part has only now come to be seen, X's lists lag, and the next one may come yet.
      const absentFrom = parts.length > before.length ? null : absentSince;
      return await absent(session, context, {
        since,
        text: wanted.text,
        parts,
        absentSince: absentFrom,
        rivals,
      });
    }
    // The attempt whose answer was lost could not tell what it cost.
    context.noted({ spent: [spentOn(record)] });
    parts.push(sentPost(context.account.handle, same.id));
  }
  return { kind: "found", sent: parts };
}

interface Missing {
  since: string;
  text: string;
  parts: Sent[];
  absentSince: number | null;
  /** Posts since the intent that are not of it. */
  rivals: XPost[];
}

/** X would refuse the text again where another post has it, so that no attempt could ever end. */
async function absent(
  session: Session,
  context: AdapterContext,
  { since, text, parts, absentSince, rivals }: Missing,
): Promise<Reconciled> {
  const now = session.now();
  if (absentSince === null || now - absentSince < APART_MS) {
    return { kind: "absent", safeToRepeat: false, parts };
  }
  const older = await ownPosts(session, context, {
    since: idAt(timeOf(since) - DUPLICATE_MS),
    until: since,
  });
  if (!Array.isArray(older)) return { kind: "unknown", reason: older.reason, parts };
  const equal = [...rivals, ...older].filter((post) => likeness(text, post) === "same");
  if (equal.length > 0) return doubt(context, parts, equal, "has this text, which X takes once only");
  return { kind: "absent", safeToRepeat: true, parts };
}

/** Posts that a person is shown at most. */
const MAX_EVIDENCE = 5;

function doubt(context: AdapterContext, parts: Sent[], posts: XPost[], what: string): Reconciled {
  const evidence = posts.slice(0, MAX_EVIDENCE).map(({ id }) => sentPost(context.account.handle, id));
  return {
    kind: "unknown",
    reason: `${evidence[0]?.url} ${what}: whether it is the one is for a person to say`,
    evidence,
    parts,
  };
}

function answeredBy(record: Record<string, unknown>): string | null {
  const { reply } = record;
  if (typeof reply !== "object" || reply === null || !("in_reply_to_tweet_id" in reply)) return null;
  return String(reply.in_reply_to_tweet_id);
}
