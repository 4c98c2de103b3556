/** Reads a model's streamed answer, chunk by chunk, with mistrust and a limit on everything. */
import type { OpenAI } from "openai";
import { type Answer, type Endpoint, failed, type NoAnswer } from "./answer.ts";
import { type Deadline, stopped, stoppedOr } from "./deadline.ts";
import { type Failure, failureInStream, readErrorBody } from "./endpoint_errors.ts";

/** What an answer may weigh on the wire, comments and all. */
export const MAX_BODY_BYTES = 4_000_000;
/** No post needs more: past it the stream is cut. */
export const MAX_ANSWER_CHARS = 40_000;

/** The whole answer, or why it did not come whole; `onAnswer` gets what has arrived with each step. */
export async function readAnswer(
  response: Response,
  endpoint: Endpoint,
  deadline: Deadline,
  host: string,
  onAnswer: (answerSoFar: string) => void,
): Promise<Answer | NoAnswer> {
  const type = (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (
    type !== "" && type !== "text/event-stream" && type !== "application/octet-stream" &&
    type !== "text/plain"
  ) {
    const error = type === "application/json" ? readErrorBody(await readBody(response, deadline)) : null;
    await response.body?.cancel().catch(ignoreLateAbort);
    if (deadline.stopped !== null) return stopped(deadline, host, "");
    if (error?.message) {
      return {
        kind: "failed",
        answer: "",
        ...failureInStream(error, { host, apiKey: endpoint.apiKey, begun: false }),
      };
    }
    const what = type === "text/html" ? "a web page" : `"${type.slice(0, 60)}"`;
    return failed(
      "nonsense",
      `${host} answered with ${what} instead of a stream: is the base URL right?`,
      true,
    );
  }

  let answer = "";
  let refusal = "";
  let finishReason = "";
  let model = "";
  let usage: Answer["usage"] = null;
  let chunks = 0;
  const finished = (): Answer => ({
    kind: "answered",
    answer,
    refusal,
    finishReason,
    model: /^[\w.:/@+-]{1,120}$/.test(model) ? model : endpoint.model,
    usage,
  });
  try {
    for await (const chunk of await decode(response, deadline)) {
      chunks++;
      const seen = readChunk(chunk);
      model ||= seen.model;
      refusal += seen.refusal;
      finishReason ||= seen.finishReason;
      usage = seen.usage ?? usage;
      if (seen.text === "") continue;
      answer += seen.text;
      if (answer.length + refusal.length > MAX_ANSWER_CHARS) deadline.stop("too_much");
      onAnswer(answer);
    }
  } catch (error) {
    // With its reason to finish a text is whole, whatever happens to the stream behind it.
    if (finishReason !== "") return finished();
    return stoppedOr(deadline, host, answer, () => failureOfStream(error, endpoint, host, answer));
  }
  if (finishReason !== "") return finished();
  if (deadline.stopped !== null) return stopped(deadline, host, answer);
  const detail = chunks === 0
    ? `${host} ended its answer before it began.`
    : `${host} ended its answer without saying that it was finished.`;
  return { ...failed("broken_off", detail, true), answer };
}

async function decode(response: Response, deadline: Deadline): Promise<AsyncIterable<unknown>> {
  const { Stream } = await import("openai/core/streaming");
  const bounded = new Response(boundedBody(response, deadline), { headers: response.headers });
  // The decoder wants the client for its logger only: this one has none, so nothing is ever printed.
  const silent = { logLevel: "off" } as unknown as OpenAI;
  return Stream.fromSSEResponse<unknown>(bounded, deadline.controller, silent);
}

function boundedBody(response: Response, deadline: Deadline): ReadableStream<Uint8Array> | null {
  if (response.body === null) return null;
  let bytes = 0;
  deadline.heard();
  return response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        deadline.heard();
        bytes += chunk.byteLength;
        if (bytes > MAX_BODY_BYTES) deadline.stop("too_much");
        controller.enqueue(chunk);
      },
    }),
  );
}

/** The body of an answer that is no stream, as far as it came, cut at its limit. */
export async function readBody(response: Response, deadline: Deadline): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const body = boundedBody(response, deadline);
  if (body === null) return "";
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_ANSWER_CHARS) break;
    }
  } catch {
    return text; // The status says enough; the body only explains it.
  }
  return text;
}

interface Chunk {
  text: string;
  refusal: string;
  finishReason: string;
  model: string;
  usage: Answer["usage"];
}

/** One event of the stream, read with mistrust: a field of another type counts as absent. */
function readChunk(chunk: unknown): Chunk {
  const event = record(chunk);
  const choice = record(Array.isArray(event.choices) ? event.choices[0] : undefined);
  const delta = record(choice.delta);
  const usage = record(event.usage);
  const input = tokens(usage.prompt_tokens);
  const output = tokens(usage.completion_tokens);
  return {
    text: text(delta.content),
    refusal: text(delta.refusal),
    finishReason: text(choice.finish_reason),
    model: text(event.model),
    usage: input !== null && output !== null ? { inputTokens: input, outputTokens: output } : null,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function tokens(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 1e9 ? value : null;
}

function failureOfStream(error: unknown, endpoint: Endpoint, host: string, answer: string): Failure {
  // The decoder gives an `error` event as an APIError, whose own field `error` holds it.
  const inner = record(error).error;
  if (typeof inner === "object" && inner !== null || typeof inner === "string") {
    const body = readErrorBody(JSON.stringify({ error: inner }));
    return failureInStream(body, { host, apiKey: endpoint.apiKey, begun: answer !== "" });
  }
  const detail = error instanceof SyntaxError
    ? `${host} sent something in its stream that is no JSON.`
    : `The connection to ${host} broke in the middle of its answer.`;
  return { reason: "broken_off", detail, retryable: true, retryAt: null };
}

function ignoreLateAbort(): void {
  // Cancelling a body that the deadline has ended already rejects; there is nothing left to release.
}
