import { type AdapterContext, type Found, PlatformFailed } from "../port.ts";
import { CallFailed, type Session, toFailure } from "./session.ts";
import type { Ref } from "./stored.ts";
import { DID, readPostUri } from "./uri.ts";

/** A CID as text: https://atproto.com/specs/data-model#link-and-cid-formats */
const CID = /^[A-Za-z0-9+/=_-]{8,256}$/;

/**
 * What a reply to a post has to name: its version, and where its conversation began. The account's own server is asked,
 * which asks the AppView. Throws `PlatformFailed`: `rejected` where the author does not take a reply of this account.
 */
export async function findTarget(
  session: Session,
  context: AdapterContext,
  id: string,
): Promise<Found | null> {
  const named = readPostUri(id);
  if (named === null) return null;
  const called = await session.call(context, {
    method: "app.bsky.feed.getPostThread",
    what: "read",
    params: { uri: id, depth: "0", parentHeight: "0" },
  });
  if (called.kind === "refused" && called.error === "NotFound") {
    await checkBlocks(session, context, named.accountId);
    return null;
  }
  if (called.kind !== "ok") throw new CallFailed(toFailure(called));
  const thread = object(called.body.thread);
  if (thread.blocked === true) throw refused(blockReason(object(object(thread.author).viewer)));
  if (thread.notFound === true) return null;
  const post = object(thread.post);
  checkViewer(object(object(post.author).viewer));
  if (object(post.viewer).replyDisabled === true) {
    throw refused("the author does not take replies of this account there");
  }
  const own = readRef(post);
  const { reply } = object(post.record);
  const root = reply === undefined ? own : readRef(object(reply).root);
  if (own === null || root === null || own.uri !== id) {
    throw new CallFailed({ kind: "uncertain", reason: "the server's answer was not readable" });
  }
  return { id, cid: own.cid, root: { id: root.uri, cid: root.cid } };
}

/** To one who is blocked, the AppView says of a post that it is not there. */
async function checkBlocks(session: Session, context: AdapterContext, author: string): Promise<void> {
  const called = await session.call(context, {
    method: "app.bsky.actor.getProfile",
    what: "read",
    params: { actor: author },
  });
  if (called.kind === "ok") return checkViewer(object(called.body.viewer));
  // An account that is gone is refused.
  if (called.kind !== "refused") throw new CallFailed(toFailure(called));
}

function checkViewer(viewer: Record<string, unknown>): void {
  const { blockedBy, blocking, blockingByList } = viewer;
  if (blockedBy === true || typeof blocking === "string" || blockingByList !== undefined) {
    throw refused(blockReason(viewer));
  }
}

function blockReason({ blockedBy }: Record<string, unknown>): string {
  return blockedBy === true
    ? "the author has blocked this account"
    : "this account and the author do not see each other's posts: one has blocked the other";
}

function refused(reason: string): PlatformFailed {
  return new PlatformFailed({ kind: "rejected", reason });
}

function readRef(value: unknown): Ref | null {
  const { uri, cid } = object(value);
  if (typeof uri !== "string" || typeof cid !== "string" || !CID.test(cid)) return null;
  return uri.length <= 8192 && uri.startsWith("at://") && DID.test(uri.slice(5).split("/")[0] ?? "")
    ? { uri, cid }
    : null;
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
