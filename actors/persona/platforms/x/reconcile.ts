import type { Payload, Sent } from "../port.ts";
import { idAt, timeOf } from "./freeze.ts";
import { POST_FIELDS, readPage, type XPost } from "./posts.ts";
import { likeness } from "./same_text.ts";
import type { Session } from "./session.ts";
import { type Failure, postUrl, type XContext, type XReconciled } from "./x_port.ts";

/** So far apart two looks must be, both without the post, before it is taken for absent: X's lists lag. */
export const APART_MS = 60_000;
/** Posts that one look reads at most, in pages of a hundred. */
const MAX_PAGES = 5;
/** So long X refuses an equal text, as far as is known; it publishes no figure. */
const DUPLICATE_MS = 24 * 3_600_000;

export interface Looked {
  /** Parts that are known to be out. */
  before: Sent[];
  /**
   * When the first of the looks since the last attempt found the post absent, in ms since the epoch; null where no look
   * has, or one since has found anything else.
   */
  absentSince: number | null;
  /** Ids of the persona's other posts: one with the same text is not this one. */
  others: ReadonlySet<string>;
}

/**
 * Looks through the persona's own timeline since the intent. Never writes. Of two posts that fit, the older one is
 * taken. A thread is followed by its replies, so a part is found only below the one before it.
 */
export async function reconcile(
  session: Session,
  context: XContext,
  payload: Payload,
  { before, absentSince, others }: Looked,
): Promise<XReconciled> {
  const since = payload.keys[0] ?? "0";
  const own = await ownPosts(session, context, since);
  if (!Array.isArray(own)) return { kind: "unknown", reason: own.reason };
  const parts = [...before];
  for (const record of payload.records.slice(before.length)) {
    const wanted = { text: String(record.text), answers: parts.at(-1)?.id ?? answeredBy(record) };
    const there = own
      .filter((post) => post.repliesTo === wanted.answers && !others.has(post.id))
      .map((post) => ({ post, likeness: likeness(wanted.text, post) }));
    const same = there.find((one) => one.likeness === "same")?.post;
    if (same === undefined) {
      const alike = there.find((one) => one.likeness === "alike")?.post;
      if (alike !== undefined) return doubt(context, alike.id, "is the same but for its links");
      const rivals = own.filter(({ id }) => !parts.some((part) => part.id === id));
      return await absent(session, context, { since, text: wanted.text, parts, absentSince, rivals });
    }
    parts.push({ id: same.id, url: postUrl(context.account.handle, same.id) });
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
  context: XContext,
  { since, text, parts, absentSince, rivals }: Missing,
): Promise<XReconciled> {
  const now = session.now();
  if (absentSince === null || now - absentSince < APART_MS) {
    return { kind: "absent", safeToRepeat: false, parts };
  }
  const older = await ownPosts(session, context, idAt(timeOf(since) - DUPLICATE_MS), since);
  if (!Array.isArray(older)) return { kind: "unknown", reason: older.reason };
  const equal = [...rivals, ...older].find((post) => likeness(text, post) === "same");
  if (equal !== undefined) {
    return doubt(context, equal.id, "has this text, which X takes once only");
  }
  return { kind: "absent", safeToRepeat: true, parts };
}

function doubt(context: XContext, id: string, what: string): XReconciled {
  return {
    kind: "unknown",
    reason: `${postUrl(context.account.handle, id)} ${what}: whether it is the one is for a person to say`,
  };
}

function answeredBy(record: Record<string, unknown>): string | null {
  const { reply } = record;
  if (typeof reply !== "object" || reply === null || !("in_reply_to_tweet_id" in reply)) return null;
  return String(reply.in_reply_to_tweet_id);
}

/** Newer than `since` and not newer than `until`, oldest first; or why they are not all known. */
async function ownPosts(
  session: Session,
  context: XContext,
  since: string,
  until?: string,
): Promise<XPost[] | Failure> {
  const posts: XPost[] = [];
  let next: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const called = await session.call(context, {
      method: "GET",
      path: `/2/users/${context.account.accountId}/tweets`,
      query: {
        since_id: since,
        ...(until === undefined ? {} : { until_id: String(BigInt(until) + 1n) }),
        max_results: "100",
        "tweet.fields": POST_FIELDS,
        ...(next === null ? {} : { pagination_token: next }),
      },
    });
    if (called.kind !== "ok") return called;
    const read = readPage(called.body);
    if (read === null) return { kind: "uncertain", reason: "X's list of posts was not readable" };
    posts.push(...read.posts);
    next = read.next;
    if (next === null) return posts.reverse();
  }
  return { kind: "uncertain", reason: `the account has more than ${MAX_PAGES * 100} posts since` };
}
