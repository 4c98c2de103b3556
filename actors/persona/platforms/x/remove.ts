import { asObject } from "./request.ts";
import type { Session } from "./session.ts";
import { type Failure, isId, type XContext } from "./x_port.ts";

export type Removed = { kind: "removed" } | Failure;

/**
 * Deletes a post. Again is harmless, so that every failure but `rejected` may be repeated: what is gone already counts
 * as removed.
 */
export async function remove(session: Session, context: XContext, id: string): Promise<Removed> {
  if (!isId(id)) return { kind: "rejected", reason: "this is no id of a post on X" };
  const called = await session.call(context, { method: "DELETE", path: `/2/tweets/${id}` });
  if (called.kind === "ok") {
    return asObject(called.body.data)?.deleted === true
      ? { kind: "removed" }
      : { kind: "uncertain", reason: "X's answer does not say that the post is deleted" };
  }
  return called.kind === "rejected" && await isGone(session, context, id) ? { kind: "removed" } : called;
}

/** X answers 404 for a post that is not there, and words it in more than one way: so it is asked. */
async function isGone(session: Session, context: XContext, id: string): Promise<boolean> {
  const called = await session.call(context, { method: "GET", path: "/2/tweets", query: { ids: id } });
  if (called.kind !== "ok" || called.body.data !== undefined) return false;
  const errors = Array.isArray(called.body.errors) ? called.body.errors.map(asObject) : [];
  return errors.some((error) => error?.resource_id === id && error.title === "Not Found Error");
}
