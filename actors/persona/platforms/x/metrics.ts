import { readCount } from "../answer_body.ts";
import { type AdapterContext, type Measured, type Metrics, PlatformFailed } from "../port.ts";
import { postIdOf } from "./ids.ts";
import { lookUp, MOST_AT_ONCE } from "./lookup.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";

/** Questions in one call. */
const MAX_PAGES = 10;

/**
 * Nobody may know of what is no post on X. Throws `RangeError` for more than 1,000 ids, and `PlatformFailed` where X could
 * not be asked.
 */
export async function metrics(
  session: Session,
  context: AdapterContext,
  ids: string[],
): Promise<Map<string, Measured>> {
  if (ids.length > MOST_AT_ONCE * MAX_PAGES) {
    throw new RangeError(`\`ids\` must be at most ${MOST_AT_ONCE * MAX_PAGES}`);
  }
  const measured = new Map<string, Measured>();
  const posts = [...new Set(ids.map(postIdOf).filter((id) => id !== null))];
  for (let from = 0; from < posts.length; from += MOST_AT_ONCE) {
    const some = posts.slice(from, from + MOST_AT_ONCE);
    const looked = await lookUp(session, context, some, { "tweet.fields": "public_metrics" });
    if (looked.kind !== "known") throw new PlatformFailed(looked);
    for (const [id, found] of looked.posts) {
      measured.set(
        id,
        found.kind === "there"
          ? { kind: "counted", metrics: readMetrics(asObject(found.post.public_metrics) ?? {}) }
          : { kind: found.kind === "gone" ? "gone" : "not_allowed" },
      );
    }
  }
  return new Map(ids.map((id) => [id, measured.get(postIdOf(id) ?? "") ?? { kind: "not_allowed" }]));
}

/** A count that X leaves out, or that is none, is null. */
function readMetrics(counts: Record<string, unknown>): Metrics {
  const count = (...names: string[]) =>
    names.map((name) => readCount(counts[name])).find((one) => one !== null) ?? null;
  return {
    likes: count("like_count"),
    reposts: count("repost_count", "retweet_count"),
    replies: count("reply_count"),
    quotes: count("quote_count"),
    bookmarks: count("bookmark_count"),
    impressions: count("impression_count"),
    reached: null,
    clicks: null,
  };
}
