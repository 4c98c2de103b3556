/** Test equipment: the sandbox as it runs, over HTTP on a real database, with a clock that the test moves. */
import { HandClock } from "../../actors/hand_clock.ts";
import type { AdapterContext, Noted, Payload, Sent } from "../../actors/persona/platforms/port.ts";
import { sandboxAdapter } from "../../actors/persona/platforms/sandbox/adapter.ts";
import { createSandboxAccount } from "../../db/sandbox/sandbox.ts";
import { type FreshDatabase, testOn } from "../../tests/database.ts";
import { Audience, type AudienceOptions } from "./audience.ts";
import type { SandboxOptions } from "./parts.ts";
import { sandboxApp, sandboxTokenHash } from "./server.ts";

export interface Network {
  url: string;
  clock: HandClock;
  database: FreshDatabase;
  /** Null unless the test asked for one. */
  audience: Audience | null;
  /** What the audience reported. */
  reports: string[];
  /** Pictures that the contexts of this network have. */
  pictures: Map<string, Uint8Array>;
  account(name: string): Promise<TestContext>;
  /** Lets `ms` pass, in steps, with everything done that is due in them. */
  pass(ms: number): Promise<void>;
}

export interface TestContext extends AdapterContext {
  /** What the adapter noted of its calls. */
  noteds: Noted[];
}

export interface NetworkOptions extends Pick<SandboxOptions, "rateLimit"> {
  audience?: Pick<AudienceOptions, "seed" | "mostAnHour">;
}

const STEP_MS = 500;

export function onNetwork(
  name: string,
  test: (network: Network) => Promise<void>,
  options: NetworkOptions = {},
): void {
  testOn("embedded", `sandbox, ${name}`, (database) => withNetwork(database, test, options));
}

export async function withNetwork(
  database: FreshDatabase,
  test: (network: Network) => Promise<void>,
  options: NetworkOptions = {},
): Promise<void> {
  const { sql } = database;
  const clock = new HandClock();
  const reports: string[] = [];
  const report = (line: string) => void reports.push(line);
  const audience = options.audience === undefined
    ? null
    : await Audience.open({ sql, clock, report, ...options.audience });
  const app = sandboxApp({
    sql,
    now: () => clock.now(),
    postUrl: (id) => `https://console.example/${id}`,
    audience,
    rateLimit: options.rateLimit,
  });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const pictures = new Map<string, Uint8Array>();
  const network: Network = {
    url,
    clock,
    database,
    audience,
    reports,
    pictures,
    account: (handle) => contextOf(network, handle),
    async pass(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        await audience?.idle();
        await clock.pass(Math.min(STEP_MS, left));
        await audience?.idle();
      }
    },
  };
  try {
    await test(network);
  } finally {
    await audience?.close();
    await server.shutdown();
  }
}

async function contextOf({ database, clock, url, pictures }: Network, handle: string): Promise<TestContext> {
  const made = await createSandboxAccount(database.sql, {
    id: `id-of-${handle}`,
    handle,
    name: handle,
    tokenHash: sandboxTokenHash(`token-of-${handle}`),
    createdAt: new Date(clock.now()).toISOString(),
  });
  const noteds: Noted[] = [];
  return {
    account: {
      connectionId: "c",
      platform: "sandbox",
      accountId: made.id,
      handle: made.handle,
      service: url,
    },
    secret: `token-of-${handle}`,
    keepSecret: () => Promise.resolve(),
    signal: new AbortController().signal,
    leave: () => Promise.resolve(null),
    media: (sha256) => {
      const bytes = pictures.get(sha256);
      return bytes === undefined
        ? Promise.reject(new Error("this picture is not kept any more"))
        : Promise.resolve(bytes);
    },
    noted: (noted) => void noteds.push(noted),
    noteds,
  };
}

/** A frozen post, or thread, as it is in an intent. */
export function payload(
  key: string,
  texts: string | string[],
  first: Record<string, unknown> = {},
): Payload {
  const parts = [texts].flat();
  return {
    keys: parts.map((_, index) => parts.length === 1 ? key : `${key}-${index}`),
    records: parts.map((text, index) => ({
      text,
      language: "en",
      createdAt: "2026-01-05T08:00:00.000Z",
      ...(index === 0 ? first : {}),
    })),
  };
}

/** As a program would that knows no adapter. */
export async function raw(
  at: AdapterContext,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const isBytes = body instanceof Uint8Array;
  const response = await fetch(`${at.account.service}${path}`, {
    method,
    headers: { authorization: `Bearer ${at.secret}`, connection: "close" },
    body: body === undefined ? undefined : isBytes ? body.slice() : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

/** The smallest PNG there is, made different from others by `mark`. */
export async function picture(mark: number): Promise<{ sha256: string; bytes: Uint8Array }> {
  const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, mark]);
  return { sha256: new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(), bytes };
}

/** Fails unless everything is out. */
export async function publish(at: AdapterContext, one: Payload): Promise<Sent[]> {
  const outcome = await sandboxAdapter.publish(at, one, []);
  if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
  return outcome.sent;
}

/** The id of a post of one part. */
export async function sendOne(at: AdapterContext, key: string, text: string, more = {}): Promise<string> {
  const [sent] = await publish(at, payload(key, text, more));
  return sent?.id ?? "";
}
