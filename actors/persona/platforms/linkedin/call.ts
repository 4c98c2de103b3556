import { parseObject, readBody } from "../answer_body.ts";
import { redact } from "../../agent/redact.ts";
import { fetchOnce, neverLeft } from "../../fetch_once.ts";
import { isThread } from "./urn.ts";

/** Every request ends within this, its body included. */
export const REQUEST_DEADLINE_MS = 20_000;
const MAX_BODY_BYTES = 2_000_000;
/** Of a refusal, before it is shortened to what is shown. */
const MAX_WORDS_READ = 10_000;
const MAX_WORDS = 300;

export interface LinkedInRequest {
  /** Origin, no trailing slash. */
  origin: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With its query, encoded. */
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** What was said in confidence and may not be repeated in anybody's words. */
  secrets: string[];
  signal: AbortSignal;
  /** @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

/** A whole answer of LinkedIn that is not a 2xx. Its words are bounded and hold no secret. */
export interface Refusal {
  status: number;
  /** `DUPLICATE_POST`, `NONEXISTENT_VERSION`, …; of OAuth, `invalid_request`, …; empty where there is none. */
  code: string;
  /** 65600 to 65604 on a 401, 100 on a 403; 0 where there is none. */
  serviceCode: number;
  message: string;
  /** The post that this one would repeat, where the refusal names one. */
  duplicateOf: string | null;
  retryAfter: string | null;
}

/** What one request came to; what each means for a post is decided by the caller. */
export type Answer =
  /** `id` is the header `x-restli-id`; `body` is null where there is none, or none that is an object. */
  | { kind: "ok"; status: number; id: string | null; body: Record<string, unknown> | null }
  | { kind: "refused"; refusal: Refusal }
  /** Proven not to have left. */
  | { kind: "unreachable"; reason: string }
  /** Nobody can say whether LinkedIn did it. */
  | { kind: "unclear"; reason: string };

/** One request, once: never repeated and never redirected. */
export async function call(request: LinkedInRequest): Promise<Answer> {
  if (request.signal.aborted) return { kind: "unreachable", reason: "stopped before it was sent" };
  const deadlineMs = request.deadlineMs ?? REQUEST_DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetchOnce(request.origin + request.path, {
      method: request.method,
      headers: request.headers,
      body: request.body as BodyInit | undefined,
      signal: AbortSignal.any([request.signal, deadline]),
    });
    return judge(response, await readBody(response, MAX_BODY_BYTES), request.secrets);
  } catch (error) {
    if (deadline.aborted) return { kind: "unclear", reason: `no answer within ${deadlineMs / 1000} s` };
    if (request.signal.aborted) return { kind: "unclear", reason: "stopped while it was under way" };
    if (error instanceof Deno.errors.NotCapable) {
      return { kind: "unreachable", reason: "this persona may not connect to LinkedIn" };
    }
    if (!(error instanceof TypeError)) throw error;
    if (neverLeft(error)) return { kind: "unreachable", reason: "LinkedIn could not be reached" };
    return { kind: "unclear", reason: "the connection broke" };
  }
}

function judge(response: Response, text: string, secrets: string[]): Answer {
  const { status, headers } = response;
  const body = parseObject(text);
  if (response.ok) return { kind: "ok", status, id: headers.get("x-restli-id"), body };
  // A no is LinkedIn's in its own words only: what is no JSON came from something between here and there.
  if (body === null && status < 500 && status !== 429) {
    return { kind: "unclear", reason: `LinkedIn's answer (${status}) was not readable` };
  }
  const said = body ?? {};
  const message = typeof said.message === "string" ? said.message : said.error_description;
  const words = typeof message === "string" ? message.slice(0, MAX_WORDS_READ) : "";
  const refusal: Refusal = {
    status,
    code: shortText(codeOf(said), secrets),
    serviceCode: typeof said.serviceErrorCode === "number" ? said.serviceErrorCode : 0,
    message: shortText(words, secrets),
    duplicateOf: duplicateOf(words),
    retryAfter: headers.get("retry-after"),
  };
  return { kind: "refused", refusal };
}

/** The code of the content's mistake says more than that of the whole refusal. */
function codeOf({ code, error, errorDetails }: Record<string, unknown>): string {
  const inputs = object(errorDetails).inputErrors;
  const input = Array.isArray(inputs) ? object(inputs[0]).code : undefined;
  return [input, code, error].find((one) => typeof one === "string") as string | undefined ?? "";
}

function duplicateOf(message: string): string | null {
  const [, urn] = /duplicate of (urn:li:[A-Za-z]+:\d+)/.exec(message) ?? [];
  return urn !== undefined && isThread(urn) ? urn : null;
}

/** Foreign words: bounded, without secrets, and without control characters. */
function shortText(text: string, secrets: string[]): string {
  const words = text.replace(/[\p{Cc}\p{Cf}]/gu, " ");
  return secrets.reduce(redact, words).slice(0, MAX_WORDS).toWellFormed();
}

/** Anything as an object, so that a field of it can be looked for. */
export function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
