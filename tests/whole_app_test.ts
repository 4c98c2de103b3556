/** The whole app, as the server serves it, on a real database with a real supervisor: who gets in where, and the outward minimum. */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import type { PersonaKind } from "../actors/persona/identity.ts";
import { writeSecret } from "../actors/persona/platforms/bluesky/secret.ts";
import { connectionSecret } from "../actors/persona/platforms/registry.ts";
import { readConfig } from "../config.ts";
import type { Access } from "../routes/access/access.ts";
import { type Action, type Scope, SCOPES } from "../routes/access/authorize.ts";
import { type Caller, type Row, walkRoutes } from "../routes/access/routes_by_roles.ts";
import { unguardedRoutes } from "../routes/route.ts";
import { buildApp } from "../routes/server.ts";
import { type FreshDatabase, testOn } from "./database.ts";
import { ada, type Running, runSupervisor } from "./running_supervisor.ts";

const ADMIN_TOKEN = "admin-token-of-the-whole-app-test-0123456789";
const ORIGIN = "http://127.0.0.1";
const TEXT = "Lindens drip because aphids do.";

const TOKENS: Record<string, Scope[]> = {
  noScope: [],
  read: ["read"],
  write: ["write"],
  approve: ["approve"],
  approveReal: ["approve", "approve:real"],
  metrics: ["metrics"],
  everyScope: [...SCOPES],
};

/** Who gets in where, besides the owner, who gets in everywhere; written out by hand, so that a slip in `authorize` shows. */
const ADMITTED: Record<Action, string[]> = {
  "public": ["anonymous", ...Object.keys(TOKENS), "adminToken"],
  "persona.list": ["read", "everyScope", "adminToken"],
  "persona.read": ["read", "everyScope", "adminToken"],
  "persona.create": ["write", "everyScope", "adminToken"],
  "persona.import": ["write", "everyScope", "adminToken"],
  "persona.edit": ["write", "everyScope", "adminToken"],
  "persona.delete": ["write", "everyScope", "adminToken"],
  "persona.command": ["write", "everyScope", "adminToken"],
  "persona.approve": ["approveReal", "everyScope"],
  "persona.connect": ["write", "everyScope", "adminToken"],
  "sandbox.approve": ["approve", "approveReal", "everyScope", "adminToken"],
  "posting.stop": ["write", "everyScope", "adminToken"],
  "posting.lift": [],
  "events.read": ["read", "everyScope", "adminToken"],
  "live.read": ["read", "everyScope", "adminToken"],
  "runtime.read": ["read", "everyScope", "adminToken"],
  "runtime.control": ["adminToken"],
  "settings.read": ["read", "everyScope", "adminToken"],
  "settings.edit": ["adminToken"],
  "openapi.read": [...Object.keys(TOKENS), "adminToken"],
  "metrics.read": ["metrics", "everyScope", "adminToken"],
  "tokens.manage": ["adminToken"],
  "tokens.grant_real_approval": [],
  "users.manage": ["adminToken"],
  "account.edit": [],
};

/** Which right a command needs stands in its body: who may only approve is let as far as that. */
const COMMANDS = /^\/api\/v1\/(personas\/:personaId\/)?commands$/;

interface Site extends Running {
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
  ): Promise<{ postId: string; contentHash: string }>;
}

type Who = { token: string } | { cookie: string };

const admin: Who = { token: ADMIN_TOKEN };

function testSite(name: string, test: (site: Site) => Promise<void>): void {
  testOn("embedded", name, async (database) => {
    const asked: string[] = [];
    const pds = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      asked.push(request.url);
      return Response.json({ error: "Unavailable" }, { status: 503 });
    });
    const origin = `http://127.0.0.1:${pds.addr.port}`;
    const running = await runSupervisor(database, { allowedOrigins: [origin] });
    const { site, close } = await build(database, running, { origin, asked });
    try {
      await test(site);
    } finally {
      await close();
      await running.close();
      await pds.shutdown();
    }
  });
}

async function build(
  database: FreshDatabase,
  running: Running,
  pds: Site["pds"],
): Promise<{ site: Site; close(): Promise<void> }> {
  const settings: Record<string, string> = { ADMIN_TOKEN, DATA_DIR: running.dataDir };
  const { hono, access, live, metrics } = buildApp({
    config: readConfig((name) => settings[name], () => ""),
    version: "0.0.0-test",
    log: running.log,
    database: database.sql,
    supervisor: running.supervisor,
    linking: running.linking,
    writer: { kind: "offline" },
    report: (line) => void running.reports.push(line),
  });
  const link = new URL(await access.issueSetUpLink(ORIGIN) ?? "");
  const entered = await hono.request(`${ORIGIN}/setup`, {
    method: "POST",
    headers: { host: "127.0.0.1", origin: ORIGIN },
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
        origin: ORIGIN,
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
    async waiting(personaId, platform) {
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
        text: TEXT,
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

const commands = (personaId: string) => `/api/v1/personas/${personaId}/commands`;

testSite(
  "whole app: no route goes past the guard, and each lets in exactly those who may",
  async ({ hono, access, tokens, database }) => {
    assert.deepEqual(unguardedRoutes(hono), []);
    const [{ id = "", at = "" } = {}] = await database.sql.query<{ id: string; at: string }>(
      "select id, password_changed_at as at from access_user",
    );
    const bearer = (token: string) => () => Promise.resolve({ authorization: `Bearer ${token}` });
    const callers: Caller[] = [
      { name: "anonymous", headers: () => Promise.resolve({}) },
      ...Object.entries(tokens).map(([name, token]) => ({ name, headers: bearer(token) })),
      { name: "adminToken", headers: bearer(ADMIN_TOKEN) },
      {
        name: "owner",
        headers: async () => ({
          cookie: `digi-persona=${await access.sessions.open({ id, passwordChangedAt: at }, {
            address: "",
            userAgent: "",
          })}`,
        }),
      },
    ];
    const table = await walkRoutes(hono, callers);
    const paths = [...table.keys()].map(({ method, path }) => `${method} ${path}`);
    for (
      const known of [
        "GET /",
        "GET /live",
        "GET /metrics",
        "GET /healthz",
        "GET /openapi.json",
        "POST /posting/lift",
        "POST /api/v1/personas",
        "GET /api/v1/events",
      ]
    ) {
      assert.ok(paths.includes(known), `${known} is among the routes that were walked`);
    }
    assert.ok(paths.length >= 80, `${paths.length} routes`);
    for (const [{ method, path, action }, row] of table) {
      const admitted = new Set([
        "owner",
        ...ADMITTED[action],
        ...COMMANDS.test(path) ? ADMITTED["sandbox.approve"] : [],
      ]);
      const wanted: Row = Object.fromEntries(
        callers.map(({ name }) => [name, admitted.has(name) ? "in" : name === "anonymous" ? 401 : 403]),
      );
      assert.deepEqual(row, wanted, `${method} ${path} (${action})`);
    }
  },
);

testSite(
  "whole app: an address that no page takes is a page that says so, never a failure",
  async ({ hono, ownerCookie, reports }) => {
    for (
      const path of [
        "/activity?before=nonsense",
        "/events/nonsense",
        "/posts/nonsense",
        "/personas/nonsense",
        "/review?after=%F0",
        "/nowhere",
        "/personas/nonsense/posts?after=1",
      ]
    ) {
      const answer = await hono.request(ORIGIN + path, {
        headers: { host: "127.0.0.1", cookie: ownerCookie, accept: "text/html" },
      });
      assert.equal(answer.status, 404, path);
      assert.match(await answer.text(), /<h[12]/, path);
    }
    assert.deepEqual(reports, []);
  },
);

testSite(
  "sandbox approval: ADMIN_TOKEN and a token with `approve` may, one without may not; whose it was is kept and shown",
  async (site) => {
    const { call, tokens, createPersona, waiting, event, page } = site;
    const personaId = await createPersona();
    const { postId, contentHash } = await waiting(personaId, "sandbox");
    const approve = { type: "approve", postId, contentHash, then: { kind: "publish" } };
    for (const name of ["noScope", "read", "write", "metrics"]) {
      const refused = await call("POST", commands(personaId), { token: tokens[name] ?? "" }, approve);
      assert.deepEqual([refused.status, refused.body.code], [403, "forbidden"], name);
    }
    const approved = await call("POST", commands(personaId), { token: tokens.approve ?? "" }, approve);
    assert.equal(approved.status, 200, JSON.stringify(approved.body));
    const [fact] = approved.body.events;
    assert.equal(fact.type, "PostApproved");
    assert.match(fact.by, /^token:/);
    assert.equal(fact.data.via, "token");
    await event(({ type, data }) => type === "PostPublished" && data.postId === postId);
    for (const path of [`/posts/${postId}/why`, `/personas/${personaId}`, `/events/${fact.position}`]) {
      assert.match(await page(path), /token/, path);
    }

    const second = await waiting(personaId, "sandbox");
    const byAdmin = await call("POST", commands(personaId), admin, {
      type: "approve",
      ...second,
      then: { kind: "publish" },
    });
    assert.equal(byAdmin.status, 200, JSON.stringify(byAdmin.body));
    assert.equal(byAdmin.body.events[0].by, "admin-token");
    assert.equal(byAdmin.body.events[0].data.via, "token");
  },
);

testSite(
  "real accounts: only a person, or a token that was allowed to, approves; ADMIN_TOKEN never; and the approval says which",
  async (site) => {
    const { call, tokens, createPersona, waiting, page, ownerCookie } = site;
    const personaId = await createPersona({ operatedBy: "Fern Street Observatory" });
    await linkReal(site, personaId);
    const { postId, contentHash } = await waiting(personaId, "bluesky");
    const approve = { type: "approve", postId, contentHash };
    for (
      const [name, who] of Object.entries({
        admin,
        approve: { token: tokens.approve ?? "" },
        write: { token: tokens.write ?? "" },
      })
    ) {
      const refused = await call("POST", commands(personaId), who, approve);
      assert.deepEqual([refused.status, refused.body.code], [403, "forbidden"], name);
      const inPage = await site.hono.request(`${ORIGIN}/personas/${personaId}/posts/${postId}/approve`, {
        method: "POST",
        headers: { host: "127.0.0.1", authorization: `Bearer ${who.token}` },
        body: new URLSearchParams({ contentHash }),
      });
      await inPage.body?.cancel();
      assert.equal(inPage.status, 403, `${name}, through the console's form`);
    }
    const scheduled = { ...approve, then: { kind: "schedule", at: "2099-01-01T10:00", zone: "UTC" } };
    assert.equal((await call("POST", commands(personaId), admin, scheduled)).status, 403);

    const byToken = await call("POST", commands(personaId), { token: tokens.approveReal ?? "" }, approve);
    assert.equal(byToken.status, 200, JSON.stringify(byToken.body));
    assert.match(byToken.body.events[0].by, /^token:/);
    assert.equal(byToken.body.events[0].data.via, "token");
    assert.match(await page(`/posts/${postId}`), /approved by [^<]*\(token\)/);

    const next = await waiting(personaId, "bluesky");
    const byPerson = await call("POST", commands(personaId), { cookie: ownerCookie }, {
      type: "approve",
      ...next,
    });
    assert.equal(byPerson.status, 200, JSON.stringify(byPerson.body));
    assert.equal(byPerson.body.events[0].data.via, "session");
    assert.match(await page(`/posts/${next.postId}`), /approved by Ada Lovelace/);
  },
);

testSite(
  "linking a real account: refused without a named operator, without disclosure, for a real person, before any server is asked",
  async (site) => {
    const { call, createPersona, pds } = site;
    const credentials = {
      platform: "bluesky",
      service: pds.origin,
      identifier: "fern.test",
      password: "abcd-efgh-ijkl-mnop",
      disclose: true,
    };
    const attempt = async (changes: Record<string, unknown>, body: Record<string, unknown>) => {
      const personaId = await createPersona(changes);
      const answer = await call("POST", `/api/v1/personas/${personaId}/connections`, admin, body);
      const { items } = (await call("GET", `/api/v1/personas/${personaId}/connections`, admin)).body;
      assert.deepEqual(items.map((one: { platform: string }) => one.platform), ["sandbox"]);
      return [answer.status >= 400, answer.body.code];
    };
    const named = { operatedBy: "Fern Street Observatory" };
    assert.deepEqual(await attempt({}, credentials), [true, "operator_unnamed"]);
    assert.deepEqual(await attempt({ operatedBy: "   " }, credentials), [true, "operator_unnamed"]);
    assert.deepEqual(await attempt(named, { ...credentials, disclose: false }), [true, "disclosure_missing"]);
    assert.deepEqual(await attempt({ ...named, kind: "real_person" satisfies PersonaKind }, credentials), [
      true,
      "real_person",
    ]);
    assert.deepEqual(pds.asked, [], "nobody was asked");
  },
);

testSite(
  "a persona that has a real account: cannot become a real person, and cannot lose who runs it",
  async (site) => {
    const { call, createPersona } = site;
    const personaId = await createPersona({ operatedBy: "Fern Street Observatory" });
    await linkReal(site, personaId);
    for (const changes of [{ kind: "real_person" }, { operatedBy: "" }]) {
      const edited = await call(
        "PATCH",
        `/api/v1/personas/${personaId}`,
        { cookie: site.ownerCookie },
        changes,
      );
      assert.ok(edited.status >= 400, `${JSON.stringify(changes)}: ${edited.status}`);
    }
  },
);

testSite(
  "Stop all posting: a token may stop, nothing goes out, only a person lifts, and then what was approved goes out",
  async (site) => {
    const { call, tokens, createPersona, waiting, event, page, ownerCookie, supervisor, database } = site;
    const personaId = await createPersona();
    const { postId, contentHash } = await waiting(personaId, "sandbox");
    const stopped = await call("POST", "/api/v1/posting/stop", { token: tokens.write ?? "" }, {
      why: "a drill",
    });
    assert.equal(stopped.status, 200);
    assert.equal(stopped.body.stopped, true);
    assert.match(await page("/"), /All posting is stopped\./);
    const approved = await call("POST", commands(personaId), { cookie: ownerCookie }, {
      type: "approve",
      postId,
      contentHash,
      then: { kind: "publish" },
    });
    assert.equal(approved.status, 200, JSON.stringify(approved.body));
    await event(({ type, data }) =>
      ["PublishDeferred", "PublishRequested"].includes(type) && data.postId === postId
    );
    for (const who of [{ token: tokens.everyScope ?? "" }, admin]) {
      assert.equal((await call("POST", "/api/v1/posting/lift", who)).status, 403);
    }
    assert.equal(supervisor.posting().stopped, true);
    // A second post, of another persona, goes the whole way to the switch: nothing of either went out.
    const other = await createPersona({ name: "Wren" });
    const second = await waiting(other, "sandbox");
    await call("POST", commands(other), { cookie: ownerCookie }, {
      type: "approve",
      ...second,
      then: { kind: "publish" },
      const attempts = (await site.log.read(0, 1_000)).filter(({ type }) => type === "PublishAttempted");
  assert.deepEqual(attempts.filter(({ position }) => position <= before), [], "nothing was attempted while the stop was on");
});
    await event(({ type, data }) =>
      ["PublishDeferred", "PublishRequested"].includes(type) && data.postId === second.postId
    );
    assert.deepEqual(await database.sql.query("select id from sandbox_post where text = $1", [TEXT]), []);

    const before = site.log.head;
  assert.equal((await call("POST", "/api/v1/posting/lift", { cookie: ownerCookie })).status, 200);
    for (const id of [postId, second.postId]) {
      await event(({ type, data }) => type === "PostPublished" && data.postId === id);
    }
    assert.equal((await database.sql.query("select id from sandbox_post where text = $1", [TEXT])).length, 2);
  },
);

/** As if an account had been linked: its server answers nothing. */
async function linkReal({ vault, send, pds }: Site, personaId: string): Promise<void> {
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
