import type { AdapterContext, Failure, Outcome, Payload, Sent, Spent } from "../port.ts";
import { isId, sentPost } from "./ids.ts";
import { DUPLICATE, IDS_REFUSED } from "./outcome.ts";
import { forget, MEDIA_SCOPE, picturesOf, upload } from "./pictures.ts";
import { priceOfPart } from "./prices.ts";
import { asObject } from "./request.ts";
import { likeness } from "./same_text.ts";
import type { Session } from "./session.ts";
import { ownPosts } from "./timeline.ts";

/** What a connection needs to be allowed, where it says what it is (OAuth 2.0). */
export const WRITE_SCOPES = ["tweet.read", "tweet.write", "users.read"];

/**
 * Sends the parts that are not out yet, in order, each once: X knows no key by which a second one would be told from
 * the first. After `uncertain` it must be looked for (`reconcile`) before anything is sent again. A payload that was cut
 * after a part is sent up to that part.
 * @returns `sent` names every part of the payload, those of `before` first; a failure speaks of the part that failed
 */
export async function publish(
  session: Session,
  context: AdapterContext,
  payload: Payload,
  before: Sent[],
): Promise<Outcome> {
  const parts = [...before];
  const missing = missingScope(session, payload.records.slice(before.length));
  if (missing !== undefined) {
    const reason = `this connection may not do that: link the account again, and agree to ${missing}`;
    return { kind: "auth_dead", reason, parts };
  }
  for (let part = before.length; part < payload.records.length; part++) {
    const record = payload.records[part] ?? {};
    const step = await send(session, context, record, parts.at(-1));
    if (!("kind" in step)) {
      parts.push(step);
      continue;
    }
    const failure = payload.records.length === 1
      ? step
      : { ...step, reason: `part ${part + 1}: ${step.reason}` };
    if (step.kind !== "uncertain" || step.reason !== DUPLICATE) return { ...failure, parts };
    const evidence = await equalPosts(session, context, payload.keys[part] ?? "0", record, parts);
    return { ...failure, parts, ...(evidence.length === 0 ? {} : { evidence }) };
  }
  return { kind: "sent", sent: parts };
}

/** What a part costs once it is out. */
export function spentOn(record: Record<string, unknown>): Spent {
  const isReply = record.reply !== undefined;
  return { what: isReply ? "reply" : "post", count: 1, microUsd: priceOfPart(String(record.text), isReply) };
}

function missingScope(session: Session, records: Record<string, unknown>[]): string | undefined {
  const { scopes } = session;
  if (scopes === null) return undefined;
  const media = records.some((record) => record.media !== undefined) ? [MEDIA_SCOPE] : [];
  return [...WRITE_SCOPES, ...media].find((scope) => !scopes.includes(scope));
}

async function send(
  session: Session,
  context: AdapterContext,
  record: Record<string, unknown>,
  before: Sent | undefined,
): Promise<Sent | Failure> {
  const pictures = picturesOf(record);
  if (pictures === null) return { kind: "rejected", reason: "what is kept of its pictures is not readable" };
  const uploaded = await upload(session, context, pictures);
  if (uploaded.kind !== "uploaded") return uploaded;
  const against = pictures.length === 0 ? null : await context.leave();
  if (against !== null) return { kind: "not_sent", reason: against };
  const json = bodyOf(record, before, uploaded.ids);
  const called = await session.call(context, { asks: "post", method: "POST", path: "/2/tweets", json });
  if (called.kind === "rejected" && uploaded.reused && called.reason.toLowerCase().includes(IDS_REFUSED)) {
    forget(session, pictures);
    return { kind: "not_sent", reason: "X does not have the pictures any more: they are uploaded again" };
  }
  if (called.kind !== "ok") return called;
  const id = asObject(called.body.data)?.id;
  if (!isId(id)) return { kind: "uncertain", reason: "X's answer does not name the post" };
  context.noted({ spent: [spentOn(record)] });
  return sentPost(context.account.handle, id);
}

/** As X wants it. A part of a thread answers the one before it. */
function bodyOf(
  record: Record<string, unknown>,
  before: Sent | undefined,
  mediaIds: string[],
): Record<string, unknown> {
  const { media: _, ...words } = record;
  return {
    ...words,
    ...(before === undefined ? {} : { reply: { in_reply_to_tweet_id: before.id } }),
    ...(mediaIds.length === 0 ? {} : { media: { media_ids: mediaIds } }),
  };
}

/** X does not say which post has the text already: those since the intent that are to be seen at once, for a person. */
async function equalPosts(
  session: Session,
  context: AdapterContext,
  since: string,
  record: Record<string, unknown>,
  parts: Sent[],
): Promise<Sent[]> {
  const own = await ownPosts(session, context, { since, maxPages: 1 });
  if (!Array.isArray(own)) return [];
  return own.filter((post) => likeness(String(record.text), post) === "same")
    .filter(({ id }) => !parts.some((part) => part.id === id))
    .map(({ id }) => sentPost(context.account.handle, id));
}
