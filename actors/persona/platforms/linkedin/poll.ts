import type { AdapterContext, Interaction } from "../port.ts";
import { object } from "./call.ts";
import { mayDo } from "./describe.ts";
import { advance, OVERLAP_MS, rangeOf, readCursor } from "./poll_cursor.ts";
import { readList, type Session } from "./session.ts";
import { encodeUrn, isAuthor, isPost, pageOf, readComment } from "./urn.ts";

export interface Polled {
  interactions: Interaction[];
  cursor: string | null;
}

const PAGE = 100;
const FIRST_PAGE = 50;
/** A longer backlog goes on in the next poll. */
const MAX_PAGES = 4;
/** More than any post or comment has. */
const MAX_TEXT = 10_000;

/**
 * Mentions of a page and comments under its posts since `cursor`, oldest first, each once. A member has no such call,
 * and it takes a scope: without, nothing is asked. Throws `PlatformFailed` where it could not be asked.
 */
export async function poll(
  session: Session,
  context: AdapterContext,
  cursor: string | null,
): Promise<Polled> {
  if (!mayDo(session.author, session.scopes).read) return { interactions: [], cursor };
  const before = readCursor(cursor);
  const now = session.now();
  const range = rangeOf(before, now);
  const size = before === null ? FIRST_PAGE : PAGE;
  const pages = before === null ? 1 : MAX_PAGES;
  const found: Record<string, unknown>[] = [];
  let complete = before === null;
  for (let page = 0; page < pages; page++) {
    const read = await readList(session, context, pathOf(session.author, range, page * size, size));
    found.push(...read.slice(0, size));
    if (read.length < size) {
      complete = true;
      break;
    }
  }
  const read = found.map((one) => toRead(one, now)).filter((one) => one !== null);
  const done = new Set(before?.seen.map(({ id }) => id));
  const interactions: Interaction[] = [];
  for (const { id, at, notification } of read) {
    if (done.has(id)) continue;
    done.add(id);
    const interaction = toInteraction(notification, at, session.author);
    if (interaction !== null) interactions.push(interaction);
  }
  interactions.sort((one, other) => one.at - other.at);
  // A page of things that nobody can read would be read for ever: it is given up.
  const after = advance(before, read, complete || read.length === 0, now);
  return { interactions, cursor: JSON.stringify(after) };
}

function pathOf(
  page: string,
  { start, end }: { start: number; end: number },
  from: number,
  count: number,
): string {
  return `/rest/organizationalEntityNotifications?q=criteria&actions=List(COMMENT,SHARE_MENTION)` +
    `&organizationalEntity=${
      encodeUrn(page)
    }&timeRange=(start:${start},end:${end})&start=${from}&count=${count}`;
}

/** Longest id of a notification; theirs are numbers. */
const MAX_ID = 100;

/** What is from the future would have all that is to come taken for read. */
function toRead(notification: Record<string, unknown>, now: number) {
  const { notificationId, lastModifiedAt: at } = notification;
  if (typeof notificationId !== "number" && typeof notificationId !== "string") return null;
  const id = String(notificationId);
  return id.length <= MAX_ID && typeof at === "number" && at > 0
    ? { id, at: Math.min(at, now + OVERLAP_MS), notification }
    : null;
}

/**
 * Null for what the page said itself, and for what cannot be read. A comment is about the page's post that it stands
 * under, also where it answers a comment: LinkedIn does not say here which, and to ask costs a call of the few.
 */
function toInteraction(notification: Record<string, unknown>, at: number, page: string): Interaction | null {
  const { action, decoratedSourcePost, decoratedGeneratedActivity } = notification;
  const { comment, share } = object(decoratedGeneratedActivity);
  const said = object(action === "COMMENT" ? comment : share);
  const { entity, owner, text } = said;
  if (typeof entity !== "string" || typeof owner !== "string" || !isAuthor(owner) || owner === page) {
    return null;
  }
  if (action === "COMMENT" ? readComment(entity) === null : !isPost(entity)) return null;
  const source = object(decoratedSourcePost);
  const about = source.owner === page && typeof source.entity === "string" && isPost(source.entity)
    ? source.entity
    : null;
  return {
    id: entity,
    kind: action === "COMMENT" ? "reply" : "mention",
    authorId: owner,
    // LinkedIn tells no names here.
    authorHandle: "",
    text: typeof text === "string" ? text.slice(0, MAX_TEXT).toWellFormed() : "",
    summons: action !== "COMMENT" || about !== null,
    about,
    url: pageOf(entity),
    at,
  };
}
