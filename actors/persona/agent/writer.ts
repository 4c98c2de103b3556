/** Which writer writes, what Settings says of it, and the live test of it. */
import { hostOf } from "./answer.ts";
import { ask, rememberNothing } from "./endpoint.ts";
import { offlineWriter } from "./offline_writer.ts";
import { OFFLINE_MODEL } from "./offline_writer.ts";
import { openAiWriter } from "./openai_writer.ts";
import type { NotWritten, Writer, WriterSettings } from "./port.ts";
import { systemPorts, type WriterPorts } from "./ports.ts";
import { oneLine } from "./text.ts";

/** A test is a sentence long: it need not wait as long as a post. */
const TEST_TIMEOUT_MS = 20_000;

/** The settings that hold: without a base URL, or without a key for an endpoint that is not local, the offline writer. */
export function activeSettings(settings: WriterSettings): WriterSettings {
  return whyOffline(settings) === null ? settings : { kind: "offline" };
}

/** A writer for these settings; nothing is loaded or connected before the first text. */
export function createWriter(settings: WriterSettings, ports: WriterPorts = systemPorts): Writer {
  const active = activeSettings(settings);
  return active.kind === "offline" ? offlineWriter(ports) : openAiWriter(active, ports);
}

/** One plain sentence or two for the Settings page, with the line to change. Names neither key nor address beyond its host. */
export function describeWriter(settings: WriterSettings): string {
  const why = whyOffline(settings);
  if (why !== null) {
    return `The offline writer is active: it puts posts together from the persona's own words, without any model. ${why}`;
  }
  if (settings.kind === "offline") throw new Error("the offline writer always has a reason");
  const key = settings.apiKey === "" ? "without a key" : "with the key in OPENAI_API_KEY";
  return `${oneLine(settings.model, 80)} at ${hostOf(settings.baseUrl)} writes, ${key}. ` +
    `OPENAI_MODEL and OPENAI_BASE_URL change it.`;
}

export type WriterTest =
  | { ok: true; model: string; ms: number }
  | { ok: false; reason: NotWritten["reason"]; detail: string };

/** Asks the active writer for one word. Costs a few tokens; never throws for what an endpoint can do. */
export async function testWriter(
  settings: WriterSettings,
  signal: AbortSignal,
  ports: WriterPorts = systemPorts,
): Promise<WriterTest> {
  const active = activeSettings(settings);
  if (active.kind === "offline") return { ok: true, model: OFFLINE_MODEL, ms: 0 };
  const started = ports.now();
  const result = await ask(
    { ...active, timeoutMs: Math.min(active.timeoutMs, TEST_TIMEOUT_MS) },
    { messages: [{ role: "user", content: "Answer with the one word: ready" }], seed: 1 },
    rememberNothing(),
    ports,
    signal,
    () => {},
  );
  if (result.kind === "failed") return { ok: false, reason: result.reason, detail: result.detail };
  if (result.finishReason === "content_filter" || result.refusal !== "") {
    return { ok: false, reason: "refused", detail: "The model answered, but declined to say one word." };
  }
  if (result.answer.trim() === "") {
    return { ok: false, reason: "nonsense", detail: "The model's answer was empty." };
  }
  return { ok: true, model: result.model, ms: ports.now() - started };
}

/** Why the offline writer holds, with the line to change; null when a model does. */
function whyOffline(settings: WriterSettings): string | null {
  if (settings.kind === "offline") {
    return "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a local model, to change that.";
  }
  if (settings.baseUrl === "") return "OPENAI_BASE_URL is empty: set it to change that.";
  if (settings.apiKey === "" && !isLocal(settings.baseUrl)) {
    return `${hostOf(settings.baseUrl) ?? "OPENAI_BASE_URL"} needs a key: set OPENAI_API_KEY to change that.`;
  }
  return null;
}

/** Loopback, private and link-local addresses, and names that only a local network knows. */
function isLocal(baseUrl: string): boolean {
  const name = URL.parse(baseUrl)?.hostname ?? "";
  return !name.includes(".") && !name.startsWith("[") && name !== "" || name === "[::1]" ||
    /^\[f[cd][0-9a-f]{2}:/.test(name) || /\.(local|internal|lan|home\.arpa|localhost)$/.test(name) ||
    /^(127|10)\.\d+\.\d+\.\d+$/.test(name) || /^192\.168\.\d+\.\d+$/.test(name) ||
    /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(name);
}
