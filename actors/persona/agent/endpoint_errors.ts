/** What an endpoint's refusals and breakdowns mean for us: typed, in words for the operator, without secrets. */
import type { NotWritten } from "./port.ts";
import { redact } from "./redact.ts";
import { oneLine } from "./text.ts";

export interface Failure {
  reason: NotWritten["reason"];
  detail: string;
  retryable: boolean;
  /** ms since the epoch. */
  retryAt: number | null;
}

/** A day: what an endpoint says beyond it is not believed. */
export const MAX_RETRY_WAIT_MS = 24 * 60 * 60 * 1000;
/** Of an endpoint's own words, so much is shown. */
const SAID_MAX_CHARS = 240;

export interface ErrorBody {
  message: string;
  code: string;
  type: string;
  /** The field of our request that it is about. */
  param: string;
}

/** The `error` object of an OpenAI-compatible answer in any of its dialects; a string that is none is its message. */
export function readErrorBody(body: string): ErrorBody {
  const parsed = parseJson(body);
  const outer = isRecord(parsed) ? parsed : {};
  const inner = isRecord(outer.error) ? outer.error : outer;
  const message = firstText(inner.message, outer.error, outer.detail, outer.message);
  return {
    // A page is not a message.
    message: message || (parsed === undefined && !/^\s*</.test(body) ? body : ""),
    code: firstText(inner.code),
    type: firstText(inner.type),
    param: firstText(inner.param),
  };
}

export function failureOfStatus(
  status: number,
  headers: Headers,
  error: ErrorBody,
  context: { host: string; model: string; apiKey: string; now: number },
): Failure {
  const { host, model } = context;
  const said = saying(error.message, context.apiKey);
  const failure = (reason: NotWritten["reason"], text: string, retryable: boolean): Failure => ({
    reason,
    detail: `${text}${said}`,
    retryable,
    retryAt: null,
  });
  if (isFiltered(error)) return failure("refused", `${host} refused this content (${status})`, false);
  if (status === 401 || status === 403) {
    return failure("unauthorized", `${host} did not accept the API key (${status})`, false);
  }
  if (status === 402 || (status === 429 && isOutOfCredit(error))) {
    return failure("rate_limited", `The account at ${host} is out of credit (${status})`, false);
  }
  if (status === 429) {
    return {
      ...failure("rate_limited", `${host} asks to slow down (429)`, true),
      retryAt: retryAt(headers, context.now),
    };
  }
  if (status === 408) return failure("slow", `${host} gave up waiting (408)`, true);
  if (status === 409 || status === 425) {
    return failure("server_error", `${host} was not ready (${status})`, true);
  }
  if (status === 404) {
    return failure(
      "server_error",
      `${host} does not know the model "${oneLine(model, 80)}" or the path (404)`,
      false,
    );
  }
  if (status >= 300 && status < 400) {
    return failure(
      "server_error",
      `${host} points to another address (${status}): set that one as the base URL`,
      false,
    );
  }
  if (status < 500) return failure("server_error", `${host} did not accept the request (${status})`, false);
  return {
    ...failure("server_error", `${host} failed (${status})`, true),
    retryAt: retryAt(headers, context.now),
  };
}

/** An `error` that arrived inside a stream that had begun with 200. */
export function failureInStream(
  error: ErrorBody,
  context: { host: string; apiKey: string; begun: boolean },
): Failure {
  const said = saying(error.message, context.apiKey);
  const { host } = context;
  if (isFiltered(error)) {
    return {
      reason: "refused",
      detail: `${host} refused this content${said}`,
      retryable: false,
      retryAt: null,
    };
  }
  if (isOutOfCredit(error)) {
    return {
      reason: "rate_limited",
      detail: `The account at ${host} is out of credit${said}`,
      retryable: false,
      retryAt: null,
    };
  }
  if (/rate_?limit|too_many/i.test(`${error.code} ${error.type}`) || error.code === "429") {
    return {
      reason: "rate_limited",
      detail: `${host} asks to slow down${said}`,
      retryable: true,
      retryAt: null,
    };
  }
  const reason = context.begun ? "broken_off" : "server_error";
  return {
    reason,
    detail: `${host} reported an error in the middle of its answer${said}`,
    retryable: true,
    retryAt: null,
  };
}

/** What `fetch` threw before there was an answer. Its own message holds the whole address, so it is not shown. */
export function failureOfFetch(error: unknown, host: string): Failure {
  const text = error instanceof Error
    ? `${error.name} ${error.message} ${String(error.cause ?? "")}`
    : String(error);
  const unreachable = (detail: string): Failure => ({
    reason: "unreachable",
    detail,
    retryable: true,
    retryAt: null,
  });
  if (/NotCapable|PermissionDenied|Requires net access/i.test(text)) {
    return { ...unreachable(`This persona is not permitted to reach ${host}.`), retryable: false };
  }
  if (/certificate|tls|handshake/i.test(text)) {
    return unreachable(`The certificate of ${host} was not accepted.`);
  }
  if (/dns|lookup|resolve|not known/i.test(text)) return unreachable(`The name ${host} does not resolve.`);
  if (/refused/i.test(text)) return unreachable(`${host} refused the connection: is it running?`);
  if (/\(connect\)|unreachable|timed? ?out/i.test(text)) return unreachable(`${host} cannot be reached.`);
  return {
    reason: "broken_off",
    detail: `${host} closed the connection without an answer.`,
    retryable: true,
    retryAt: null,
  };
}

/** When a retry makes sense by `retry-after-ms`, `retry-after` (seconds or date) or `x-ratelimit-reset…`; null when nothing was said. */
export function retryAt(headers: Headers, now: number): number | null {
  const bounded = (at: number) => Math.round(Math.min(Math.max(at, now), now + MAX_RETRY_WAIT_MS));
  const milliseconds = numberOf(headers.get("retry-after-ms"));
  if (milliseconds !== null) return bounded(now + milliseconds);
  const after = headers.get("retry-after");
  const seconds = numberOf(after);
  if (seconds !== null) return bounded(now + seconds * 1000);
  const date = after === null ? NaN : Date.parse(after);
  if (!Number.isNaN(date)) return bounded(date);
  const resets = ["x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-ratelimit-reset"]
    .map((name) => resetTime(headers.get(name), now)).filter((at) => at !== null);
  return resets.length > 0 ? bounded(Math.max(...resets)) : null;
}

/** `6m0s`, `120ms`, `1.5` (seconds), or a moment in seconds or ms since the epoch. */
function resetTime(value: string | null, now: number): number | null {
  if (value === null) return null;
  const number = numberOf(value);
  if (number !== null) return number > 1e12 ? number : number > 1e9 ? number * 1000 : now + number * 1000;
  const parts = Array.from(value.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g));
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== value.trim()) return null;
  const unit: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return now + parts.reduce((sum, [, amount, name]) => sum + Number(amount) * (unit[name ?? ""] ?? 0), 0);
}

function numberOf(value: string | null): number | null {
  return value !== null && /^\s*\d{1,16}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : null;
}

function isFiltered({ code, type }: ErrorBody): boolean {
  return /content_?filter|content_?policy|moderation|safety_violation/i.test(`${code} ${type}`);
}

function isOutOfCredit({ code, type }: ErrorBody): boolean {
  return /insufficient_quota|billing|out_of_credit|insufficient_credit/i.test(`${code} ${type}`);
}

/** The endpoint's own words behind ours, redacted before they are cut, or a full stop. */
function saying(message: string, apiKey: string): string {
  const said = oneLine(redact(message, apiKey), SAID_MAX_CHARS);
  return said ? `: ${said}` : ".";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON: the caller takes it as plain words.
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstText(...values: unknown[]): string {
  for (const value of values) {
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return "";
}
