/** The writer behind any OpenAI-compatible endpoint. */
import { cleanAnswer, judgeText, liveText } from "./clean.ts";
import { type Answer, hostOf } from "./answer.ts";
import { ask, rememberNothing } from "./endpoint.ts";
import type { Failure } from "./endpoint_errors.ts";
import type { NotWritten, PromptMessage, Writer, WriterSettings, Written } from "./port.ts";
import type { WriterPorts } from "./ports.ts";
import { costMicroUsd } from "./prices.ts";
import { buildPrompt, TEMPLATE_VERSION } from "./prompt.ts";
import { holdsKey, redact } from "./redact.ts";
import { throttleText } from "./throttle.ts";
import { repairText } from "./text.ts";

export type OpenAiSettings = Extract<WriterSettings, { kind: "openai" }>;

/** Of English text; what is estimated by it is never priced. */
const CHARS_PER_TOKEN = 4;

/**
 * Token counts are the endpoint's own where it gives them. Where it does not they are estimated at four characters a
 * token, and the cost is null: a cost is only ever computed from counted tokens.
 */
export function openAiWriter(settings: OpenAiSettings, ports: WriterPorts): Writer {
  const memory = rememberNothing();
  return {
    async write(request, signal, onText) {
      const started = ports.now();
      const prompt = buildPrompt(request);
      const fault: { error: unknown }[] = [];
      const stop = new AbortController();
      const throttle = throttleText(onText, (error) => {
        fault.push({ error });
        stop.abort();
      }, ports);
      const result = await ask(
        settings,
        { messages: prompt, seed: request.seed },
        memory,
        ports,
        AbortSignal.any([signal, stop.signal]),
        (answer) => throttle.push(liveText(answer)),
      ).finally(() => throttle.stop());
      const [thrown] = fault;
      if (thrown) throw thrown.error;

      const durationMs = ports.now() - started;
      const common = { prompt, templateVersion: TEMPLATE_VERSION, durationMs };
      if (result.kind === "failed") {
        const { reason, detail, retryable, retryAt } = result;
        return {
          kind: "not_written",
          reason,
          detail,
          retryable,
          retryAt,
          answer: shown(result.answer, settings),
          model: settings.model,
          ...common,
        };
      }
      const text = cleanAnswer(result.answer);
      const failure = failureOf(result, text, prompt, request.maxGraphemes, settings);
      const answer = shown(result.answer || result.refusal, settings);
      if (failure) return { kind: "not_written", ...failure, answer, model: result.model, ...common };
      return {
        kind: "written",
        text,
        answer,
        model: result.model,
        ...tokensOf(result, prompt, settings),
        ...common,
      };
    },
  };
}

function failureOf(
  result: Answer,
  text: string,
  prompt: readonly PromptMessage[],
  maxGraphemes: number,
  settings: OpenAiSettings,
): Failure | null {
  const failure = (reason: NotWritten["reason"], detail: string, retryable: boolean): Failure => ({
    reason,
    detail,
    retryable,
    retryAt: null,
  });
  if (holdsKey(result.answer, settings.apiKey)) {
    return failure("nonsense", "The answer held the API key: treat the key as leaked and replace it.", false);
  }
  if (result.finishReason === "content_filter") {
    return failure("refused", "The endpoint's content filter stopped the answer.", false);
  }
  if (result.refusal !== "" && text === "") {
    return failure("refused", "The model declined to write this.", false);
  }
  if (result.finishReason === "length") {
    const detail = text === ""
      ? "The model used up its output tokens before it wrote a word."
      : "The model used up its output tokens in the middle of the text.";
    return failure("nonsense", detail, true);
  }
  const verdict = judgeText(text, prompt, maxGraphemes);
  return verdict && failure(verdict.reason, verdict.detail, verdict.reason === "nonsense");
}

function tokensOf(
  result: Answer,
  prompt: readonly PromptMessage[],
  settings: OpenAiSettings,
): Pick<Written, "inputTokens" | "outputTokens" | "costMicroUsd"> {
  if (result.usage === null) {
    const estimate = (characters: number) => Math.ceil(characters / CHARS_PER_TOKEN);
    const sent = prompt.reduce((sum, { content }) => sum + content.length, 0);
    return { inputTokens: estimate(sent), outputTokens: estimate(result.answer.length), costMicroUsd: null };
  }
  const { inputTokens, outputTokens } = result.usage;
  const host = hostOf(settings.baseUrl) ?? "";
  return {
    inputTokens,
    outputTokens,
    costMicroUsd: costMicroUsd(host, result.model, inputTokens, outputTokens),
  };
}

/** An answer as it may be kept: the log takes well-formed text without NUL only, and no secret. */
function shown(answer: string, settings: OpenAiSettings): string {
  const kept = repairText(answer);
  return holdsKey(kept, settings.apiKey) ? redact(kept, settings.apiKey) : kept;
}
