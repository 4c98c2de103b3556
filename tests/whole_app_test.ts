/** The whole app, as the server serves it, on a real database with a real supervisor: who gets in where, and the outward minimum. */
import assert from "node:assert/strict";
import type { PersonaKind } from "../actors/persona/identity.ts";
import { type Caller, type Row, walkRoutes } from "../routes/access/routes_by_roles.ts";
import { unguardedRoutes } from "../routes/route.ts";
import { ADMITTED, COMMANDS } from "./admitted.ts";
import { admin, ADMIN_TOKEN, commands, linkReal, ORIGIN, testSite, TEXT } from "./whole_app.ts";

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

testSite("tokens that approve on real accounts: given by a person only", async ({ call, ownerCookie }) => {
  const wanted = { name: "night shift", scopes: ["approve", "approve:real"] };
  const refused = await call("POST", "/api/v1/tokens", admin, wanted);
  assert.deepEqual([refused.status, refused.body.code], [403, "forbidden"]);
  assert.equal((await call("POST", "/api/v1/tokens", { cookie: ownerCookie }, wanted)).status, 201);
});

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

    // The same through the console's form, and a real person's persona stays one.
    const real = await createPersona({ ...named, kind: "real_person" satisfies PersonaKind });
    for (const [personaId, fields] of [[real, { disclose: "on" }], [await createPersona(), {}]] as const) {
      const answer = await site.hono.request(`${ORIGIN}/personas/${personaId}/connections/bluesky`, {
        method: "POST",
        headers: {
          host: "127.0.0.1",
          origin: ORIGIN,
          "x-digi-persona": "1",
          "hx-request": "true",
          cookie: site.ownerCookie,
        },
        body: new URLSearchParams({
          service: pds.origin,
          identifier: "fern.test",
          password: "abcd-efgh-ijkl-mnop",
          operatedBy: "Fern Street Observatory",
          ...fields,
        }),
      });
      assert.equal(answer.status, 422, await answer.text());
    }
    const changed = await call("PATCH", `/api/v1/personas/${real}`, { cookie: site.ownerCookie }, {
      kind: "fictional",
    });
    assert.deepEqual([changed.status >= 400, changed.body.code], [true, "real_person"]);
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
    assert.equal(supervisor.stops().length, 1);
    // A second post, of another persona, goes the whole way to the switch: nothing of either went out.
    const other = await createPersona({ name: "Wren" });
    const otherText = "Bats sleep upside down to fall into flight.";
    const second = await waiting(other, "sandbox", otherText);
    await call("POST", commands(other), { cookie: ownerCookie }, {
      type: "approve",
      ...second,
      then: { kind: "publish" },
    });
    await event(({ type, data }) =>
      ["PublishDeferred", "PublishRequested"].includes(type) && data.postId === second.postId
    );
    const out = () =>
      database.sql.query("select id from sandbox_post where text = any($1)", [[TEXT, otherText]]);
    assert.deepEqual(await out(), []);

    const before = site.log.head;
    assert.equal((await call("POST", "/api/v1/posting/lift", { cookie: ownerCookie })).status, 200);
    for (const id of [postId, second.postId]) {
      await event(({ type, data }) => type === "PostPublished" && data.postId === id);
    }
    assert.equal((await out()).length, 2);
    const attempts = (await site.log.read(0, 1_000)).filter(({ type }) => type === "PublishAttempted");
    const early = attempts.filter(({ position }) => position <= before);
    assert.deepEqual(early, [], "nothing was attempted while the stop was on");
  },
);
