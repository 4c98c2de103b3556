import type { Account, AdapterContext, Failure, Outcome, Payload, Sent } from "../port.ts";
import { uploadPictures } from "./pictures.ts";
import { sameRecord } from "./record.ts";
import { type Session, toFailure } from "./session.ts";
import { after, inThread, look, lookUpThread, type Ref, type Thread } from "./stored.ts";
import { POSTS, postUri, postUrl } from "./uri.ts";

/**
 * Sends the parts that are not out yet, in order, each after its pictures. A part is written under its frozen key, only
 * where nothing is (`swapRecord: null`): again with the same content it changes nothing, so a post cannot be doubled.
 * Only after a deletion would a repetition bring the post back.
 * @returns `sent` names every part of the post, those of `before` first; so do the `parts` of a thread's failure
 */
export async function publish(
  session: Session,
  context: AdapterContext,
  payload: Payload,
  before: Sent[],
): Promise<Outcome> {
  const { keys, records } = payload;
  const sent = [...before];
  const failed = (failure: Failure): Outcome => keys.length === 1 ? failure : { ...failure, parts: sent };
  let thread: Thread | null = null;
  if (before.length > 0 && before.length < keys.length) {
    const found = await lookUpThread(session, context, keys.slice(0, before.length), records[0] ?? {});
    if ("kind" in found) return failed(found);
    thread = found;
  }
  for (let part = before.length; part < keys.length; part++) {
    const [key = "", record = {}] = [keys[part], records[part]];
    const written = await uploadPictures(session, context, record) ?? await leaveFor(context, record) ??
      await write(session, context, key, inThread(record, thread));
    if ("kind" in written) {
      return failed(
        keys.length === 1 ? written : { ...written, reason: `part ${part + 1}: ${written.reason}` },
      );
    }
    thread = after(thread, record, written);
    sent.push({ id: written.uri, url: postUrl(context.account, key) });
  }
  return { kind: "sent", sent };
}

/** Where it shows pictures, leave is asked for once more: they took a while. */
async function leaveFor(context: AdapterContext, record: Record<string, unknown>): Promise<Failure | null> {
  const reason = "embed" in record ? await context.leave() : null;
  return reason === null ? null : { kind: "not_sent", reason };
}

async function write(
  session: Session,
  context: AdapterContext,
  key: string,
  record: Record<string, unknown>,
): Promise<Ref | Failure> {
  const repo = context.account.accountId;
  const called = await session.call(context, {
    method: "com.atproto.repo.putRecord",
    what: "reply" in record ? "reply" : "post",
    input: { repo, collection: POSTS, rkey: key, record, swapRecord: null },
  });
  if (called.kind === "ok") return toRef(called.body, context.account, key);
  if (called.kind === "refused" && called.error === "InvalidSwap") {
    return await whatIsThere(session, context, key, record);
  }
  return toFailure(called);
}

/** Something is stored under our key already: an earlier attempt of ours, or not. */
async function whatIsThere(
  session: Session,
  context: AdapterContext,
  key: string,
  record: Record<string, unknown>,
): Promise<Ref | Failure> {
  const found = await look(session, context, key);
  if (found.kind === "failed") return { kind: "uncertain", reason: found.failure.reason };
  if (found.kind === "gone") return { kind: "uncertain", reason: "a post under this key came and went" };
  if (sameRecord(found.value, record)) return { uri: postUri(context.account, key), cid: found.cid };
  return { kind: "rejected", reason: "another post is stored under this key" };
}

function toRef(body: Record<string, unknown>, account: Account, key: string): Ref | Failure {
  const { uri, cid } = body;
  if (uri !== postUri(account, key) || typeof cid !== "string" || cid === "") {
    return { kind: "uncertain", reason: "the server's answer does not name the post" };
  }
  return { uri, cid };
}
