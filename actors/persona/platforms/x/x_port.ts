/** The port's shapes as X needs them: each is the port's own, with what X has to say besides. */
import type { Account, AdapterContext, Outcome, Reconciled, Sent } from "../port.ts";

/** What the adapter needs to know of an account: `accountId` is X's numeric id, `handle` is without the `@`. */
export type XAccount = Pick<Account, "connectionId" | "accountId" | "handle" | "service">;

export type XContext = Omit<AdapterContext, "account"> & { account: XAccount };

/** Why something did not come to pass. */
export type Failure = Exclude<Outcome, { kind: "sent" }>;

/**
 * What an attempt came to. A failure speaks of the part that failed; `parts` are those of the post that are out all
 * the same, those of `before` included: the next attempt goes on after them.
 */
export type XOutcome = Extract<Outcome, { kind: "sent" }> | Failure & { parts: Sent[] };

/** As the port's; where something is absent, `parts` are those at the beginning that are there. */
export type XReconciled =
  | Extract<Reconciled, { kind: "found" | "unknown" }>
  | Extract<Reconciled, { kind: "absent" }> & { parts: Sent[] };

/** Where a person can open a post; the name in it does not matter to X. */
export function postUrl(handle: string, id: string): string {
  return `https://x.com/${/^\w{1,15}$/.test(handle) ? handle : "i"}/status/${id}`;
}

/** X's ids, as its documents define them. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9]{1,19}$/.test(value);
}
