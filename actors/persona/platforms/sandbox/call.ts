/** One request to the sandbox, and what its answer means. */
import { fetchOnce, neverLeft } from "../../fetch_once.ts";
import { parseObject, readBody } from "../answer_body.ts";
import { type AdapterContext, type Failure, type LimitWindow, PlatformFailed, type Spent } from "../port.ts";

/** Hard limit of one request, its answer included. */
export const REQUEST_DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 2_000_000;
/** ms that a limit holds where the sandbox does not say until when. */
const LIMIT_MS = 60_000;

/** A call's context, and what the adapter was made with. */
export interface SandboxContext extends AdapterContext {
  /** ms since the epoch. */
  now(): number;
  /** For each request, its answer included. */
  deadlineMs: number;
}

export interface Asked {
  method: "GET" | "PUT" | "DELETE";
  path: string;
  what: Spent["what"];
  json?: unknown;
  bytes?: Uint8Array;
}

/** `absent`: 404. `gone`: 410. What of the other failures is one is in `failure`. */
export type Called =
  | { kind: "ok"; body: Record<string, unknown> }
  | { kind: "absent" }
  | { kind: "gone" }
  | { kind: "failed"; failure: Failure };

/** Does not throw. */
export async function call(at: SandboxContext, asked: Asked): Promise<Called> {
  const called = await request(at, asked);
  // What was called off by ourselves says nothing of the sandbox.
  if (!at.signal.aborted) {
    at.noted({
      call: called.kind === "failed" && called.failure.kind !== "rejected"
        ? { ok: false, error: called.failure.reason }
        : { ok: true },
    });
  }
  return called;
}

/** As `call`, for what is no attempt to publish. Throws `PlatformFailed`. */
export async function ask(at: SandboxContext, asked: Asked): Promise<Record<string, unknown>> {
  const called = await call(at, asked);
  if (called.kind === "ok") return called.body;
  throw new PlatformFailed(failureOf(called));
}

/** What is not there, for a caller to whom that is a failure. */
export function failureOf(called: Exclude<Called, { kind: "ok" }>): Failure {
  if (called.kind === "failed") return called.failure;
  const reason = called.kind === "gone" ? "it was deleted on the sandbox" : "it is not there on the sandbox";
  return { kind: "rejected", reason };
}

/** The sandbox's answer was not what it answers: nobody knows what it means. */
export function unreadable(): Failure {
  return { kind: "uncertain", reason: "the sandbox's answer was not readable" };
}

async function request(at: SandboxContext, { method, path, what, json, bytes }: Asked): Promise<Called> {
  let response: Response;
  let text: string;
  try {
    response = await fetchOnce(`${at.account.service}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${at.secret}`,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      body: bytes === undefined ? json === undefined ? undefined : JSON.stringify(json) : bytes.slice(),
      signal: AbortSignal.any([at.signal, AbortSignal.timeout(at.deadlineMs)]),
    });
    note(at, response, what);
    text = await readBody(response, MAX_ANSWER_BYTES);
  } catch (error) {
    return { kind: "failed", failure: failed(error) };
  }
  const body = text === "" ? {} : parseObject(text);
  if (response.ok) return body === null ? { kind: "failed", failure: unreadable() } : { kind: "ok", body };
  return refused(response, typeof body?.error === "string" ? body.error : "", at.now());
}

function refused({ status, headers }: Response, error: string, now: number): Called {
  switch (status) {
    case 401:
      return {
        kind: "failed",
        failure: { kind: "auth_dead", reason: "the sandbox does not know this account" },
      };
    case 404:
      return { kind: "absent" };
    case 410:
      return { kind: "gone" };
    case 429: {
      const until = windowOf(headers)?.resetAt ?? now + LIMIT_MS;
      return {
        kind: "failed",
        failure: { kind: "rate_limited", until, reason: "the sandbox allows no more requests for now" },
      };
    }
    default:
      return {
        kind: "failed",
        failure: status >= 400 && status < 500
          ? { kind: "rejected", reason: error === "" ? `the sandbox refused it (${status})` : error }
          : { kind: "uncertain", reason: `the sandbox answered ${status}` },
      };
  }
}

/** What never left may be sent again; anything else may have arrived. */
function failed(error: unknown): Failure {
  if (neverLeft(error)) return { kind: "not_sent", reason: "the sandbox cannot be reached" };
  return { kind: "uncertain", reason: error instanceof Error ? error.message : String(error) };
}

function note(at: AdapterContext, { headers, ok }: Response, what: Spent["what"]): void {
  const window = windowOf(headers);
  at.noted({
    ...(window === null ? {} : { windows: [window] }),
    ...(ok ? { spent: [{ what, count: 1, microUsd: 0 }] } : {}),
  });
}

function windowOf(headers: Headers): LimitWindow | null {
  const number = (name: string) => {
    const text = headers.get(name);
    return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
  };
  const limit = number("ratelimit-limit");
  const remaining = number("ratelimit-remaining");
  const reset = number("ratelimit-reset");
  if (limit === null || remaining === null || reset === null) return null;
  return { name: "requests in a minute", holds: "any", limit, remaining, resetAt: reset * 1_000 };
}
