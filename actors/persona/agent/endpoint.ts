/**
 * One question to a chat model over the OpenAI-compatible API, streamed, with a limit on everything.
 *
 * Of `npm:openai` only its stream decoder is loaded, with the first question: measured in a worker it costs 1 MB and
 * 7 ms, the whole client 15 MB and 75 ms or more (it brings every resource of the API). The request itself is one `fetch`.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
import { type Answer, type Endpoint, failed, hostOf, type NoAnswer } from "./answer.ts";
import { readAnswer, readBody } from "./answer_stream.ts";
import { Deadline, stoppedOr } from "./deadline.ts";
import { type ErrorBody, failureOfFetch, failureOfStatus, readErrorBody } from "./endpoint_errors.ts";
import type { PromptMessage } from "./port.ts";
import type { WriterPorts } from "./ports.ts";

/** Thinking counts as output: a small limit would leave models that think without a word to say. */
export const MAX_OUTPUT_TOKENS = 4_000;

export interface Question {
  messages: readonly PromptMessage[];
  seed: number;
}

/** Fields that some endpoints do not know. One that is refused by name is left out, and the question asked again. */
const OPTIONAL_FIELDS = ["seed", "stream_options", "max_completion_tokens"] as const;
type OptionalField = typeof OPTIONAL_FIELDS[number];

/** What is remembered of an endpoint between questions. */
export interface EndpointMemory {
  withoutFields: Set<OptionalField>;
}

export function rememberNothing(): EndpointMemory {
  return { withoutFields: new Set() };
}

/** Asks once, and never throws for what an endpoint can do; `onAnswer` gets the whole answer so far with each step and must not throw. */
export async function ask(
  endpoint: Endpoint,
  question: Question,
  memory: EndpointMemory,
  ports: WriterPorts,
  signal: AbortSignal,
  onAnswer: (answerSoFar: string) => void,
): Promise<Answer | NoAnswer> {
  const host = hostOf(endpoint.baseUrl);
  if (host === null) {
    return failed("unreachable", "The base URL of the model is not a http(s) address.", false);
  }
  if (endpoint.apiKey !== "" && !/^[\x21-\x7e]+$/.test(endpoint.apiKey)) {
    return failed("unauthorized", "The API key holds characters that no API key can have.", false);
  }
  const deadline = new Deadline(endpoint.timeoutMs, ports, signal);
  try {
    for (;;) {
      const response = await send(endpoint, question, memory, ports, deadline, host);
      if (!(response instanceof Response)) return response;
      if (response.ok) return await readAnswer(response, endpoint, deadline, host, onAnswer);
      const error = readErrorBody(await readBody(response, deadline));
      const field = refusedField(response.status, error, memory);
      if (field === null || deadline.stopped !== null) {
        return stoppedOr(deadline, host, "", () =>
          failureOfStatus(response.status, response.headers, error, {
            host,
            model: endpoint.model,
            apiKey: endpoint.apiKey,
            now: ports.now(),
          }));
      }
      memory.withoutFields.add(field);
    }
  } finally {
    deadline.clear();
  }
}

async function send(
  endpoint: Endpoint,
  question: Question,
  memory: EndpointMemory,
  ports: WriterPorts,
  deadline: Deadline,
  host: string,
): Promise<Response | NoAnswer> {
  const optional: Record<OptionalField, unknown> = {
    seed: question.seed,
    stream_options: { include_usage: true },
    max_completion_tokens: MAX_OUTPUT_TOKENS,
  };
  const kept = OPTIONAL_FIELDS.filter((name) => !memory.withoutFields.has(name));
  const body = {
    model: endpoint.model,
    messages: question.messages,
    stream: true,
    ...Object.fromEntries(kept.map((name) => [name, optional[name]])),
  };
  try {
    return await ports.fetch(`${endpoint.baseUrl.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        ...(endpoint.apiKey === "" ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
      },
      body: JSON.stringify(body),
      // The key goes to the configured address and nowhere else.
      redirect: "manual",
      signal: deadline.controller.signal,
    });
  } catch (error) {
    return stoppedOr(deadline, host, "", () => failureOfFetch(error, host));
  }
}

function refusedField(status: number, error: ErrorBody, memory: EndpointMemory): OptionalField | null {
  if (status !== 400 && status !== 422) return null;
  const left = OPTIONAL_FIELDS.filter((name) => !memory.withoutFields.has(name));
  return left.find((name) => error.param === name || error.message.includes(name)) ?? null;
}
