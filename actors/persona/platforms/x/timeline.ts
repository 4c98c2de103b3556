/** The persona's own posts, as X lists them. */
import type { AdapterContext, Failure } from "../port.ts";
import { POST_FIELDS, readPage, type XPost } from "./posts.ts";
import type { Session } from "./session.ts";

/** Pages of a hundred that one look reads at most. */
export const MAX_PAGES = 5;

export interface Span {
  /** Newer than this id. */
  since: string;
  /** Not newer than this one. */
  until?: string;
  /** @default MAX_PAGES */
  maxPages?: number;
}

/** Oldest first; or why they are not all known. */
export async function ownPosts(
  session: Session,
  context: AdapterContext,
  { since, until, maxPages = MAX_PAGES }: Span,
): Promise<XPost[] | Failure> {
  const posts: XPost[] = [];
  let next: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    const called = await session.call(context, {
      asks: "timeline",
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
  return { kind: "uncertain", reason: `the account has more than ${maxPages * 100} posts since` };
}
