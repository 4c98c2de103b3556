import type { AdapterContext, Interaction } from "../port.ts";
import { advance, mark, type PollCursor, readCursor } from "./poll_cursor.ts";
import { CallFailed, type Session, toFailure } from "./session.ts";
import { POSTS, postUrl, readPostUri } from "./uri.ts";

const PAGE = 100;
const FIRST_PAGE = 50;
/** Pages that one poll reads: with all that is in them, its events fit into one append. A longer backlog goes on in the next one. */
const MAX_PAGES = 4;
/** The most that one poll hands out. */
export const MOST_AT_ONCE = PAGE * MAX_PAGES;
/** The server's own cursor is kept in ours: one that is longer is none. */
const MAX_SERVER_CURSOR = 2_000;
/** The lexicon's own limit on a post, in UTF-8 bytes; a text that is longer is cut. */
const MAX_TEXT = 3000;

interface Notification {
  id: string;
  /** ISO time in UTC, as the server orders them. */
  at: string;
  interaction: Interaction | null;
}

interface Page {
  items: Notification[];
  next: string | null;
}

const kinds = new Set<Interaction["kind"]>(["mention", "reply", "quote", "like", "repost", "follow"]);
/** Words that may be addressed to the persona. */
const summoning = new Set<Interaction["kind"]>(["mention", "reply", "quote"]);

/** What others said since `cursor`, oldest first, each once. Throws `CallFailed` where it could not be asked. */
export async function poll(
  session: Session,
  context: AdapterContext,
  cursor: string | null,
): Promise<{ interactions: Interaction[]; cursor: string | null }> {
  const before = readCursor(cursor);
  if (before === null) {
    const { items } = await readPage(session, context, FIRST_PAGE, null);
    return { interactions: fresh(items, before), cursor: JSON.stringify(advance(null, items)) };
  }
  const { items, next } = await readDown(session, context, before);
  const then = before.backlog?.then ?? advance(before, items);
  const after: PollCursor = next === null
    ? { floor: then.floor, seen: then.seen, backlog: null }
    : { ...before, backlog: { from: next, then: { floor: then.floor, seen: then.seen } } };
  return { interactions: fresh(items, before), cursor: JSON.stringify(after) };
}

/** From the newest one, or from where a backlog was left, down to the floor. */
async function readDown(
  session: Session,
  context: AdapterContext,
  { floor, backlog }: PollCursor,
): Promise<Page> {
  const items: Notification[] = [];
  let next = backlog?.from ?? null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const read = await readPage(session, context, PAGE, next);
    items.push(...read.items.filter(({ at }) => at >= floor));
    next = read.items.some(({ at }) => at < floor) ? null : read.next;
    if (next === null) break;
  }
  return { items, next };
}

async function readPage(
  session: Session,
  context: AdapterContext,
  limit: number,
  cursor: string | null,
): Promise<Page> {
  const called = await session.call(context, {
    method: "app.bsky.notification.listNotifications",
    what: "read",
    params: { limit: String(limit), ...(cursor === null ? {} : { cursor }) },
  });
  if (called.kind !== "ok") throw new CallFailed(toFailure(called));
  const { notifications, cursor: next } = called.body;
  if (!Array.isArray(notifications)) {
    throw new CallFailed({ kind: "uncertain", reason: "the server's answer was not readable" });
  }
  const items = notifications.map((each) => read(each, context)).filter((each) => each !== null);
  const goesOn = typeof next === "string" && next.length <= MAX_SERVER_CURSOR && notifications.length > 0;
  return { items: items.slice(0, limit), next: goesOn ? next : null };
}

function fresh(items: Notification[], before: PollCursor | null): Interaction[] {
  const done = new Set(before?.seen);
  const interactions: Interaction[] = [];
  for (const { id, interaction } of items) {
    if (done.has(mark(id))) continue;
    done.add(mark(id));
    if (interaction !== null) interactions.push(interaction);
  }
  return interactions.sort((a, b) => a.at - b.at);
}

function read(value: unknown, { account }: AdapterContext): Notification | null {
  const { uri, reason, author, record, reasonSubject, indexedAt } = object(value);
  const { did, handle, labels } = object(author);
  const at = typeof indexedAt === "string" ? Date.parse(indexedAt) : NaN;
  if (typeof uri !== "string" || typeof did !== "string" || Number.isNaN(at)) return null;
  const kind = reason as Interaction["kind"];
  const notification = { id: uri, at: new Date(at).toISOString() };
  if (!kinds.has(kind) || did === account.accountId) return { ...notification, interaction: null };
  const { text, reply } = object(record);
  const parent = object(object(reply).parent).uri;
  const about = [reasonSubject, parent].find((uri) => isOwnPost(uri, account.accountId)) ?? null;
  return {
    ...notification,
    interaction: {
      id: uri,
      kind,
      authorId: did,
      authorHandle: typeof handle === "string" ? handle : "",
      text: typeof text === "string" ? text.slice(0, MAX_TEXT) : "",
      // A reply to somebody else below a post of the persona is told to it as well.
      summons: kind === "reply" ? isOwnPost(parent, account.accountId) : summoning.has(kind),
      ...(saysBot(labels, did) ? { byBot: true } : {}),
      about,
      url: urlOf(uri, did, account.service),
      at,
    },
  };
}

/** Whether the account labels itself as a machine; what others say of it does not count. */
function saysBot(labels: unknown, did: string): boolean {
  return Array.isArray(labels) && labels.map(object).some(({ val, src }) => val === "bot" && src === did);
}

/** A page for the post, or for the person where there is no post (a like, a follow). */
function urlOf(uri: string, author: string, service: string): string {
  const post = readPostUri(uri);
  if (post !== null) return postUrl({ accountId: author, service }, post.key);
  return `https://bsky.app/profile/${encodeURIComponent(author)}`;
}

function isOwnPost(uri: unknown, accountId: string): uri is string {
  return typeof uri === "string" && uri.startsWith(`at://${accountId}/${POSTS}/`);
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
