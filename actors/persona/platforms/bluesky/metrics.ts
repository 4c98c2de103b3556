import type { AdapterContext, Measured, Metrics } from "../port.ts";
import { CallFailed, type Session, toFailure } from "./session.ts";
import { look } from "./stored.ts";
import { readPostUri } from "./uri.ts";

/** Posts that the server takes in one question. */
const MOST_AT_ONCE = 25;
/** Questions in one call. */
const MAX_PAGES = 40;

const NOT_COUNTED: Metrics = {
  likes: null,
  reposts: null,
  replies: null,
  quotes: null,
  bookmarks: null,
  impressions: null,
  reached: null,
  clicks: null,
};

/**
 * The counts of each of the account's posts. Throws `RangeError` for more than 1,000 ids, `CallFailed` where the server
 * could not be asked.
 */
export async function metrics(
  session: Session,
  context: AdapterContext,
  ids: string[],
): Promise<Map<string, Measured>> {
  const wanted = [...new Set(ids)];
  const most = MOST_AT_ONCE * MAX_PAGES;
  if (wanted.length > most) throw new RangeError(`\`ids\` must be at most ${most}, not ${wanted.length}`);
  const measured = new Map<string, Measured>();
  for (let from = 0; from < wanted.length; from += MOST_AT_ONCE) {
    const some = wanted.slice(from, from + MOST_AT_ONCE);
    for (const [id, counts] of await ask(session, context, some)) {
      measured.set(id, { kind: "counted", metrics: counts });
    }
    for (const id of some) {
      if (!measured.has(id)) measured.set(id, await whyMissing(session, context, id));
    }
  }
  return measured;
}

/** Those that the AppView does not know are left out of its answer. */
async function ask(
  session: Session,
  context: AdapterContext,
  uris: string[],
): Promise<[string, Metrics][]> {
  const called = await session.call(context, {
    method: "app.bsky.feed.getPosts",
    what: "read",
    params: { uris },
  });
  if (called.kind !== "ok") throw new CallFailed(toFailure(called));
  const { posts } = called.body;
  if (!Array.isArray(posts)) {
    throw new CallFailed({ kind: "uncertain", reason: "the server's answer was not readable" });
  }
  return posts.filter((post) => uris.includes(post?.uri)).map((post) => [post.uri, read(post)]);
}

/** The AppView may not have heard of a post yet, or hide it: whether it is gone is for the account's own server to say. */
async function whyMissing(session: Session, context: AdapterContext, id: string): Promise<Measured> {
  const named = readPostUri(id);
  if (named?.accountId !== context.account.accountId) return { kind: "gone" };
  const found = await look(session, context, named.key);
  if (found.kind === "failed") throw new CallFailed(found.failure);
  return found.kind === "gone" ? { kind: "gone" } : { kind: "counted", metrics: NOT_COUNTED };
}

function read(post: Record<string, unknown>): Metrics {
  const count = (name: string) => typeof post[name] === "number" ? post[name] : null;
  return {
    ...NOT_COUNTED,
    likes: count("likeCount"),
    reposts: count("repostCount"),
    replies: count("replyCount"),
    quotes: count("quoteCount"),
    bookmarks: count("bookmarkCount"),
  };
}
