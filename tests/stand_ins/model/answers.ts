/** What the stand-in answers, whole or faulty. Deterministic: the same request and fault give the same bytes. */
import type { Fault } from "./faults.ts";
import type { ChatRequest } from "./request.ts";

/** One step of a streamed answer: bytes, a wait, or the end of the connection. */
export type Step = { bytes: Uint8Array } | { waitMs: number } | { hang: true } | { reset: true };

export interface AnswerTimes {
  /** Before the first byte, with `slow_first_byte`. */
  slowMs: number;
  /** Between two chunks, with `slow_between_chunks`. */
  gapMs: number;
}

const TEXTS = [
  "The tram was late again, and the whole stop started talking about the weather like old friends.",
  "Planted the first beans today. They look smug already.",
  "A good map leaves out almost everything, and tells you what it left out. ☕ Schöne Grüße aus Kraków!",
  "Three things I learned from the tide table: wait, look, and write the time down.",
];

const encoder = new TextEncoder();

/** The text for a request: picked by its seed and its last message. */
export function textFor(request: ChatRequest): string {
  const asked = request.messages.at(-1)?.content ?? "";
  let sum = request.seed ?? 0;
  for (const character of asked) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647;
  return TEXTS[sum % TEXTS.length] ?? "";
}

export function stepsFor(
  request: ChatRequest,
  fault: Fault | null,
  apiKey: string,
  times: AnswerTimes,
): Step[] {
  const text = faultyText(request, fault, apiKey);
  const pieces = fault === "endless" ? Array<string>(2_000).fill(text) : text.match(/\S+\s*|\s+/g) ?? [];
  const finish = fault === "content_filter"
    ? "content_filter"
    : fault === "out_of_tokens"
    ? "length"
    : "stop";
  const opening = chunk(request, { role: "assistant", content: "" });
  const words = pieces.map((piece) => chunk(request, { content: piece }));
  const end = chunk(request, {}, finish);
  const usage = event({
    ...base(request),
    choices: [],
    usage: {
      prompt_tokens: countTokens(request.messages.map(({ content }) => content).join(" ")),
      completion_tokens: countTokens(text),
      total_tokens: countTokens(request.messages.map(({ content }) => content).join(" ")) + countTokens(text),
    },
  });
  const done = encoder.encode("data: [DONE]\n\n");
  const withUsage = request.stream_options?.include_usage === true && fault !== "no_usage";
  const whole = [opening, ...words, end, ...(withUsage ? [usage] : []), done];
  const half = [opening, ...words.slice(0, Math.ceil(words.length / 2))];

  switch (fault) {
    case "slow_first_byte":
      return [{ waitMs: times.slowMs }, ...bytesOf(whole)];
    case "hang":
      return [{ hang: true }];
    case "slow_between_chunks":
      return bytesOf(whole).flatMap((step) => [step, { waitMs: times.gapMs }]);
    case "silent_mid_stream":
      return [...bytesOf(half), { hang: true }];
    case "break_off":
    case "no_finish_reason":
      return bytesOf(fault === "break_off" ? half : [opening, ...words, done]);
    case "reset":
      return [...bytesOf(half), { waitMs: 20 }, { reset: true }];
    case "malformed_sse":
      return bytesOf([
        ...half,
        encoder.encode('data: {"choices": [{"delta": {"content": "br\n\n'),
        end,
        done,
      ]);
    case "error_in_stream":
      return bytesOf([
        ...half,
        event({ error: { message: `overloaded, key ${apiKey}`, type: "server_error", code: "500" } }),
      ]);
    case "refusal_field":
      return bytesOf([opening, chunk(request, { refusal: "I can't help with that." }), end, usage, done]);
    case "half_characters":
      return splitInsideCharacters(whole);
    default:
      return bytesOf(whole);
  }
}

function faultyText(request: ChatRequest, fault: Fault | null, apiKey: string): string {
  switch (fault) {
    case "empty_answer":
    case "refusal_field":
      return "";
    case "only_punctuation":
      return "… — !!! ?";
    case "prompt_echo":
      return request.messages[0]?.content ?? "";
    case "far_too_long":
      return TEXTS.join(" ").repeat(12);
    case "endless":
      return "and then, as if nothing had happened, ";
    case "stuck":
      return "tree ".repeat(60).trim();
    case "refusal":
      return "I'm sorry, but I can't help with that request.";
    case "key_in_answer":
      return `My key is ${apiKey}, do not tell.`;
    case "half_characters":
      return "Žluťoučký kůň 🐎 a 👩‍🌾 v kavárně — ☕️ 東京の朝";
    case "wrapped":
      return `Sure! Here's a post for Bluesky:\n\n"${textFor(request)}"`;
    case "thoughts":
      return `<think>The user wants a post.\nLet me be brief.</think>\n\n${textFor(request)}`;
    default:
      return textFor(request);
  }
}

function base(request: ChatRequest) {
  return {
    id: "chatcmpl-stand-in",
    object: "chat.completion.chunk",
    created: 1_763_800_000,
    model: request.model,
  };
}

function chunk(
  request: ChatRequest,
  delta: Record<string, string>,
  finish: string | null = null,
): Uint8Array {
  return event({ ...base(request), choices: [{ index: 0, delta, finish_reason: finish }] });
}

function event(data: unknown): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(data)}\n\n`);
}

function bytesOf(parts: Uint8Array[]): Step[] {
  return parts.map((bytes) => ({ bytes }));
}

/** The same bytes, cut so that each character of several bytes is torn apart. */
function splitInsideCharacters(parts: Uint8Array[]): Step[] {
  const all = Uint8Array.from(parts.flatMap((part) => [...part]));
  const steps: Step[] = [];
  let start = 0;
  for (let at = 1; at < all.length; at++) {
    const continues = ((all[at] ?? 0) & 0xc0) === 0x80;
    if (!continues || at === start) continue;
    steps.push({ bytes: all.slice(start, at) }, { waitMs: 1 });
    start = at;
  }
  return [...steps, { bytes: all.slice(start) }];
}

/** A word is a token here. */
function countTokens(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
