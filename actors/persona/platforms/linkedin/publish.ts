import type { Outcome, Payload, Sent } from "../port.ts";
import { type LinkedInRecord, readRecord } from "./freeze.ts";
import { judge, type Judged } from "./outcome.ts";
import { comparePost } from "./same.ts";
import { type Called, type LinkedInContext, type Session } from "./session.ts";
import { commentUrn, encodeUrn, isPage, isPost, pageOf } from "./urn.ts";
import { object } from "./call.ts";

/** One attempt: one request that writes, and where LinkedIn calls it a duplicate one that looks at what it names. */
export async function publish(
  session: Session,
  context: LinkedInContext,
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
  const path = record.target === null
    ? "/rest/posts"
    : `/rest/socialActions/${encodeUrn(record.target)}/comments`;
  const called = await session.call(context, { method: "POST", path, body: record.body });
  const judged = judge(called, session.now());
  switch (judged.kind) {
    case "created":
      return created(record, body, judged);
    case "duplicate":
      return await adopt(session, context, record, judged);
    default:
      return judged;
  }
}

function created(
  record: LinkedInRecord,
  body: Record<string, unknown>,
  { id }: Extract<Judged, { kind: "created" }>,
): Outcome {
  if (record.target === null) return isPost(id) ? sentAs(id) : unnamed;
  return /^\d{1,19}$/.test(id) ? sentAs(commentUrn(String(body.object), id)) : unnamed;
}

const unnamed: Outcome = { kind: "uncertain", reason: "LinkedIn's answer does not name the post" };

/**
 * LinkedIn names a post with these words. It counts as this one only when it can be seen to be: ours, alive, and not
 * older than the intent. For a day or two after a deletion the URN is a dead one, and a member's posts cannot be read.
 */
async function adopt(
  session: Session,
  context: LinkedInContext,
  record: LinkedInRecord,
  { urn, reason }: Extract<Judged, { kind: "duplicate" }>,
): Promise<Outcome> {
  if (urn === null || record.target !== null) return { kind: "uncertain", reason };
  const named = `LinkedIn says that these words are out already, as ${urn}`;
  if (!isPage(session.author) || !isPost(urn)) {
    return { kind: "uncertain", reason: `${named}: look there whether that is this post (${pageOf(urn)})` };
  }
  const found = await session.call(context, { method: "GET", path: `/rest/posts/${encodeUrn(urn)}` });
  if (found.kind !== "ok" || found.body === null) {
    return { kind: "uncertain", reason: `${named}, but ${whyUnseen(found)}` };
  }
  switch (comparePost(record, found.body)) {
    case "same":
      return sentAs(urn);
    case "earlier":
      return { kind: "rejected", reason: `${named}, since before this post was approved` };
    case "other":
      return { kind: "uncertain", reason: `${named}, but that post is another one` };
  }
}

function whyUnseen(called: Called): string {
  if (called.kind === "refused" && called.refusal.status === 404) return "there is no such post (any more)";
  return "that post could not be looked at";
}

export function sentAs(urn: string): Extract<Outcome, { kind: "sent" }> {
  return { kind: "sent", sent: [{ id: urn, url: pageOf(urn) }] };
}
