/** Who asks, and whether they may: credentials, standing of the account, scopes. */
import { formPairs, verifySigned } from "./oauth1.ts";
import type { Operation } from "./operations.ts";
import { type Answer, forbidden, LOCKED, problem, PROBLEMS, SUSPENDED, unauthorized } from "./problems.ts";
import type { Account, World } from "./world.ts";

export interface Asking {
  method: string;
  /** Path and query, as sent. */
  path: string;
  authorization: string;
  /** The body, where it is a form that OAuth 1.0a signs; else empty. */
  form: string;
}

export type AuthKind = "oauth1" | "oauth2" | "basic" | "none";

export function authKind(authorization: string): AuthKind {
  if (authorization.startsWith("OAuth ")) return "oauth1";
  if (authorization.startsWith("Bearer ")) return "oauth2";
  return authorization.startsWith("Basic ") ? "basic" : "none";
}

interface Known {
  account: Account;
  /** Null where the credentials carry no scopes (OAuth 1.0a). */
  scopes: string[] | null;
  mayWrite: boolean;
}

/** The account that the credentials are of, or the refusal. */
export function authenticate(world: World, asking: Asking): Known | Answer {
  switch (authKind(asking.authorization)) {
    case "oauth2": {
      const grant = world.grants.get(asking.authorization.slice("Bearer ".length));
      if (grant === undefined) return unauthorized("the access token is unknown or dead");
      if (grant.accessExpiresAt <= world.now()) return unauthorized("the access token has expired");
      return known(world, grant.accountId, grant.scopes, true);
    }
    case "oauth1": {
      const { method, path, form } = asking;
      const keys = verifySigned(world, { method, path, form: formPairs(form) }, asking.authorization);
      if (typeof keys === "string") return unauthorized(keys);
      return known(world, keys.accountId, null, keys.mayWrite);
    }
    default:
      return unauthorized("no credentials");
  }
}

function known(world: World, accountId: string, scopes: string[] | null, mayWrite: boolean): Known | Answer {
  const account = world.accounts.get(accountId);
  return account === undefined ? unauthorized("the account is gone") : { account, scopes, mayWrite };
}

/** Why this account, with these credentials, may not do this; null where it may. */
export function refusal(operation: Operation, who: Known): Answer | null {
  if (who.account.standing === "suspended") return forbidden(SUSPENDED);
  if (who.account.standing === "locked") return forbidden(LOCKED);
  const missing = operation.scopes.find((scope) => who.scopes !== null && !who.scopes.includes(scope));
  if (missing !== undefined) return forbidden("Forbidden", `the scope ${missing} is missing`);
  if (operation.method === "GET" || who.mayWrite) return null;
  return problem(
    403,
    "Forbidden",
    "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
    `${PROBLEMS}oauth1-permissions`,
  );
}
