/** What was asked and answered, kept for tests and for people: without any secret. */
import { type AuthKind, authKind } from "./access.ts";
import { formPairs } from "./oauth1.ts";
import { isRecord } from "./post_body.ts";
import type { Request } from "./request.ts";

/** The oldest are forgotten. */
const MAX_KEPT = 10_000;

export interface Seen {
  /** From 1; with gaps nowhere, so that the last one says how many there were. */
  number: number;
  /** ms since the epoch. */
  at: number;
  /** Null where X has nothing at that path. */
  operation: string | null;
  method: string;
  path: string;
  query: Record<string, string>;
  /** JSON as sent; of forms the fields, bytes as their number, secrets left out. */
  body: unknown;
  auth: AuthKind;
  /** Whose credentials they were, where they were right. */
  username: string | null;
  /** What was answered, or would have been if no fault had struck; null where nothing was done. */
  status: number | null;
  /** Why it was refused. */
  note: string | null;
  fault: string | null;
  costMicroUsd: number;
}

export interface Requests {
  add(seen: Omit<Seen, "number">): Seen;
  all(): Seen[];
}

export function createRequests(): Requests {
  const kept: Seen[] = [];
  let count = 0;
  return {
    add(seen) {
      const numbered = { number: ++count, ...seen };
      kept.push(numbered);
      if (kept.length > MAX_KEPT) kept.shift();
      return numbered;
    },
    all: () => [...kept],
  };
}

/** The part of a record that says what was asked. */
export function askedOf(request: Request): Pick<Seen, "method" | "path" | "query" | "body" | "auth"> {
  const { pathname, searchParams } = request.url;
  const fields = request.form === "" ? request.body : Object.fromEntries(formPairs(request.form));
  const isOAuth = pathname.startsWith("/2/oauth2/");
  return {
    method: request.method,
    path: pathname,
    query: Object.fromEntries([...searchParams].map(([name, value]) => [name, shown(name, value, isOAuth)])),
    body: isRecord(fields)
      ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shown(name, value, isOAuth)]))
      : fields,
    auth: authKind(request.authorization),
  };
}

const LEFT_OUT = "(left out)";
const SECRET = /secret|verifier|password|^oauth_|^code$|^(access_|refresh_)?token$/;
/** Of what goes to `/2/oauth2/`, nothing else is shown. */
const PUBLIC = new Set(["grant_type", "redirect_uri", "token_type_hint", "client_id"]);

function shown<T>(name: string, value: T, isOAuth: boolean): T | string {
  if (SECRET.test(name) || (isOAuth && !PUBLIC.has(name))) return LEFT_OUT;
  return value instanceof Uint8Array ? `${value.length} bytes` : value;
}
