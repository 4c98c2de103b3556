import { PlatformFailed } from "../port.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";
import { isId, type XContext } from "./x_port.ts";

/** What X counts of a post; a field that it leaves out is null. */
export interface Metrics {
  likes: number | null;
  reposts: number | null;
  replies: number | null;
  quotes: number | null;
  bookmarks: number | null;
  impressions: number | null;
}

/** Posts that X takes in one question. */
const MOST_AT_ONCE = 100;
/** Questions in one call. */
const MAX_PAGES = 10;

/**
 * The counts of each post by its id; null for one that is not there any more. Throws `RangeError` for more than 1,000
 * ids, and `PlatformFailed` where X could not be asked.
 */
export async function metrics(
  session: Session,
  context: XContext,
  ids: string[],
): Promise<Map<string, Metrics | null>> {
  if (ids.length > MOST_AT_ONCE * MAX_PAGES) {
    throw new RangeError(`\`ids\` must be at most ${MOST_AT_ONCE * MAX_PAGES}`);
  }
  if (!ids.every(isId)) throw new RangeError("`ids` must be ids of posts on X");
  const found = new Map<string, Metrics | null>();
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    const some = ids.slice(from, from + MOST_AT_ONCE);
    const called = await session.call(context, {
      method: "GET",
      path: "/2/tweets",
      query: { ids: some.join(","), "tweet.fields": "public_metrics" },
    });
    if (called.kind !== "ok") throw new PlatformFailed(called);
    const { data, errors } = called.body;
    for (const post of listOf(data)) {
      if (isId(post?.id)) found.set(post.id, readMetrics(asObject(post.public_metrics) ?? {}));
    }
    for (const error of listOf(errors)) if (isId(error?.resource_id)) found.set(error.resource_id, null);
    if (!some.every((id) => found.has(id))) {
      throw new PlatformFailed({ kind: "uncertain", reason: "X's answer does not speak of every post" });
    }
  }
  return found;
}

function readMetrics(counts: Record<string, unknown>): Metrics {
  const count = (...names: string[]) => {
    const value = names.map((name) => counts[name]).find((one) => typeof one === "number");
    return typeof value === "number" ? value : null;
  };
  return {
    likes: count("like_count"),
    reposts: count("repost_count", "retweet_count"),
    replies: count("reply_count"),
    quotes: count("quote_count"),
    bookmarks: count("bookmark_count"),
    impressions: count("impression_count"),
  };
}

function listOf(value: unknown): (Record<string, unknown> | null)[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}
