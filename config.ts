/** Every setting once: its name, default, meaning and check. Read at start, checked at once, never again. */
import { z } from "zod";
import type { ArmedCrash } from "./actors/crash_point.ts";
import { parseCrash } from "./actors/crash_point.ts";

/** What a setting is, for people and for the check. */
interface Setting<T> {
  /** As shown in the docs; empty where there is none. */
  default: string;
  meaning: string;
  /** May also be given as `NAME_FILE`, a path to a file that holds it. */
  secret?: boolean;
  parse(text: string): T;
}

/** A setting that cannot be taken, named in one line. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,12}$/.test(text) || value < least || value > most) {
      throw new Error(`must be a whole number from ${least} to ${most}`);
    }
    return value;
  };
}

const flag = (text: string): boolean => {
  if (["", "0", "false", "off", "no"].includes(text.toLowerCase())) return false;
  if (["1", "true", "on", "yes"].includes(text.toLowerCase())) return true;
  throw new Error("must be 1 or 0");
};

const text = (value: string): string => value;
const optional = (value: string): string | null => value === "" ? null : value;

function origin(value: string): string | null {
  if (value === "") return null;
  const url = z.url({ protocol: /^https?$/ }).safeParse(value);
  if (!url.success) {
    throw new Error("must be an http or https address, for example https://personas.example.org");
  }
  const parsed = new URL(value);
  if (parsed.pathname !== "/" || parsed.search !== "" || parsed.hash !== "" || hasPassword(parsed)) {
    throw new Error("must be an origin only: no path, query or password");
  }
  return parsed.origin;
}

/** Names and passwords in addresses are for no setting: `fetch` refuses them, and they would be shown. */
function hasPassword(url: URL): boolean {
  return url.username !== "" || url.password !== "";
}

function origins(value: string): string[] {
  return value.split(/[\s,]+/).filter((one) => one !== "").map((one) => origin(one) ?? "");
}

function endpoint(value: string): string | null {
  if (value === "") return null;
  const url = z.url({ protocol: /^https?$/ }).safeParse(value);
  if (!url.success) {
    throw new Error("must be an http or https address, for example http://127.0.0.1:11434/v1");
  }
  if (hasPassword(new URL(value))) {
    throw new Error("must not hold a name or password: the key has a setting of its own");
  }
  return value.replace(/\/+$/, "");
}

function host(value: string): string {
  if (!/^[\w.:%-]{1,255}$/.test(value)) {
    throw new Error("must be an address or name to listen on, for example 127.0.0.1");
  }
  return value;
}

function atLeast(characters: number): (value: string) => string | null {
  return (value) => {
    if (value === "") return null;
    if (value.length < characters) throw new Error(`must have at least ${characters} characters`);
    return value;
  };
}

function databaseUrl(value: string): string | null {
  if (value === "") return null;
  if (!/^postgres(ql)?:\/\//.test(value)) throw new Error("must begin with postgres:// or postgresql://");
  return value;
}

const one = <T>(setting: Setting<T>): Setting<T> => setting;

export const SETTINGS = {
  PORT: one({ default: "8000", meaning: "Port of the console and the API.", parse: wholeNumber(1, 65_535) }),
  HOST: one({
    default: "127.0.0.1",
    meaning: "Address to listen on; 0.0.0.0 makes it reachable from other machines.",
    parse: host,
  }),
  PUBLIC_URL: one({
    default: "",
    meaning:
      "Where people reach it, for example https://personas.example.org: for links and origin checks. Cookies are Secure when it is https.",
    parse: origin,
  }),
  TRUST_PROXY: one({
    default: "0",
    meaning:
      "1 where a reverse proxy sets X-Forwarded-For and X-Forwarded-Proto, and nobody can reach the port past it.",
    parse: flag,
  }),
  DATABASE_URL: one({
    default: "",
    meaning: "An own PostgreSQL, 15 or newer; without it an embedded PostgreSQL 18 runs in DATA_DIR.",
    secret: true,
    parse: databaseUrl,
  }),
  TAKE_OVER: one({
    default: "0",
    meaning: "1 takes the log over from another running instance, which then ends.",
    parse: flag,
  }),
  DATA_DIR: one({
    default: "./data",
    meaning: "Folder for the embedded database, the vault key and locks.",
    parse: text,
  }),
  DIGI_PERSONA_KEY: one({
    default: "",
    meaning:
      "Key of the vault, 32 bytes in base64; without it one is made in DATA_DIR/vault.key at the first start.",
    secret: true,
    parse: optional,
  }),
  ADMIN_TOKEN: one({
    default: "",
    meaning: "A bearer token with every right, for automation; 32 characters or more.",
    secret: true,
    parse: atLeast(32),
  }),
  RESET_ACCESS: one({ default: "0", meaning: "1 prints a link for getting back in, once.", parse: flag }),
  OPENAI_API_KEY: one({
    default: "",
    meaning: "Key of the model's endpoint.",
    secret: true,
    parse: optional,
  }),
  OPENAI_BASE_URL: one({
    default: "",
    meaning:
      "Address of an OpenAI-compatible endpoint, for example http://127.0.0.1:11434/v1. With neither key nor address the offline writer writes.",
    parse: endpoint,
  }),
  OPENAI_MODEL: one({ default: "gpt-5-mini", meaning: "Model that writes.", parse: text }),
  OPENAI_TIMEOUT_SECONDS: one({
    default: "120",
    meaning: "Longest wait for one text of the model.",
    parse: wholeNumber(1, 600),
  }),
  ALLOWED_ORIGINS: one({
    default: "",
    meaning:
      "Private or plain-http servers that personas may nevertheless speak to, exact origins apart by commas: an own PDS, for example http://127.0.0.1:2583.",
    parse: origins,
  }),
  PLC_URL: one({
    default: "https://plc.directory",
    meaning: "Directory in which the servers of Bluesky accounts are looked up.",
    parse: (value) => origin(value) ?? "https://plc.directory",
  }),
  X_CLIENT_ID: one({
    default: "",
    meaning: "Client id of your app on X (OAuth 2.0), offered when a person connects an account there.",
    parse: optional,
  }),
  X_CLIENT_SECRET: one({
    default: "",
    meaning: "Client secret of that app; empty for a public client.",
    secret: true,
    parse: optional,
  }),
  X_API_ORIGIN: one({
    default: "https://api.x.com",
    meaning: "Where X's API is; another one is for tests.",
    parse: (value) => origin(value) ?? "https://api.x.com",
  }),
  X_WEB_ORIGIN: one({
    default: "https://x.com",
    meaning: "Where people give leave to an app on X; another one is for tests.",
    parse: (value) => origin(value) ?? "https://x.com",
  }),
  LINKEDIN_CLIENT_ID: one({
    default: "",
    meaning: "Client id of your app on LinkedIn, offered when a person connects an account there.",
    parse: optional,
  }),
  LINKEDIN_CLIENT_SECRET: one({
    default: "",
    meaning: "Client secret of that app.",
    secret: true,
    parse: optional,
  }),
  LINKEDIN_VERSION: one({
    default: "202610",
    meaning: "Version of LinkedIn's API, year and month; each works for a year at least.",
    parse: (value) => {
      if (!/^20\d\d(?:0[1-9]|1[0-2])$/.test(value)) {
        throw new Error("must be a year and a month such as 202610");
      }
      return value;
    },
  }),
  LINKEDIN_CALLS_A_DAY: one({
    default: "100",
    meaning:
      "Calls a day (UTC) that LinkedIn allows an account of your app; what would be more waits for the next day. 100 is what it allows in its development tier; 0 counts nothing and waits only when LinkedIn says so.",
    parse: wholeNumber(0, 1_000_000),
  }),
  LINKEDIN_MEMBER_ANALYTICS: one({
    default: "0",
    meaning:
      "1 asks members on LinkedIn for r_member_postAnalytics too, to see how their posts do. Only an app with LinkedIn's Community Management API has it: LinkedIn refuses to connect any other that asks for it.",
    parse: flag,
  }),
  LINKEDIN_API_ORIGIN: one({
    default: "https://api.linkedin.com",
    meaning: "Where LinkedIn's API is; another one is for tests.",
    parse: (value) => origin(value) ?? "https://api.linkedin.com",
  }),
  LINKEDIN_WEB_ORIGIN: one({
    default: "https://www.linkedin.com",
    meaning: "Where people give leave to an app on LinkedIn; another one is for tests.",
    parse: (value) => origin(value) ?? "https://www.linkedin.com",
  }),
  SANDBOX_AUDIENCE: one({
    default: "1",
    meaning:
      "0 leaves the sandbox to the personas alone: nobody answers them there. 1 has a small cast of made-up people react to what they post.",
    parse: flag,
  }),
  APPROVAL_DAYS: one({ default: "7", meaning: "Days that an approval holds.", parse: wholeNumber(1, 90) }),
  REQUIRE_ALT_TEXT: one({
    default: "1",
    meaning:
      "1 asks for a description (alt text) of every picture before a post can be approved; 0 lets pictures go out without.",
    parse: flag,
  }),
  SLOT_GRACE_MINUTES: one({
    default: "60",
    meaning:
      "How late a scheduled post may still go out, after an outage for example; later it waits for a person.",
    parse: wholeNumber(1, 1_440),
  }),
  MAX_LIVE: one({
    default: "50",
    meaning:
      "Personas that are running at once; beyond it the least recently used idle ones are put to sleep.",
    parse: wholeNumber(1, 500),
  }),
  IDLE_MINUTES: one({
    default: "10",
    meaning: "Time without anything to do after which a persona is put to sleep; whatever is due wakes it.",
    parse: wholeNumber(1, 1_440),
  }),
  LISTEN_MINUTES: one({
    default: "15",
    meaning:
      "How often a sleeping persona is woken to look for mentions and replies; four do so at once, so thousands take longer.",
    parse: wholeNumber(1, 1_440),
  }),
  WATCHDOG_SECONDS: one({
    default: "10",
    meaning:
      "Time without a sign of life after which a persona's worker counts as stuck and is ended with its process.",
    parse: wholeNumber(2, 300),
  }),
  ACTOR_HEAP_MB: one({
    default: "256",
    meaning: "Largest JavaScript heap of one persona.",
    parse: wholeNumber(64, 8_192),
  }),
  CELL_MEMORY_MB: one({
    default: "1024",
    meaning:
      "Largest resident size of one process of personas; past it the process is ended and they start again.",
    parse: wholeNumber(256, 65_536),
  }),
  MIN_FREE_MB: one({
    default: "200",
    meaning: "Free space in DATA_DIR below which new work is refused; outcomes are still kept.",
    parse: wholeNumber(0, 1_000_000),
  }),
  DIGI_PERSONA_CRASH: one<ArmedCrash | null>({
    default: "",
    meaning: "For the crash tests only: NAME:PASS:main|cell ends that process at the named point.",
    parse: parseCrash,
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Config = { readonly [N in SettingName]: ReturnType<(typeof SETTINGS)[N]["parse"]> };

/** Reads every setting; the error names the setting, never the value of a secret. */
export function readConfig(
  env: (name: string) => string | undefined,
  readFile: (path: string) => string,
): Config {
  const entries = Object.entries(SETTINGS).map((
    [name, setting],
  ) => [name, readSetting(name, setting, env, readFile)]);
  return Object.fromEntries(entries) as Config;
}

function readSetting(
  name: string,
  setting: Setting<unknown>,
  env: (name: string) => string | undefined,
  readFile: (path: string) => string,
): unknown {
  let value = env(name);
  const file = setting.secret ? env(`${name}_FILE`) : undefined;
  if (file !== undefined && file !== "") {
    if (value !== undefined && value !== "") {
      throw new ConfigError(`${name} and ${name}_FILE are both set: keep one`);
    }
    try {
      value = readFile(file).trim();
    } catch {
      throw new ConfigError(`${name}_FILE names a file that cannot be read: ${shown(file)}`);
    }
    if (value === "") throw new ConfigError(`${name}_FILE names an empty file: ${shown(file)}`);
  }
  const given = value?.trim() || setting.default;
  try {
    return setting.parse(given);
  } catch (error) {
    const but = setting.secret ? "" : `, not “${shown(given)}”`;
    throw new ConfigError(`${name} ${error instanceof Error ? error.message : String(error)}${but}`);
  }
}

/** A value for an error: on one line, short, and without the password that an address may hold. */
function shown(value: string): string {
  const line = value.replace(/\/\/[^/\s]*@/g, "//…@").replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100).toWellFormed()}…` : line;
}

/** The names of all variables that are read, for `--allow-env`. */
export function environmentNames(): string[] {
  return Object.entries(SETTINGS).flatMap(([name, setting]) =>
    (setting as Setting<unknown>).secret ? [name, `${name}_FILE`] : [name]
  );
}
