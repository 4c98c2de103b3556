/** What is stored of a post, and how its parts hang together. */
import type { AdapterContext, Failure } from "../port.ts";
import { type Session, toFailure } from "./session.ts";
import { POSTS, postUri } from "./uri.ts";

/** A record that exists: what a reply points to. */
export interface Ref {
  uri: string;
  cid: string;
}

/** Where the next part of a thread hangs: where the conversation began, and the part before it. */
export interface Thread {
  root: Ref;
  parent: Ref;
}

export type Stored =
  | { kind: "there"; cid: string; value: unknown }
  | { kind: "gone" }
  | { kind: "failed"; failure: Failure };

/** What the account has under a key. */
export async function look(session: Session, context: AdapterContext, key: string): Promise<Stored> {
  const called = await session.call(context, {
    method: "com.atproto.repo.getRecord",
    what: "read",
    params: { repo: context.account.accountId, collection: POSTS, rkey: key },
  });
  if (called.kind === "ok") {
    const { cid, value } = called.body;
    if (typeof cid === "string" && cid !== "") return { kind: "there", cid, value };
    return { kind: "failed", failure: { kind: "uncertain", reason: "the server's answer was not readable" } };
  }
  if (called.kind === "refused" && called.error === "RecordNotFound") return { kind: "gone" };
  return { kind: "failed", failure: toFailure(called) };
}

/**
 * Where the part after those of `keys` hangs. A reply hangs under the root of its conversation, which its first record
 * names; another thread under its own first part.
 */
export async function lookUpThread(
  session: Session,
  context: AdapterContext,
  keys: string[],
  first: Record<string, unknown>,
): Promise<Thread | Failure> {
  const parent = await lookUp(session, context, keys.at(-1) ?? "");
  if ("kind" in parent) return parent;
  const begun = rootOf(first) ?? (keys.length === 1 ? parent : null);
  if (begun !== null) return { root: begun, parent };
  const root = await lookUp(session, context, keys.at(0) ?? "");
  return "kind" in root ? root : { root, parent };
}

async function lookUp(session: Session, context: AdapterContext, key: string): Promise<Ref | Failure> {
  const found = await look(session, context, key);
  switch (found.kind) {
    case "there":
      return { uri: postUri(context.account, key), cid: found.cid };
    case "gone":
      return { kind: "rejected", reason: "an earlier part of this thread was deleted" };
    case "failed":
      // Only a read: nothing was written.
      return found.failure.kind === "uncertain"
        ? { kind: "not_sent", reason: found.failure.reason }
        : found.failure;
  }
}

/** The record of a part as it is stored: the first as it is, a later one below those before it. */
export function inThread(record: Record<string, unknown>, thread: Thread | null): Record<string, unknown> {
  return thread === null ? record : { ...record, reply: thread };
}

/** Where the part after `part`, whose frozen record is `record`, hangs. */
export function after(thread: Thread | null, record: Record<string, unknown>, part: Ref): Thread {
  return { root: thread?.root ?? rootOf(record) ?? part, parent: part };
}

function rootOf({ reply }: Record<string, unknown>): Ref | null {
  return typeof reply === "object" && reply !== null && "root" in reply ? reply.root as Ref : null;
}
