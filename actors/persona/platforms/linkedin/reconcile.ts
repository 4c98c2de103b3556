import { type AdapterContext, type Looked, type Payload, PlatformFailed, type Reconciled } from "../port.ts";
import { mayDo } from "./describe.ts";
import { type LinkedInRecord, readRecord } from "./freeze.ts";
import { sentAs } from "./publish.ts";
import { readsAll } from "./roles.ts";
import { compareComment, comparePost, isBefore } from "./same.ts";
import { readList, type Session, unreadable } from "./session.ts";
import { encodeUrn, isPage, isPost, readComment } from "./urn.ts";

const PAGE = 100;
/** Past so many posts or comments nobody looks on: a person does. */
const MAX_PAGES = 5;

type Searched = { kind: "found"; urn: string } | { kind: "absent"; seen: number } | { kind: "too_many" };

/** Two looks that find nothing prove something only so far apart, in ms. */
export const APART_MS = 60_000;

/**
 * Looks whether the post is out, without writing. What a member wrote cannot be read back: then a person decides.
 * LinkedIn knows no keys and its lists lag, so absent is safe to repeat only at a second look a minute later, and only
 * for what LinkedIn itself would refuse as a duplicate if it were there after all: a post. It refuses no second comment,
 * and with pictures, which get new names each time, no second post.
 */
export async function reconcile(
  session: Session,
  context: AdapterContext,
  payload: Payload,
  looked: Looked,
): Promise<Reconciled> {
  if (looked.before.length >= payload.keys.length) return { kind: "found", sent: looked.before };
  const record = readRecord(payload);
  if (record === null) return { kind: "unknown", reason: "this is no post for LinkedIn" };
  if (!isPage(session.author)) {
    return {
      kind: "unknown",
      reason: "LinkedIn does not show what a person posted: look there whether it is out",
    };
  }
  if (!mayDo(session.author, session.scopes).readBack) {
    return { kind: "unknown", reason: "the leave to read what this page posted is missing: link it again" };
  }
  try {
    const searched = record.target === null
      ? await searchPosts(session, context, record, looked.others)
      : await searchComments(session, context, record, record.target, looked.others);
    switch (searched.kind) {
      case "found":
        return { kind: "found", sent: sentAs(searched.urn).sent };
      case "too_many":
        return { kind: "unknown", reason: "there is too much on LinkedIn since then to look through" };
      case "absent":
        // Some roles read an empty list where there is something.
        return searched.seen > 0 || await readsAll(session, context)
          ? { kind: "absent", safeToRepeat: isSafe(record, looked, session.now()) }
          : { kind: "unknown", reason: "your role on this page does not let it be read back" };
    }
  } catch (error) {
    if (error instanceof PlatformFailed) return { kind: "unknown", reason: error.outcome.reason };
    throw error;
  }
}

function isSafe({ target, media }: LinkedInRecord, { absentSince }: Looked, now: number): boolean {
  const refusedTwice = target === null && media.length === 0;
  return refusedTwice && absentSince !== null && now - absentSince >= APART_MS;
}

/** An absence may be read from a well-formed list only. Throws `PlatformFailed`. */
async function readWhole(
  session: Session,
  context: AdapterContext,
  path: string,
  isWhole: (element: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>[]> {
  const elements = await readList(session, context, path);
  if (elements.every(isWhole)) return elements;
  throw unreadable();
}

/** Newest first, down to the intent. */
async function searchPosts(
  session: Session,
  context: AdapterContext,
  record: LinkedInRecord,
  others: ReadonlySet<string>,
): Promise<Searched> {
  let seen = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/rest/posts?q=author&author=${encodeUrn(session.author)}&sortBy=CREATED` +
      `&start=${page * PAGE}&count=${PAGE}`;
    const posts = await readWhole(
      session,
      context,
      path,
      ({ id, author, createdAt }) =>
        typeof id === "string" && typeof author === "string" && typeof createdAt === "number",
    );
    seen += posts.length;
    const urn = posts.findLast((post) => comparePost(record, post) === "same" && !others.has(`${post.id}`))
      ?.id;
    if (typeof urn === "string" && isPost(urn)) return { kind: "found", urn };
    if (posts.length < PAGE || isBefore(record, posts.at(-1)?.createdAt)) return { kind: "absent", seen };
  }
  return { kind: "too_many" };
}

/** All of them: LinkedIn does not say in which order they come. */
async function searchComments(
  session: Session,
  context: AdapterContext,
  record: LinkedInRecord,
  target: string,
  others: ReadonlySet<string>,
): Promise<Searched> {
  // A comment has as many URNs as its post has; the number is its own.
  const numbers = new Set([...others].map((urn) => readComment(urn)?.id));
  let seen = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/rest/socialActions/${encodeUrn(target)}/comments?start=${page * PAGE}&count=${PAGE}`;
    const comments = await readWhole(
      session,
      context,
      path,
      ({ commentUrn, actor }) => typeof commentUrn === "string" && typeof actor === "string",
    );
    seen += comments.length;
    const urns = comments.filter((comment) => compareComment(record, comment) === "same")
      .map(({ commentUrn }) => `${commentUrn}`);
    const urn = urns.find((one) => readComment(one) !== null && !numbers.has(readComment(one)?.id));
    if (urn !== undefined) return { kind: "found", urn };
    if (comments.length < PAGE) return { kind: "absent", seen };
  }
  return { kind: "too_many" };
}
