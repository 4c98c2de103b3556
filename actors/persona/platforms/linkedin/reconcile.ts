import type { Payload, Reconciled } from "../port.ts";
import { mayDo } from "./describe.ts";
import { type LinkedInRecord, readRecord } from "./freeze.ts";
import { sentAs } from "./publish.ts";
import { readsAll } from "./roles.ts";
import { compareComment, comparePost, isBefore } from "./same.ts";
import { CallFailed, type LinkedInContext, readList, type Session } from "./session.ts";
import { encodeUrn, isPage, isPost, readComment } from "./urn.ts";

const PAGE = 100;
/** Past so many posts or comments nobody looks on: a person does. */
const MAX_PAGES = 5;

type Searched = { kind: "found"; urn: string } | { kind: "absent"; seen: number } | { kind: "too_many" };

/**
 * Looks whether the post is out, without writing. What a member wrote cannot be read back: then a person decides.
 * Absent is never safe to repeat at once: LinkedIn's lists lag, and it knows no keys. After a second look a minute
 * later one repetition of a post is, since LinkedIn refuses a duplicate and names it; of a comment none is.
 */
export async function reconcile(
  session: Session,
  context: LinkedInContext,
  payload: Payload,
): Promise<Reconciled> {
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
      ? await searchPosts(session, context, record)
      : await searchComments(session, context, record, record.target);
    switch (searched.kind) {
      case "found":
        return { kind: "found", sent: sentAs(searched.urn).sent };
      case "too_many":
        return { kind: "unknown", reason: "there is too much on LinkedIn since then to look through" };
      case "absent":
        // Some roles read an empty list where there is something.
        return searched.seen > 0 || await readsAll(session, context)
          ? { kind: "absent", safeToRepeat: false }
          : { kind: "unknown", reason: "your role on this page does not let it be read back" };
    }
  } catch (error) {
    if (error instanceof CallFailed) return { kind: "unknown", reason: error.outcome.reason };
    throw error;
  }
}

/** Newest first, down to the intent. */
async function searchPosts(
  session: Session,
  context: LinkedInContext,
  record: LinkedInRecord,
): Promise<Searched> {
  let seen = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/rest/posts?q=author&author=${encodeUrn(session.author)}&sortBy=CREATED` +
      `&start=${page * PAGE}&count=${PAGE}`;
    const posts = await readList(session, context, path);
    seen += posts.length;
    const same = posts.findLast((post) => comparePost(record, post) === "same");
    if (typeof same?.id === "string" && isPost(same.id)) return { kind: "found", urn: same.id };
    if (posts.length < PAGE || isBefore(record, posts.at(-1)?.createdAt)) return { kind: "absent", seen };
  }
  return { kind: "too_many" };
}

/** All of them: LinkedIn does not say in which order they come. */
async function searchComments(
  session: Session,
  context: LinkedInContext,
  record: LinkedInRecord,
  target: string,
): Promise<Searched> {
  let seen = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/rest/socialActions/${encodeUrn(target)}/comments?start=${page * PAGE}&count=${PAGE}`;
    const comments = await readList(session, context, path);
    seen += comments.length;
    const urn = comments.find((comment) => compareComment(record, comment) === "same")?.commentUrn;
    if (typeof urn === "string" && readComment(urn) !== null) return { kind: "found", urn };
    if (comments.length < PAGE) return { kind: "absent", seen };
  }
  return { kind: "too_many" };
}
