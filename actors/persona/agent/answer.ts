/** A model behind an address, and what comes back from it. */
import type { Failure } from "./endpoint_errors.ts";

export interface Endpoint {
  /** With the version path, e.g. `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Empty: no authorization is sent. */
  apiKey: string;
  model: string;
  /** From the first byte sent to the last one received. */
  timeoutMs: number;
}

export interface Answer {
  kind: "answered";
  answer: string;
  /** The words of the `refusal` field; empty when there are none. */
  refusal: string;
  /** As the endpoint said: `stop`, `length`, `content_filter`… */
  finishReason: string;
  /** The model that answered, by the endpoint's word. */
  model: string;
  usage: { inputTokens: number; outputTokens: number } | null;
}

export type NoAnswer = Failure & { kind: "failed"; answer: string };

export function failed(reason: Failure["reason"], detail: string, retryable: boolean): NoAnswer {
  return { kind: "failed", reason, detail, retryable, retryAt: null, answer: "" };
}

/** Host and port of an http(s) address, the only part of it that is ever shown; null for anything else. */
export function hostOf(baseUrl: string): string | null {
  const url = URL.parse(baseUrl);
  return url !== null && /^https?:$/.test(url.protocol) && url.host !== "" ? url.host : null;
}
