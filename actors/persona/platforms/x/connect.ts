/** Whose credentials these are, and what may be done with them. Runs in main, once for a link. */
import type { AdapterContext, Failure, Spent } from "../port.ts";
import { isHandle, isId } from "./ids.ts";
import { SCOPES } from "./oauth2.ts";
import { asObject } from "./request.ts";
import { writeSecret, type XSecret } from "./secret.ts";
import { Session, type XOptions } from "./session.ts";

/** Origin of X's API. */
export const X_SERVICE = "https://api.x.com";

export interface May {
  read: boolean;
  /** Null where only an attempt would tell: keys of OAuth 1.0a do not say. */
  post: boolean | null;
  media: boolean | null;
  /** Without it a person must link again when access ends. */
  renew: boolean;
}

export type Connected =
  | {
    kind: "connected";
    accountId: string;
    /** Without the `@`. */
    handle: string;
    service: string;
    secret: string;
    may: May;
    /** Scopes that a persona needs and nobody agreed to. */
    missing: string[];
    /** When access ends unless it is renewed, ms since the epoch; null for keys, which do not expire. */
    expiresAt: number | null;
    /** What X takes for this. */
    spent: Spent[];
  }
  | Failure;

/** Asks X once who this is (and may renew access first, so the secret is the one to keep). */
export async function connectX(
  secret: XSecret,
  options: XOptions & { service?: string; signal?: AbortSignal } = {},
): Promise<Connected> {
  const service = options.service ?? X_SERVICE;
  let kept = writeSecret(secret);
  const spent: Spent[] = [];
  const context: AdapterContext = {
    account: { connectionId: "", platform: "x", accountId: "", handle: "", service },
    secret: kept,
    keepSecret: (value: string) => {
      kept = value;
      return Promise.resolve();
    },
    signal: options.signal ?? new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: () => Promise.reject(new Error("a connection that is not made yet has no pictures")),
    noted: (noted) => void spent.push(...noted.spent ?? []),
  };
  const session = new Session(context, options);
  const called = await session.call(context, { asks: "account", method: "GET", path: "/2/users/me" });
  if (called.kind !== "ok") return called;
  const { id, username } = asObject(called.body.data) ?? {};
  if (!isId(id) || !isHandle(username)) {
    return { kind: "uncertain", reason: "X's answer does not say whose account this is" };
  }
  const { scopes, expiresAt } = session;
  const missing = scopes === null ? [] : SCOPES.filter((scope) => !scopes.includes(scope));
  return {
    kind: "connected",
    accountId: id,
    handle: username,
    service,
    secret: kept,
    may: scopes === null ? { read: true, post: null, media: null, renew: true } : mayWith(scopes),
    missing,
    expiresAt,
    spent,
  };
}

function mayWith(scopes: string[]): May {
  const all = (...needed: string[]) => needed.every((scope) => scopes.includes(scope));
  return {
    read: all("tweet.read", "users.read"),
    post: all("tweet.read", "tweet.write", "users.read"),
    media: all("media.write"),
    renew: all("offline.access"),
  };
}
