import type { AdapterContext, Removed } from "../port.ts";
import { postIdOf } from "./ids.ts";
import { lookUp } from "./lookup.ts";
import { NOT_THERE } from "./outcome.ts";
import { PRICES } from "./price_list.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";

/**
 * Deletes a post. Again is harmless, so that every failure but `rejected` may be repeated: what is gone already counts
 * as removed.
 */
export async function remove(session: Session, context: AdapterContext, named: string): Promise<Removed> {
  const id = postIdOf(named);
  if (id === null) return { kind: "rejected", reason: "this is no id of a post on X" };
  const called = await session.call(context, {
    asks: "deletion",
    method: "DELETE",
    path: `/2/tweets/${id}`,
  });
  if (called.kind === "ok") {
    if (asObject(called.body.data)?.deleted !== true) {
      return { kind: "uncertain", reason: "X's answer does not say that the post is deleted" };
    }
    context.noted({ spent: [{ what: "delete", count: 1, microUsd: PRICES.microUsd.deletion }] });
    return { kind: "removed" };
  }
  // What X refuses to delete may be missing in its reads all the same, since they lag.
  const isMissing = called.kind === "rejected" && called.reason.startsWith(NOT_THERE);
  return isMissing && await isGone(session, context, id) ? { kind: "removed" } : called;
}

/** A path that is not there is answered with 404 as well: so it is asked. */
async function isGone(session: Session, context: AdapterContext, id: string): Promise<boolean> {
  const looked = await lookUp(session, context, [id]);
  return looked.kind === "known" && looked.posts.get(id)?.kind === "gone";
}
