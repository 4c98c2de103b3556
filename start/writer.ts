import type { Config } from "../config.ts";
import type { WriterSettings } from "../actors/persona/agent/port.ts";

const OPENAI = "https://api.openai.com/v1";

/** Which writer the settings ask for: a key alone means OpenAI, neither key nor address the offline writer. */
export function writerSettings(config: Config): WriterSettings {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl } = config;
  if (key === null && baseUrl === null) return { kind: "offline" };
  return {
    kind: "openai",
    baseUrl: baseUrl ?? OPENAI,
    apiKey: key ?? "",
    model: config.OPENAI_MODEL,
    timeoutMs: config.OPENAI_TIMEOUT_SECONDS * 1_000,
  };
}
