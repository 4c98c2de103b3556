/** What a server's headers say of its limits: https://docs.bsky.app/docs/advanced-guides/rate-limits */
import type { LimitWindow, Spent } from "../port.ts";

/** The limit that all requests from one address share is the only one as short as this. */
const SHARED_SECONDS = 300;
const DEFAULT_WAIT_MS = 60_000;
const MAX_WAIT_MS = 24 * 3600_000;
/** A count beyond it is none. */
const MOST = 1e9;

/** `ratelimit-reset` is in seconds since the epoch; `retry-after`, on newer servers, in seconds from now. */
export function limitedUntil(headers: Headers, now: number): number {
  const after = now + Number(headers.get("retry-after") ?? NaN) * 1000;
  const until = [resetOf(headers), after].find((at) => Number.isFinite(at) && at > now) ??
    now + DEFAULT_WAIT_MS;
  return Math.min(until, now + MAX_WAIT_MS);
}

/**
 * The window that an answer tells of, if any. The server tells of one alone: the tightest of those that the call counts
 * in. The one for uploads and the one for signing in are left out: they hold up pictures and renewals only.
 */
export function windowOf(headers: Headers, what: Spent["what"], now: number): LimitWindow | null {
  const [limit, remaining] = ["ratelimit-limit", "ratelimit-remaining"].map((name) => countOf(headers, name));
  const reset = resetOf(headers);
  if (limit == null || remaining == null || !Number.isFinite(reset)) return null;
  const seconds = Number(/;\s*w=(\d{1,9})\s*$/.exec(headers.get("ratelimit-policy") ?? "")?.[1] ?? NaN);
  const held = heldBy(what, seconds);
  if (held === null) return null;
  const { counted, holds } = held;
  const name = Number.isNaN(seconds) ? counted : `${counted} in ${spanOf(seconds)}`;
  return { name, holds, limit, remaining, resetAt: Math.min(reset, now + MAX_WAIT_MS) };
}

function heldBy(
  what: Spent["what"],
  seconds: number,
): { counted: string; holds: LimitWindow["holds"] } | null {
  if (seconds <= SHARED_SECONDS && what !== "other") return { counted: "requests", holds: "any" };
  switch (what) {
    case "post":
    case "reply":
    case "delete":
      return { counted: "points for writing", holds: "publish" };
    case "read":
      return { counted: "reads", holds: "read" };
    case "media":
    case "other":
      return null;
  }
}

function spanOf(seconds: number): string {
  if (seconds === 86_400) return "a day";
  if (seconds === 3600) return "an hour";
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} s`;
}

function countOf(headers: Headers, name: string): number | null {
  const count = Number(headers.get(name) ?? NaN);
  return Number.isInteger(count) && count >= 0 && count <= MOST ? count : null;
}

function resetOf(headers: Headers): number {
  return Number(headers.get("ratelimit-reset") ?? NaN) * 1000;
}
