import { type Failure, failureOf } from "./outcome.ts";
import type { LinkedInContext, Session } from "./session.ts";
import { encodeUrn, isPost, readComment } from "./urn.ts";

/** Here `uncertain` may be repeated: to delete twice is to delete. */
export type Removed = { kind: "removed" } | Failure;

/** Deletes a post or comment that this account wrote. */
export async function remove(session: Session, context: LinkedInContext, urn: string): Promise<Removed> {
  const path = pathOf(urn, session.author);
  if (path === null) return { kind: "rejected", reason: "this is no post or comment on LinkedIn" };
  const called = await session.call(context, { method: "DELETE", path });
  if (called.kind !== "ok") return failureOf(called, session.now());
  return called.status === 204
    ? { kind: "removed" }
    : { kind: "uncertain", reason: `LinkedIn answered ${called.status}` };
}

function pathOf(urn: string, author: string): string | null {
  if (isPost(urn)) return `/rest/posts/${encodeUrn(urn)}`;
  const comment = readComment(urn);
  if (comment === null) return null;
  return `/rest/socialActions/${encodeUrn(comment.thread)}/comments/${comment.id}?actor=${encodeUrn(author)}`;
}
