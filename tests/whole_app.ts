/** Test equipment: the whole app as the server serves it, without a listener, on a real database with a real supervisor. */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import { writeSecret } from "../actors/persona/platforms/bluesky/secret.ts";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import type { LinkingOptions } from "../actors/supervisor/linking/linking.ts";
import { readConfig } from "../config.ts";
import type { Access } from "../routes/access/access.ts";
import { type Scope, SCOPES } from "../routes/access/authorize.ts";
import { buildApp } from "../routes/server.ts";
import { type FreshDatabase, testOn } from "./database.ts";
import { ada, type Running, runSupervisor } from "./running_supervisor.ts";

export const ADMIN_TOKEN = "admin-token-of-the-whole-app-test-0123456789";
export const ORIGIN = "http://127.0.0.1";
export const TEXT = "Lindens drip because aphids do.";

export const TOKENS: Record<string, Scope[]> = {
  noScope: [],
  read: ["read"],
  write: ["write"],
  approve: ["approve"],
  approveReal: ["approve", "approve:real"],
  metrics: ["metrics"],
  everyScope: [...SCOPES],
};

export interface Site extends Running {
  database: FreshDatabase;
  /** A Bluesky server that may be spoken to, answers nothing useful, and counts who asks. */
  pds: { origin: string; asked: string[] };
  hono: Hono;
  access: Access;
  ownerCookie: string;
  tokens: Record<string, string>;
  /** JSON in, JSON out. */
  // deno-lint-ignore no-explicit-any
  call(method: string, path: string, as: Who, body?: unknown): Promise<{ status: number; body: any }>;
  page(path: string): Promise<string>;
  /** A persona by the API, with a sandbox account. */
  createPersona(changes?: Record<string, unknown>): Promise<string>;
  /** A post that waits for review, with its hash. */
  waiting(
    personaId: string,
    platform: "sandbox" | "bluesky",
    text?: string,
  ): Promise<{ postId: string; contentHash: string }>;
}

type Who = { token: string } | { cookie: string };

export const admin = { token: ADMIN_TOKEN } satisfies Who;

export interface SiteOptions {
  linking?: Partial<LinkingOptions>;
  /** Beside ADMIN_TOKEN and DATA_DIR. */
  settings?: Record<string, string>;
  /** What people have in their address bar. @default ORIGIN */
  origin?: string;
}

export function testSite(name: string, test: (site: Site) => Promise<void>): void {
  testOn("embedded", name, (database) => withSite(database, test));
}

export async function withSite(
  database: FreshDatabase,
  test: (site: Site) => Promise<void>,
  options: SiteOptions = {},
): Promise<void> {
  const asked: string[] = [];
  const pds = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(request.url);
    return Response.json({ error: "Unavailable" }, { status: 503 });
  });
  const origin = `http://127.0.0.1:${pds.addr.port}`;
  const running = await runSupervisor(database, { allowedOrigins: [origin], linking: options.linking });
  const { site, close } = await build(database, running, { origin, asked }, options);
  try {
    await test(site);
  } finally {
    await close();
    await running.close();
    await pds.shutdown();
  }
}

async function build(
  database: FreshDatabase,
  running: Running,
  pds: Site["pds"],
  { settings: more = {}, origin = ORIGIN }: SiteOptions,
): Promise<{ site: Site; close(): Promise<void> }> {
  const settings: Record<string, string> = { ADMIN_TOKEN, DATA_DIR: running.dataDir, ...more };
  const { hono, access, live, metrics } = buildApp({
    config: readConfig((name) => settings[name], () => ""),
    version: "0.0.0-test",
    log: running.log,
    database: database.sql,
    supervisor: running.supervisor,
    linking: running.linking,
    rules: running.rules,
    writer: { kind: "offline" },
    report: (line) => void running.reports.push(line),
  });
  const link = new URL(await access.issueSetUpLink(ORIGIN) ?? "");
  const entered = await hono.request(`${ORIGIN}/setup`, {
    method: "POST",
    headers: { host: "127.0.0.1", origin },
    body: new URLSearchParams({
      token: link.searchParams.get("token") ?? "",
      name: "Ada Lovelace",
      password: "tandem gravel orchid 47",
    }),
  });
  assert.equal(entered.status, 303, await entered.text());
  const ownerCookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const [user] = await database.sql.query<{ id: string }>("select id from access_user");
  const tokens: Record<string, string> = {};
  for (const [name, scopes] of Object.entries(TOKENS)) {
    const made = await access.tokens.create({
      name: `robot ${name}`,
      scopes,
      userId: user?.id ?? null,
      expiresAt: null,
    });
    tokens[name] = made?.token ?? "";
  }

  const call: Site["call"] = async (method, path, as, body) => {
    const answer = await hono.request(ORIGIN + path, {
      method,
      headers: {
        host: "127.0.0.1",
        origin,
        "x-digi-persona": "1",
        ...("token" in as ? { authorization: `Bearer ${as.token}` } : { cookie: as.cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };

  const site: Site = {
    ...running,
    database,
    pds,
    hono,
    access,
    ownerCookie,
    tokens,
    call,
    page: async (path) => {
      const answer = await hono.request(ORIGIN + path, {
        headers: { host: "127.0.0.1", cookie: ownerCookie, accept: "text/html" },
      });
      assert.equal(answer.status, 200, path);
      return await answer.text();
    },
    async createPersona(changes = {}) {
      const made = await call("POST", "/api/v1/personas", admin, { ...ada, ...changes });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const linked = await call("POST", `/api/v1/personas/${made.body.id}/connections`, admin, {
        platform: "sandbox",
      });
      assert.equal(linked.status, 201, JSON.stringify(linked.body));
      return made.body.id;
    },
    async waiting(personaId, platform, text = TEXT) {
      const postId = crypto.randomUUID();
      const of = (type: string) =>
        running.event((event) => event.type === type && event.data.postId === postId);
      const asked = await call("POST", `/api/v1/personas/${personaId}/commands`, admin, {
        type: "compose",
        platform,
        brief: "lindens",
        postId,
      });
      assert.equal(asked.status, 200, JSON.stringify(asked.body));
      await of("PostSubmitted");
      const revised = await call("POST", `/api/v1/personas/${personaId}/commands`, admin, {
        type: "revise",
        postId,
        text,
      });
      assert.equal(revised.status, 200, JSON.stringify(revised.body));
      if (platform === "bluesky") {
        await running.event((event) =>
          ["DraftPrepared", "PreparationFailed"].includes(event.type) && event.data.postId === postId &&
          event.position > revised.body.events[0].position
        );
      }
      const { body } = await call("GET", `/api/v1/personas/${personaId}/posts`, admin);
      const post = body.items.find((one: { id: string }) => one.id === postId);
      assert.equal(post.status, "pending_review", JSON.stringify(post));
      return { postId, contentHash: post.contentHash };
    },
  };
  return {
    site,
    close: async () => {
      await live.close();
      metrics.close();
    },
  };
}

export const commands = (personaId: string) => `/api/v1/personas/${personaId}/commands`;

/** As if an account had been linked: its server answers nothing. */
export async function linkReal({ vault, send, pds }: Site, personaId: string): Promise<void> {
  const connectionId = crypto.randomUUID();
  const session = { accessJwt: "access", refreshJwt: "refresh" };
  await vault.put(
    connectionSecret(connectionId),
    0,
    writeSecret({ identifier: "fern.test", password: "abcd-efgh-ijkl-mnop", session }),
  );
  const answer = await send(personaId, {
    type: "link",
    connection: {
      connectionId,
      platform: "bluesky",
      accountId: "did:plc:fernfernfernfernfernfern",
      handle: "fern.test",
      service: pds.origin,
      disclosure: "profile_label",
    },
  });
  assert.equal(answer.kind, "committed", JSON.stringify(answer));
}
