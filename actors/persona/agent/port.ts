/** The port of everything that writes for a persona: a model behind an OpenAI-compatible endpoint, or the offline writer. */
import type { Identity } from "../identity.ts";
import type { Platform } from "../platforms/port.ts";

export interface WritingRequest {
  identity: Identity;
  platform: Platform;
  /** What the person asked for, as typed. */
  brief: string;
  /** The most graphemes that the text may have. */
  maxGraphemes: number;
  /** What is answered; absent for a post of its own. */
  answering?: Answered;
  /** Texts that the persona said lately, newest first, so that it does not repeat itself. */
  recentTexts: string[];
  /** An earlier draft and why it was not good enough, when a person asked for another one. */
  previous: { text: string; reason: string } | null;
  /** Makes the offline writer deterministic; sent as `seed` to a model. 0 to 2^31-1. */
  seed: number;
}

/** What somebody outside said, as far as the writer may see it, and what of the persona's it was about. */
export interface Answered {
  kind: "mention" | "reply" | "quote";
  author: string;
  text: string;
  /** The persona's own post that it is about; null where it is about none that is known. */
  ours: string | null;
}

/** One message of a prompt, as it was sent. */
export interface PromptMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface Written {
  kind: "written";
  text: string;
  /** The exact messages that were sent; the offline writer says in one message what it was given. */
  prompt: PromptMessage[];
  /** The model's whole answer before anything was trimmed. */
  answer: string;
  model: string;
  templateVersion: string;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar; null when the price of the model is not known. */
  costMicroUsd: number | null;
  durationMs: number;
}

/** Why nothing usable came. `retryable` tells whether the same request may work later. */
export interface NotWritten {
  kind: "not_written";
  reason:
    | "slow"
    | "refused"
    | "nonsense"
    | "rate_limited"
    | "server_error"
    | "broken_off"
    | "unauthorized"
    | "unreachable";
  /** For the operator, one sentence, without secrets. */
  detail: string;
  retryable: boolean;
  /** ms since the epoch before which a retry is pointless, if the endpoint said so. */
  retryAt: number | null;
  prompt: PromptMessage[];
  /** What had arrived. */
  answer: string;
  model: string;
  templateVersion: string;
  durationMs: number;
}

export interface Writer {
  /** `onText` gets the whole text so far, at most ten times a second. Never throws for what an endpoint can do. */
  write(
    request: WritingRequest,
    signal: AbortSignal,
    onText: (textSoFar: string) => void,
  ): Promise<Written | NotWritten>;
}

/** Which writer is active; without `apiKey` for a non-local endpoint, or without `baseUrl`, it is the offline writer. */
export type WriterSettings =
  | { kind: "offline" }
  | { kind: "openai"; baseUrl: string; apiKey: string; model: string; timeoutMs: number };
