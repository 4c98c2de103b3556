import type { Payload, Sent } from "../port.ts";
import type { Session } from "./session.ts";
import { asObject } from "./request.ts";
import { type Failure, isId, postUrl, type XContext, type XOutcome } from "./x_port.ts";

/** What a connection needs to be allowed, where it says what it is (OAuth 2.0). */
export const WRITE_SCOPES = ["tweet.read", "tweet.write", "users.read"];

/**
 * Sends the parts that are not out yet, in order, each once: X knows no key by which a second one would be told from
 * the first. After `uncertain` it must be looked for (`reconcile`) before anything is sent again.
 * @returns `sent` names every part of the post, those of `before` first
 */
export async function publish(
  session: Session,
  context: XContext,
  payload: Payload,
  before: Sent[],
): Promise<XOutcome> {
  const missing = WRITE_SCOPES.find((scope) => session.scopes !== null && !session.scopes.includes(scope));
  if (missing !== undefined) {
    const reason = `this connection may not post: link the account again, and agree to ${missing}`;
    return { kind: "auth_dead", reason, parts: before };
  }
  const parts = [...before];
  for (let part = before.length; part < payload.records.length; part++) {
    const step = await send(session, context, withReply(payload.records[part] ?? {}, parts.at(-1)));
    if ("kind" in step) return { ...inThread(step, part, payload.records.length), parts };
    parts.push(step);
  }
  return { kind: "sent", sent: parts };
}

/** A part of a thread answers the one before it. */
export function withReply(
  record: Record<string, unknown>,
  before: Sent | undefined,
): Record<string, unknown> {
  return before === undefined ? record : { ...record, reply: { in_reply_to_tweet_id: before.id } };
}

async function send(
  session: Session,
  context: XContext,
  record: Record<string, unknown>,
): Promise<Sent | Failure> {
  const called = await session.call(context, { method: "POST", path: "/2/tweets", json: record });
  if (called.kind !== "ok") return called;
  const id = asObject(called.body.data)?.id;
  if (!isId(id)) return { kind: "uncertain", reason: "X's answer does not name the post" };
  return { id, url: postUrl(context.account.handle, id) };
}

function inThread(failure: Failure, part: number, parts: number): Failure {
  return parts === 1 ? failure : { ...failure, reason: `part ${part + 1} of ${parts}: ${failure.reason}` };
}
