import type { AdapterContext, Failure } from "../port.ts";
import { asObject } from "./request.ts";
import type { Session } from "./session.ts";

/** Access that ends so soon is renewed when somebody looks after it. */
export const RENEW_WITHIN_MS = 10 * 60_000;

/** Asks X whose credentials these are, after renewing them where their end is near. */
export async function refresh(
  session: Session,
  context: AdapterContext,
): Promise<{ kind: "fresh" } | Failure> {
  const failure = await session.renewWithin(context, RENEW_WITHIN_MS);
  if (failure !== null) return failure;
  const called = await session.call(context, { asks: "account", method: "GET", path: "/2/users/me" });
  if (called.kind !== "ok") return called;
  const id = asObject(called.body.data)?.id;
  if (id === undefined) return { kind: "uncertain", reason: "X's answer does not say whose account this is" };
  return id === context.account.accountId
    ? { kind: "fresh" }
    : { kind: "auth_dead", reason: "these credentials are of another account" };
}
