import { type AdapterContext, type Found, PlatformFailed } from "../port.ts";
import { mayDo } from "./describe.ts";
import { failureOf } from "./outcome.ts";
import { readsAll } from "./roles.ts";
import { isForbidden, type Session, unreadable } from "./session.ts";
import { encodeUrn, isThread, readComment } from "./urn.ts";

/**
 * The post or comment that is answered, by its URN; null where it is not there. A page sees what is under its own
 * posts; whatever this account may not look at is taken as given. Throws `PlatformFailed` where LinkedIn could not be asked.
 */
export async function findTarget(
  session: Session,
  context: AdapterContext,
  urn: string,
): Promise<Found | null> {
  if (!isThread(urn) && readComment(urn) === null) return null;
  if (!mayDo(session.author, session.scopes).readBack) return { id: urn };
  const path = `/rest/socialActions/${encodeUrn(urn)}`;
  const called = await session.call(context, { what: "read", method: "GET", path });
  if (called.kind === "ok" && called.body === null) throw unreadable();
  if (called.kind === "ok" || isForbidden(called)) return { id: urn };
  if (called.kind === "refused" && called.refusal.status === 404) {
    // Roles that see nothing are told so too.
    return await readsAll(session, context) ? null : { id: urn };
  }
  throw new PlatformFailed(failureOf(called, session.now()));
}
