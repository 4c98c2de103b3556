import type { AdapterContext, Failure } from "../port.ts";
import { failureOf } from "./outcome.ts";
import { isForbidden, type Session } from "./session.ts";

/** A leave that ends within this is renewed, where it can be. */
const NEAR_MS = 7 * 86_400_000;

/** Sees that LinkedIn accepts the token, with one call, and renews it where its end is near. */
export async function refresh(
  session: Session,
  context: AdapterContext,
): Promise<{ kind: "fresh" } | Failure> {
  const called = await session.call(context, { what: "other", method: "GET", path: "/v2/userinfo" });
  // Without the scope for it LinkedIn refuses to say who this is, but only to a token that is good.
  if (called.kind !== "ok" && !isForbidden(called)) return failureOf(called, session.now());
  if (called.kind === "ok" && typeof called.body?.sub !== "string") {
    return { kind: "uncertain", reason: "LinkedIn's answer was not readable" };
  }
  const renewed = await session.renewWithin(context, NEAR_MS);
  switch (renewed?.kind) {
    case undefined:
    case "renewed":
      return { kind: "fresh" };
    case "unreachable":
      return { kind: "not_sent", reason: renewed.reason };
    case "dead": {
      // The token of today still works: nothing has to wait yet.
      const end = new Date(session.accessUntil).toISOString().slice(0, 10);
      return { kind: "rejected", reason: `${renewed.reason}; link the account again before ${end}` };
    }
  }
}
