import type { AdapterContext, Failure } from "../port.ts";
import { type Session, toFailure } from "./session.ts";

/** What a server says of an account that is not active; a person has to act on the account itself. */
const STATES = new Map([
  ["takendown", "the server has taken the account down"],
  ["suspended", "the server has suspended the account"],
  ["deactivated", "the account is deactivated"],
]);

/** Sees that the session works and is of this account, and renews it where its end is near. */
export async function refresh(
  session: Session,
  context: AdapterContext,
): Promise<{ kind: "fresh" } | Failure> {
  const called = await session.check(context);
  if (called.kind !== "ok") return toFailure(called);
  const { did, active, status } = called.body;
  if (did !== context.account.accountId) {
    return { kind: "auth_dead", reason: "the server signed in to another account" };
  }
  if (active === false) {
    return { kind: "auth_dead", reason: STATES.get(String(status)) ?? "the account is not active" };
  }
  return { kind: "fresh" };
}
