import type { AdapterContext, Removed } from "../port.ts";
import { failureOf } from "./outcome.ts";
import type { Session } from "./session.ts";
import { encodeUrn, isPost, readComment } from "./urn.ts";

/** Deletes a post or comment that this account wrote. What is not there (any more) counts as removed. */
export async function remove(session: Session, context: AdapterContext, urn: string): Promise<Removed> {
  const path = pathOf(urn, session.author);
  if (path === null) return { kind: "rejected", reason: "this is no post or comment on LinkedIn" };
  const called = await session.call(context, { what: "delete", method: "DELETE", path });
  if (called.kind === "ok") {
    return called.status === 204
      ? { kind: "removed" }
      : { kind: "uncertain", reason: `LinkedIn answered ${called.status}` };
  }
  const gone = called.kind === "refused" && called.refusal.status === 404;
  return gone ? { kind: "removed" } : failureOf(called, session.now());
}

function pathOf(urn: string, author: string): string | null {
  if (isPost(urn)) return `/rest/posts/${encodeUrn(urn)}`;
  const comment = readComment(urn);
  if (comment === null) return null;
  return `/rest/socialActions/${encodeUrn(comment.thread)}/comments/${comment.id}?actor=${encodeUrn(author)}`;
}
