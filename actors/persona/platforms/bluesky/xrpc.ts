import { parseObject, readBody } from "../answer_body.ts";
import { redact } from "../../agent/redact.ts";
import { fetchOnce, neverLeft } from "../../fetch_once.ts";
import { limitedUntil } from "./rate_limit.ts";

/** Every request ends within this, its body included. */
export const REQUEST_DEADLINE_MS = 20_000;
/** No answer we ask for is longer; a server that sends more is cut off. */
const MAX_BODY_BYTES = 2_000_000;
/** Of a refusal, before it is shortened to what is shown. */
const MAX_WORDS_READ = 10_000;

export interface XrpcRequest {
  /** Origin, no trailing slash. */
  service: string;
  /** Such as `com.atproto.repo.putRecord`. */
  method: string;
  /** Makes it a query (GET). */
  params?: Record<string, string | string[]>;
  /** Makes it a procedure (POST); null is a procedure without input. */
  input?: unknown;
  /** Makes it a procedure whose input is a file. */
  file?: { bytes: Uint8Array; mime: string };
  token?: string;
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
  /** Told the headers of the answer, whatever it is. */
  heard?: (headers: Headers) => void;
}

/** What one request came to; what each means for a post is decided by the caller. */
export type XrpcAnswer =
  | { kind: "ok"; body: Record<string, unknown> }
  /** A definite 4xx: the server did not do it. `error` is its short name, `message` its words. */
  | { kind: "refused"; status: number; error: string; message: string }
  | { kind: "limited"; until: number }
  /** Proven not to have left. */
  | { kind: "unreachable"; reason: string }
  /** Nobody can say whether the server did it. */
  | { kind: "unclear"; reason: string };

/**
 * One request, once: never repeated and never redirected. Not through a client library, because those refresh,
 * repeat and hide headers on their own, and whether a request left this machine is what matters here.
 */
export async function xrpc(request: XrpcRequest, now: () => number = Date.now): Promise<XrpcAnswer> {
  if (request.signal.aborted) return { kind: "unreachable", reason: "stopped before it was sent" };
  const deadlineMs = request.deadlineMs ?? REQUEST_DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([request.signal, deadline]);
  try {
    const response = await fetchOnce(address(request), {
      method: request.input === undefined && request.file === undefined ? "GET" : "POST",
      headers: headers(request),
      body: bodyOf(request),
      signal,
    });
    request.heard?.(response.headers);
    const text = await readBody(response, MAX_BODY_BYTES);
    return judge(response, text, now(), secretsOf(request));
  } catch (error) {
    if (deadline.aborted) return { kind: "unclear", reason: `no answer within ${deadlineMs / 1000} s` };
    if (request.signal.aborted) return { kind: "unclear", reason: "stopped while it was under way" };
    return judgeFailure(error);
  }
}

function address({ service, method, params }: XrpcRequest): string {
  const pairs = Object.entries(params ?? {})
    .flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  const query = new URLSearchParams(pairs).toString();
  return `${service}/xrpc/${method}${query === "" ? "" : `?${query}`}`;
}

function bodyOf({ input, file }: XrpcRequest): BodyInit | undefined {
  // Over a view of memory that is shared, `fetch` would throw; the bytes of a picture are their own.
  if (file !== undefined) return file.bytes as Uint8Array<ArrayBuffer>;
  return input == null ? undefined : JSON.stringify(input);
}

function headers({ token, input, file, headers }: XrpcRequest): Record<string, string> {
  const type = file?.mime ?? (input == null ? null : "application/json");
  return {
    accept: "application/json",
    ...(type === null ? {} : { "content-type": type }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  };
}

function judge(response: Response, text: string, now: number, secrets: string[]): XrpcAnswer {
  const { status } = response;
  const body = parseObject(text);
  if (response.ok) {
    return body === null
      ? { kind: "unclear", reason: "the server's answer was not readable" }
      : { kind: "ok", body };
  }
  if (status === 429) return { kind: "limited", until: limitedUntil(response.headers, now) };
  // 408 and 425 speak of the connection, not of what was asked.
  if (status >= 400 && status < 500 && status !== 408 && status !== 425) {
    const [error = "", message = ""] = [body?.error, body?.message].map((words) => shortText(words, secrets));
    return { kind: "refused", status, error, message };
  }
  return { kind: "unclear", reason: `the server answered ${status}` };
}

/** Deno says in words only at which step a request failed; all of these are before a byte of it was written. */
function judgeFailure(error: unknown): XrpcAnswer {
  if (error instanceof Deno.errors.NotCapable) {
    return { kind: "unreachable", reason: "this persona may not connect to the server" };
  }
  if (!(error instanceof TypeError)) throw error;
  // The address in these words is percent-encoded: with a space in them, they are Deno's own.
  const words = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  if (words.includes("dns error")) return { kind: "unreachable", reason: "the server's name is not known" };
  if (neverLeft(error)) return { kind: "unreachable", reason: "the server could not be reached" };
  return { kind: "unclear", reason: "the connection broke" };
}

/** What a server was told in confidence, and may repeat in its refusal: the token, the password. */
function secretsOf({ token, input }: XrpcRequest): string[] {
  const password = typeof input === "object" && input !== null && "password" in input
    ? input.password
    : undefined;
  return [token, password].filter((secret) => typeof secret === "string" && secret !== "") as string[];
}

/** The server's words are foreign: bounded, without secrets, and without control characters. */
function shortText(value: unknown, secrets: string[]): string {
  if (typeof value !== "string") return "";
  const words = value.slice(0, MAX_WORDS_READ).replace(/[\p{Cc}\p{Cf}]/gu, " ");
  return secrets.reduce(redact, words).slice(0, 300).toWellFormed();
}
