import type { Account, AdapterContext, Outcome, Payload, Reconciled, Sent } from "../port.ts";
import { sameRecord } from "./record.ts";
import { type Session, toFailure } from "./session.ts";

const COLLECTION = "app.bsky.feed.post";

/** A record that exists: what a later part of the thread points to. */
interface Ref {
  uri: string;
  cid: string;
}

/** Where the next part of a thread hangs: the first part, and the one before it. */
interface Thread {
  root: Ref;
  parent: Ref;
}

type Failure = Exclude<Outcome, { kind: "sent" }>;
type Looked = { kind: "there"; cid: string; value: unknown } | { kind: "gone" } | {
  kind: "failed";
  failure: Failure;
};

/**
 * Sends the parts that are not out yet, in order. A part is written under its frozen key, only where nothing is
 * (`swapRecord: null`): again with the same content it changes nothing, so a post cannot be doubled.
 * @returns `sent` names every part of the post, those of `before` first
 */
export async function publish(
  session: Session,
  context: AdapterContext,
  payload: Payload,
  before: Sent[],
): Promise<Outcome> {
  const { keys, records } = payload;
  const sent = [...before];
  let thread: Thread | null = null;
  if (before.length > 0 && before.length < keys.length) {
    const found = await lookUpThread(session, context, keys.slice(0, before.length));
    if ("kind" in found) return found;
    thread = found;
  }
  for (let part = before.length; part < keys.length; part++) {
    const key = keys[part] ?? "";
    const step = await write(session, context, key, withReply(records[part] ?? {}, thread));
    if ("kind" in step) return inThread(step, part, keys.length, sent.length > before.length);
    thread = next(thread, step);
    sent.push({ id: step.uri, url: postUrl(context.account, key) });
  }
  return { kind: "sent", sent };
}

/** Looks whether every part is stored with our content. Never writes. */
export async function reconcile(
  session: Session,
  context: AdapterContext,
  payload: Payload,
): Promise<Reconciled> {
  const sent: Sent[] = [];
  let thread: Thread | null = null;
  for (let part = 0; part < payload.keys.length; part++) {
    const key = payload.keys[part] ?? "";
    const found = await look(session, context, key);
    if (found.kind === "failed") return { kind: "unknown", reason: found.failure.reason };
    // A part that is missing can be sent again: it is keyed, and so are those before it.
    if (found.kind === "gone") return { kind: "absent", safeToRepeat: true };
    if (!sameRecord(found.value, withReply(payload.records[part] ?? {}, thread))) {
      return { kind: "unknown", reason: "another post is stored under this key" };
    }
    const ref: Ref = { uri: postUri(context.account, key), cid: found.cid };
    thread = next(thread, ref);
    sent.push({ id: ref.uri, url: postUrl(context.account, key) });
  }
  return { kind: "found", sent };
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
    input: { repo, collection: COLLECTION, rkey: key, record, swapRecord: null },
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

async function lookUpThread(
  session: Session,
  context: AdapterContext,
  keys: string[],
): Promise<Thread | Failure> {
  const root = await lookUp(session, context, keys.at(0) ?? "");
  if ("kind" in root) return root;
  const parent = keys.length === 1 ? root : await lookUp(session, context, keys.at(-1) ?? "");
  return "kind" in parent ? parent : { root, parent };
}

async function lookUp(session: Session, context: AdapterContext, key: string): Promise<Ref | Failure> {
  const found = await look(session, context, key);
  if (found.kind === "there") return { uri: postUri(context.account, key), cid: found.cid };
  if (found.kind === "gone") {
    return { kind: "rejected", reason: "an earlier part of this thread was deleted" };
  }
  // Nothing was written by this attempt.
  return found.failure.kind === "uncertain"
    ? { kind: "not_sent", reason: found.failure.reason }
    : found.failure;
}

async function look(session: Session, context: AdapterContext, key: string): Promise<Looked> {
  const called = await session.call(context, {
    method: "com.atproto.repo.getRecord",
    params: { repo: context.account.accountId, collection: COLLECTION, rkey: key },
  });
  if (called.kind === "ok") {
    const { cid, value } = called.body;
    if (typeof cid === "string" && cid !== "") return { kind: "there", cid, value };
    return { kind: "failed", failure: { kind: "uncertain", reason: "the server's answer was not readable" } };
  }
  if (called.kind === "refused" && called.error === "RecordNotFound") return { kind: "gone" };
  return { kind: "failed", failure: toFailure(called) };
}

/** Where this attempt has sent a part of the thread already, it may not say that nothing has left. */
function inThread(step: Failure, part: number, parts: number, partOut: boolean): Failure {
  if (parts === 1) return step;
  const reason = `part ${part + 1} of ${parts}: ${step.reason}`;
  return partOut && step.kind === "not_sent" ? { kind: "uncertain", reason } : { ...step, reason };
}

function withReply(record: Record<string, unknown>, thread: Thread | null): Record<string, unknown> {
  return thread === null ? record : { ...record, reply: thread };
}

function next(thread: Thread | null, part: Ref): Thread {
  return { root: thread?.root ?? part, parent: part };
}

function toRef(body: Record<string, unknown>, account: Account, key: string): Ref | Failure {
  const { uri, cid } = body;
  if (uri !== postUri(account, key) || typeof cid !== "string" || cid === "") {
    return { kind: "uncertain", reason: "the server's answer does not name the post" };
  }
  return { uri, cid };
}

function postUri({ accountId }: Account, key: string): string {
  return `at://${accountId}/${COLLECTION}/${key}`;
}

/** Where a person can open a post. A server that is not on the public network has no page for it: its record, then. */
export function postUrl({ accountId, service }: Pick<Account, "accountId" | "service">, key: string): string {
  if (service.startsWith("https://")) return `https://bsky.app/profile/${accountId}/post/${key}`;
  const query = new URLSearchParams({ repo: accountId, collection: COLLECTION, rkey: key });
  return `${service}/xrpc/com.atproto.repo.getRecord?${query}`;
}
