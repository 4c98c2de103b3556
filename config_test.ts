import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { SettingName } from "./config.ts";
import { ConfigError, environmentNames, readConfig, SETTINGS } from "./config.ts";

function read(env: Record<string, string>, files: Record<string, string> = {}) {
  return readConfig((name) => env[name], (path) => {
    const text = files[path];
    if (text === undefined) throw new Error("no such file");
    return text;
  });
}

function errorOf(env: Record<string, string>, files: Record<string, string> = {}): string {
  try {
    read(env, files);
  } catch (error) {
    ok(error instanceof ConfigError, String(error));
    ok(!error.message.includes("\n"), error.message);
    return error.message;
  }
  throw new Error(`taken: ${JSON.stringify(env)}`);
}

Deno.test("config, nothing set: every setting has its default", () => {
  deepStrictEqual(read({}), {
    PORT: 8000,
    HOST: "127.0.0.1",
    PUBLIC_URL: null,
    TRUST_PROXY: false,
    DATABASE_URL: null,
    TAKE_OVER: false,
    DATA_DIR: "./data",
    DIGI_PERSONA_KEY: null,
    ADMIN_TOKEN: null,
    RESET_ACCESS: false,
    OPENAI_API_KEY: null,
    OPENAI_BASE_URL: null,
    OPENAI_MODEL: "gpt-5-mini",
    OPENAI_TIMEOUT_SECONDS: 120,
    ALLOWED_ORIGINS: [],
    PLC_URL: "https://plc.directory",
    X_CLIENT_ID: null,
    X_CLIENT_SECRET: null,
    X_API_ORIGIN: "https://api.x.com",
    X_WEB_ORIGIN: "https://x.com",
    LINKEDIN_CLIENT_ID: null,
    LINKEDIN_CLIENT_SECRET: null,
    LINKEDIN_VERSION: "202610",
    LINKEDIN_CALLS_A_DAY: 100,
    LINKEDIN_MEMBER_ANALYTICS: false,
    LINKEDIN_API_ORIGIN: "https://api.linkedin.com",
    LINKEDIN_WEB_ORIGIN: "https://www.linkedin.com",
    SANDBOX_AUDIENCE: true,
    APPROVAL_DAYS: 7,
    REQUIRE_ALT_TEXT: true,
    SLOT_GRACE_MINUTES: 60,
    MAX_LIVE: 50,
    IDLE_MINUTES: 10,
    LISTEN_MINUTES: 15,
    WATCHDOG_SECONDS: 10,
    ACTOR_HEAP_MB: 256,
    CELL_MEMORY_MB: 1_024,
    MIN_FREE_MB: 200,
    DIGI_PERSONA_CRASH: null,
  });
  deepStrictEqual(read(Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, "  "]))), read({}));
});

const LONG = "t".repeat(32);

Deno.test("config, a good value of each setting: read", () => {
  const cases: [SettingName, string, unknown][] = [
    ["PORT", "65535", 65_535],
    ["HOST", "0.0.0.0", "0.0.0.0"],
    ["HOST", "::1", "::1"],
    ["PUBLIC_URL", "https://personas.example.org/", "https://personas.example.org"],
    ["PUBLIC_URL", "http://LOCALHOST:8000", "http://localhost:8000"],
    ["TRUST_PROXY", "Yes", true],
    ["DATABASE_URL", "postgresql://u:p@db/x", "postgresql://u:p@db/x"],
    ["TAKE_OVER", "1", true],
    ["DATA_DIR", "/var/lib/digi persona", "/var/lib/digi persona"],
    ["DIGI_PERSONA_KEY", "k", "k"],
    ["ADMIN_TOKEN", LONG, LONG],
    ["RESET_ACCESS", "off", false],
    ["OPENAI_API_KEY", " key\n", "key"],
    ["OPENAI_BASE_URL", "http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"],
    ["OPENAI_MODEL", "llama3", "llama3"],
    ["OPENAI_TIMEOUT_SECONDS", "600", 600],
    ["ALLOWED_ORIGINS", "http://127.0.0.1:2583, https://pds.example", [
      "http://127.0.0.1:2583",
      "https://pds.example",
    ]],
    ["PLC_URL", "http://127.0.0.1:2582/", "http://127.0.0.1:2582"],
    ["X_CLIENT_ID", " app ", "app"],
    ["X_CLIENT_SECRET", "secret\n", "secret"],
    ["X_API_ORIGIN", "http://127.0.0.1:4010/", "http://127.0.0.1:4010"],
    ["X_WEB_ORIGIN", "http://127.0.0.1:4011", "http://127.0.0.1:4011"],
    ["LINKEDIN_CLIENT_ID", "app", "app"],
    ["LINKEDIN_CLIENT_SECRET", "secret", "secret"],
    ["LINKEDIN_VERSION", "202712", "202712"],
    ["LINKEDIN_CALLS_A_DAY", "0", 0],
    ["LINKEDIN_MEMBER_ANALYTICS", "1", true],
    ["LINKEDIN_API_ORIGIN", "http://127.0.0.1:4020", "http://127.0.0.1:4020"],
    ["LINKEDIN_WEB_ORIGIN", "http://127.0.0.1:4021/", "http://127.0.0.1:4021"],
    ["SANDBOX_AUDIENCE", "0", false],
    ["APPROVAL_DAYS", "90", 90],
    ["REQUIRE_ALT_TEXT", "0", false],
    ["SLOT_GRACE_MINUTES", "1", 1],
    ["MAX_LIVE", "1", 1],
    ["IDLE_MINUTES", "1", 1],
    ["LISTEN_MINUTES", "1440", 1_440],
    ["WATCHDOG_SECONDS", "2", 2],
    ["ACTOR_HEAP_MB", "64", 64],
    ["CELL_MEMORY_MB", "256", 256],
    ["MIN_FREE_MB", "0", 0],
    ["DIGI_PERSONA_CRASH", "after-permit:2:cell", { point: "after-permit", pass: 2, who: "cell" }],
  ];
  for (const [name, text, value] of cases) {
    deepStrictEqual(read({ [name]: text })[name], value, `${name}=${text}`);
  }
  const tried = new Set(cases.map(([name]) => name));
  deepStrictEqual(Object.keys(SETTINGS).filter((name) => !tried.has(name as SettingName)), []);
});

Deno.test("config, a bad value: one line that names the setting, says what is right and shows what was given", () => {
  const cases: [SettingName, string, RegExp][] = [
    ["PORT", "0", /^PORT must be a whole number from 1 to 65535, not “0”$/],
    ["PORT", "80.5", /^PORT must/],
    ["PORT", "eighty\nthousand", /^PORT must .* not “eighty thousand”$/],
    ["PORT", "9".repeat(500), /^PORT must be .* not “9{100}…”$/],
    ["HOST", "http://x", /^HOST must be an address/],
    ["PUBLIC_URL", "personas.example.org", /^PUBLIC_URL must be an http or https address/],
    ["PUBLIC_URL", "ftp://x", /^PUBLIC_URL must/],
    ["PUBLIC_URL", "https://x/console", /^PUBLIC_URL must be an origin only/],
    ["PUBLIC_URL", "https://x/#a", /^PUBLIC_URL must be an origin only/],
    ["TRUST_PROXY", "maybe", /^TRUST_PROXY must be 1 or 0, not “maybe”$/],
    ["TAKE_OVER", "2", /^TAKE_OVER must/],
    ["RESET_ACCESS", "x", /^RESET_ACCESS must/],
    ["OPENAI_BASE_URL", "localhost:11434", /^OPENAI_BASE_URL must be an http or https address/],
    ["OPENAI_TIMEOUT_SECONDS", "601", /^OPENAI_TIMEOUT_SECONDS must be a whole number from 1 to 600/],
    ["ALLOWED_ORIGINS", "https://ok.example,x", /^ALLOWED_ORIGINS must/],
    ["PLC_URL", "plc.directory", /^PLC_URL must/],
    ["X_API_ORIGIN", "https://api.x.com/2", /^X_API_ORIGIN must be an origin only/],
    ["X_WEB_ORIGIN", "x.com", /^X_WEB_ORIGIN must be an http or https address/],
    [
      "LINKEDIN_VERSION",
      "2026-10",
      /^LINKEDIN_VERSION must be a year and a month such as 202610, not “2026-10”$/,
    ],
    ["LINKEDIN_VERSION", "202613", /^LINKEDIN_VERSION must/],
    ["LINKEDIN_CALLS_A_DAY", "many", /^LINKEDIN_CALLS_A_DAY must be a whole number/],
    ["LINKEDIN_MEMBER_ANALYTICS", "2", /^LINKEDIN_MEMBER_ANALYTICS must be 1 or 0/],
    ["LINKEDIN_API_ORIGIN", "ftp://x", /^LINKEDIN_API_ORIGIN must/],
    ["LINKEDIN_WEB_ORIGIN", "https://x/oauth", /^LINKEDIN_WEB_ORIGIN must be an origin only/],
    ["APPROVAL_DAYS", "-1", /^APPROVAL_DAYS must/],
    ["SLOT_GRACE_MINUTES", "1441", /^SLOT_GRACE_MINUTES must/],
    ["MAX_LIVE", "501", /^MAX_LIVE must/],
    ["MIN_FREE_MB", "x", /^MIN_FREE_MB must/],
    ["DIGI_PERSONA_CRASH", "x:1:main", /^DIGI_PERSONA_CRASH must be NAME:PASS:main\|cell/],
  ];
  for (const [name, text, expected] of cases) {
    const message = errorOf({ [name]: text });
    ok(expected.test(message), message);
  }
});

Deno.test("config, secrets: never in the error, not even the password inside of an address", () => {
  const cases: [SettingName, string][] = [
    ["DATABASE_URL", "mysql://u:hush@db/x"],
    ["ADMIN_TOKEN", "hush"],
    ["PUBLIC_URL", "https://u:hush@x"],
    ["PUBLIC_URL", "https://:hush@x"],
    ["OPENAI_BASE_URL", "https://u:hush@x/v1"],
    ["ALLOWED_ORIGINS", "https://u:hush@x"],
  ];
  for (const [name, text] of cases) {
    const message = errorOf({ [name]: text });
    ok(message.startsWith(`${name} `) && !message.includes("hush"), message);
  }
});

Deno.test("config, a secret in a file: read without the line end; both, none to read, or empty are named", () => {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const secret = "secret" in setting && setting.secret === true;
    const value = name === "DATABASE_URL" ? "postgres://db/x" : LONG;
    if (!secret) {
      deepStrictEqual(read({ [`${name}_FILE`]: "/f" }), read({}), "only secrets come from files");
      continue;
    }
    strictEqual(read({ [`${name}_FILE`]: "/f" }, { "/f": `${value}\n` })[name as SettingName], value);
    strictEqual(
      errorOf({ [`${name}_FILE`]: "/f", [name]: value }, { "/f": value }),
      `${name} and ${name}_FILE are both set: keep one`,
    );
    strictEqual(errorOf({ [`${name}_FILE`]: "/f" }), `${name}_FILE names a file that cannot be read: /f`);
    strictEqual(errorOf({ [`${name}_FILE`]: "/f" }, { "/f": " \n" }), `${name}_FILE names an empty file: /f`);
  }
});

Deno.test("config, the names for --allow-env: each setting, and the file of each secret", () => {
  const names = environmentNames();
  for (const name of Object.keys(SETTINGS)) ok(names.includes(name));
  deepStrictEqual(names.filter((name) => name.endsWith("_FILE")), [
    "DATABASE_URL_FILE",
    "DIGI_PERSONA_KEY_FILE",
    "ADMIN_TOKEN_FILE",
    "OPENAI_API_KEY_FILE",
    "X_CLIENT_SECRET_FILE",
    "LINKEDIN_CLIENT_SECRET_FILE",
  ]);
  const asked: string[] = [];
  readConfig((name) => void asked.push(name) as undefined, () => "");
  deepStrictEqual(asked.filter((name) => !names.includes(name)), []);
  throws(() => read({ PORT: "x" }), ConfigError);
});
