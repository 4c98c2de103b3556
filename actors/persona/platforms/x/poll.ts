/** What others said to the persona: X's list of mentions, which has replies, and quotes that name it, in it. */
import { type Account, type AdapterContext, type Interaction, PlatformFailed } from "../port.ts";
import { timeOf } from "./freeze.ts";
import { isId, postUrl } from "./ids.ts";
import { type Page, POST_FIELDS, readPage, type XPost } from "./posts.ts";
import { asObject } from "./request.ts";
import { readable } from "./same_text.ts";
import type { Session } from "./session.ts";

const PAGE = 100;
const FIRST_PAGE = 50;
/** Pages that one poll reads; a longer backlog goes on in the next one. */
const MAX_PAGES = 4;
/** X's clock may be so far ahead of ours. */
const AHEAD_MS = 86_400_000;
/** A post of a subscriber can be 25,000 characters long; what is longer than this is cut, in UTF-16 units. */
const MAX_TEXT = 5_000;

/** X lists newest first, so a backlog is read from the top down to `since`, over as many polls as it takes. */
interface Cursor {
  /** What is not newer was dealt with. */
  since: string;
  /** Of a backlog: read down to here (exclusive), and what `since` becomes when it is done. */
  backlog: { until: string; newest: string } | null;
}

/** Since `cursor`, oldest first, each once. Throws `PlatformFailed` where X could not be asked. */
export async function poll(
  session: Session,
  context: AdapterContext,
  cursor: string | null,
): Promise<{ interactions: Interaction[]; cursor: string | null }> {
  const before = cursor === null ? null : readCursor(cursor);
  const { pages, done } = await readDown(session, context, before);
  const posts = pages.flatMap((page) => page.posts);
  const handles = new Map(pages.flatMap((page) => [...page.handles]));
  const interactions = posts.flatMap((post) => toInteraction(post, handles, context)).reverse();
  return { interactions, cursor: after(before, posts, done) };
}

async function readDown(session: Session, context: AdapterContext, before: Cursor | null) {
  const pages: Page[] = [];
  let next: string | null = null;
  for (let count = 0; count < (before === null ? 1 : MAX_PAGES); count++) {
    const page: Page = await readMentions(session, context, before, next);
    pages.push(page);
    next = page.next;
    if (next === null) break;
  }
  // The first poll looks at the newest only, on purpose.
  return { pages, done: before === null || next === null };
}

async function readMentions(
  session: Session,
  context: AdapterContext,
  before: Cursor | null,
  next: string | null,
) {
  const called = await session.call(context, {
    asks: "mentions",
    method: "GET",
    path: `/2/users/${context.account.accountId}/mentions`,
    query: {
      ...(before === null ? {} : { since_id: before.since }),
      ...(before?.backlog == null ? {} : { until_id: before.backlog.until }),
      max_results: String(before === null ? FIRST_PAGE : PAGE),
      "tweet.fields": POST_FIELDS,
      expansions: "author_id",
      "user.fields": "username",
      ...(next === null ? {} : { pagination_token: next }),
    },
  });
  if (called.kind !== "ok") throw new PlatformFailed(called);
  const page = readPage(called.body);
  // One from the future would have all that is to come taken for read.
  if (page === null || page.posts.some(({ id }) => timeOf(id) > session.now() + AHEAD_MS)) {
    throw new PlatformFailed({ kind: "uncertain", reason: "X's list of mentions was not readable" });
  }
  return page;
}

function after(before: Cursor | null, posts: XPost[], done: boolean): string | null {
  const ids = posts.map(({ id }) => BigInt(id)).sort((one, other) => one < other ? -1 : 1);
  const [newest, oldest] = [ids.at(-1)?.toString(), ids.at(0)?.toString()];
  const top = before?.backlog?.newest ?? newest;
  if (top === undefined || oldest === undefined && !done) {
    return before === null ? null : JSON.stringify(before);
  }
  // A backlog that does not get shorter would be read, and paid for, without end.
  const until = before?.backlog?.until;
  const stuck = until !== undefined && oldest !== undefined && BigInt(oldest) >= BigInt(until);
  const cursor: Cursor = done || stuck || oldest === undefined
    ? { since: top, backlog: null }
    : { since: before?.since ?? "0", backlog: { until: oldest, newest: top } };
  return JSON.stringify(cursor);
}

function toInteraction(
  post: XPost,
  handles: Map<string, string>,
  { account }: AdapterContext,
): Interaction[] {
  const { authorId } = post;
  if (authorId === null || authorId === account.accountId) return [];
  const isReply = post.repliesTo !== null && post.inReplyToUserId === account.accountId;
  const handle = handles.get(authorId) ?? "";
  return [{
    id: post.id,
    kind: isReply ? "reply" : "mention",
    authorId,
    authorHandle: handle,
    text: readable(post.text, post.links).slice(0, MAX_TEXT).toWellFormed(),
    summons: isReply || names(post, account),
    about: isReply ? post.repliesTo : null,
    url: postUrl(handle, post.id),
    at: post.at ?? 0,
  }];
}

/**
 * X takes an answer where the author speaks to the persona: by naming it, or by answering it, which X makes a mention of.
 * Not where its name only goes on at the head of a conversation among others.
 */
function names({ named }: XPost, { accountId, handle }: Account): boolean {
  return named.some((one) => one.id === null ? one.handle === handle.toLowerCase() : one.id === accountId);
}

function readCursor(text: string): Cursor {
  const { since, backlog } = asObject(JSON.parse(text)) ?? {};
  const { until, newest } = asObject(backlog) ?? {};
  if (!isId(since)) throw new Error("the poll cursor is not readable");
  return { since, backlog: isId(until) && isId(newest) ? { until, newest } : null };
}
