/** One request to X, once: never repeated and never redirected. */
import { parseObject, readBody } from "../answer_body.ts";
import { fetchOnce, neverLeft } from "../../fetch_once.ts";

/** Every request ends within this, its body included. */
export const REQUEST_DEADLINE_MS = 20_000;
/** A hundred posts with all their fields are a tenth of it; a server that sends more is cut off. */
const MAX_BODY_BYTES = 2_000_000;

export interface XRequest {
  url: string;
  method: "GET" | "POST" | "DELETE";
  headers: Record<string, string>;
  body?: string | FormData;
  signal: AbortSignal;
  /** @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

export interface Answered {
  kind: "answered";
  status: number;
  headers: Headers;
  /** Null where it is no JSON object: then these are not X's own words. */
  body: Record<string, unknown> | null;
}

/** What came back; what it means is decided in `outcome.ts`. */
export type Answer =
  | Answered
  /** Proven not to have left. */
  | { kind: "unreachable"; reason: string }
  /** Nobody can say whether X did it. */
  | { kind: "unclear"; reason: string };

/** Not through a client library: those refresh, repeat and redirect on their own, and whether a request left matters here. */
export async function request(asked: XRequest): Promise<Answer> {
  if (asked.signal.aborted) return { kind: "unreachable", reason: "stopped before it was sent" };
  const deadlineMs = asked.deadlineMs ?? REQUEST_DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetchOnce(asked.url, {
      method: asked.method,
      headers: { accept: "application/json", ...asked.headers },
      body: asked.body,
      signal: AbortSignal.any([asked.signal, deadline]),
    });
    const body = parseObject(await readBody(response, MAX_BODY_BYTES));
    return { kind: "answered", status: response.status, headers: response.headers, body };
  } catch (error) {
    if (deadline.aborted) {
      return { kind: "unclear", reason: `X did not answer within ${deadlineMs / 1000} s` };
    }
    if (asked.signal.aborted) return { kind: "unclear", reason: "stopped while it was under way" };
    if (neverLeft(error)) return { kind: "unreachable", reason: "X could not be reached" };
    if (error instanceof TypeError) return { kind: "unclear", reason: "the connection to X broke" };
    const name = error instanceof Error ? error.name : "unknown error";
    return { kind: "unclear", reason: `the request to X failed (${name})` };
  }
}

/** Null where it is none. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : null;
}
