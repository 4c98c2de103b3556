import type { AdapterContext, Outcome, Payload, Sent } from "../port.ts";
import { object } from "./call.ts";
import { type LinkedInRecord, readRecord } from "./freeze.ts";
import { judge, type Judged } from "./outcome.ts";
import { bodyWith, uploadPictures } from "./pictures.ts";
import { comparePost } from "./same.ts";
import type { Called, Session } from "./session.ts";
import { commentUrn, encodeUrn, isPage, isPost, pageOf } from "./urn.ts";

/**
 * One attempt: pictures first, then one request that writes, and where LinkedIn calls it a duplicate one that looks at
 * what it names.
 */
export async function publish(
  session: Session,
  context: AdapterContext,
  payload: Payload,
  before: Sent[],
): Promise<Outcome> {
  if (before.length >= payload.keys.length) return { kind: "sent", sent: before };
  const record = readRecord(payload);
  if (record === null) return { kind: "rejected", reason: "no person's approval comes with this post" };
  const body = object(JSON.parse(record.body));
  const author = record.target === null ? body.author : body.actor;
  if (author !== session.author) {
    return { kind: "rejected", reason: "this post was approved for another LinkedIn account" };
  }
  return record.target === null
    ? await sendPost(session, context, record)
    : await sendComment(session, context, record, record.target, String(body.object));
}

async function sendPost(session: Session, context: AdapterContext, record: LinkedInRecord): Promise<Outcome> {
  const upload = await uploadPictures(session, context, record.media);
  if (upload.kind !== "uploaded") return upload;
  const against = record.media.length === 0 ? null : await context.leave();
  if (against !== null) return { kind: "not_sent", reason: against };
  const body = bodyWith(record, upload.pictures);
  const called = await session.call(context, { what: "post", method: "POST", path: "/rest/posts", body });
  const judged = judge(called, session.now());
  switch (judged.kind) {
    case "created":
      return isPost(judged.id) ? sentAs(judged.id) : UNNAMED;
    case "duplicate":
      return await lookAt(session, context, record, judged);
    default:
      return judged;
  }
}

async function sendComment(
  session: Session,
  context: AdapterContext,
  { body, media }: LinkedInRecord,
  target: string,
  thread: string,
): Promise<Outcome> {
  if (media.length > 0) return { kind: "rejected", reason: "LinkedIn takes no picture in a comment" };
  const path = `/rest/socialActions/${encodeUrn(target)}/comments`;
  const called = await session.call(context, { what: "reply", method: "POST", path, body });
  const judged = judge(called, session.now());
  switch (judged.kind) {
    case "created":
      return /^\d{1,19}$/.test(judged.id) ? sentAs(commentUrn(thread, judged.id)) : UNNAMED;
    case "duplicate":
      return { kind: "uncertain", reason: judged.reason };
    default:
      return judged;
  }
}

const UNNAMED: Outcome = { kind: "uncertain", reason: "LinkedIn's answer does not name the post" };

/**
 * LinkedIn names a post with these words. It may be this one, or another of this account with the same words: a look
 * that knows the others tells. For a day or two after a deletion the URN is a dead one, and a member's posts cannot be
 * read. Only one from before the intent is surely not this one, and then this one is not out.
 */
async function lookAt(
  session: Session,
  context: AdapterContext,
  record: LinkedInRecord,
  { urn, reason }: Extract<Judged, { kind: "duplicate" }>,
): Promise<Outcome> {
  if (urn === null) return { kind: "uncertain", reason };
  const named = `LinkedIn says that these words are out already, as ${urn}`;
  const evidence = [{ id: urn, url: pageOf(urn) }];
  if (!isPage(session.author) || !isPost(urn)) {
    return { kind: "uncertain", reason: `${named}: look there whether that is this post`, evidence };
  }
  const path = `/rest/posts/${encodeUrn(urn)}`;
  const found = await session.call(context, { what: "read", method: "GET", path });
  if (found.kind !== "ok" || found.body === null) {
    return { kind: "uncertain", reason: `${named}, but ${whyUnseen(found)}`, evidence };
  }
  switch (comparePost(record, found.body)) {
    case "same":
      return { kind: "uncertain", reason: named, evidence };
    case "earlier":
      return { kind: "rejected", reason: `${named}, since before this post was approved`, evidence };
    case "other":
      return { kind: "uncertain", reason: `${named}, but that post is another one`, evidence };
  }
}

function whyUnseen(called: Called): string {
  if (called.kind === "refused" && called.refusal.status === 404) return "there is no such post (any more)";
  return "that post could not be looked at";
}

export function sentAs(urn: string): Extract<Outcome, { kind: "sent" }> {
  return { kind: "sent", sent: [{ id: urn, url: pageOf(urn) }] };
}
