import { deepEqual, equal } from "node:assert/strict";
import { Hono } from "hono";
import { openDatabase } from "../../db/database.ts";
import { privateServer } from "../../tests/database.ts";
import { ADMIN_TOKEN } from "../access/test_site.ts";
import { apiRoutes } from "./api.ts";
import { testApi } from "./test_api.ts";

testApi("a persona is changed by what is named, and the rest stays", async (api) => {
  const id = await api.persona({ tone: ["dry"], background: "A keeper." });
  const path = `/api/v1/personas/${id}`;
  const edited = await api.call("PATCH", path, { name: "Mira H.", zone: "Asia/Tokyo" });
  deepEqual([edited.status, edited.body.name, edited.body.zone, edited.body.tone, edited.body.background], [
    200,
    "Mira H.",
    "Asia/Tokyo",
    ["dry"],
    "A keeper.",
  ]);
  const { version } = edited.body;
  const again = await api.call("PATCH", path, { name: "Mira H." });
  deepEqual([again.status, again.body.version], [200, version], "what changes nothing is no error");
  equal((await api.call("PATCH", path, {})).status, 400);
  equal((await api.call("PATCH", path, { id: "x" })).status, 400);
  equal((await api.call("PATCH", `/api/v1/personas/${crypto.randomUUID()}`, { name: "x" })).status, 404);
});

testApi("a deleted persona is gone, and its events stay", async (api) => {
  const id = await api.persona();
  const deleted = await api.call("DELETE", `/api/v1/personas/${id}`);
  deepEqual([deleted.status, deleted.body.events.at(-1).type], [200, "PersonaDeleted"]);
  equal((await api.call("GET", `/api/v1/personas/${id}`)).status, 404);
  equal((await api.call("DELETE", `/api/v1/personas/${id}`)).status, 404);
  const events = (await api.call("GET", `/api/v1/personas/${id}/events`)).body.items;
  equal(events.at(-1).type, "PersonaDeleted");
});

testApi("personas are listed in order with what waits, and filtered by life", async (api) => {
  const one = await api.persona();
  const two = await api.persona({ name: "Otto Brandt" });
  await api.draft(two);
  await api.call("POST", `/api/v1/personas/${one}/commands`, { type: "pause" });
  const first = (await api.call("GET", "/api/v1/personas?limit=1")).body;
  deepEqual(first.items.map((item: { id: string }) => item.id), [one]);
  const rest = (await api.call("GET", `/api/v1/personas?limit=1&after=${first.next}`)).body;
  deepEqual([rest.items[0].id, rest.items[0].posts.waiting, rest.items[0].connections.length, rest.next], [
    two,
    1,
    1,
    null,
  ]);
  deepEqual(rest.items[0].actor, { state: "asleep", mailboxDepth: 0, restarts: 0, lastCrash: null });
  const paused = (await api.call("GET", "/api/v1/personas?life=paused")).body;
  deepEqual(paused.items.map((item: { id: string }) => item.id), [one]);
});

testApi("accounts are linked with credentials that nothing gives back, and unlinked", async (api) => {
  const id = await api.persona({ operatedBy: "" });
  const path = `/api/v1/personas/${id}/connections`;
  const account = { platform: "bluesky", identifier: "mira.example", password: "planted-secret-1" };
  const unnamed = await api.call("POST", path, account);
  deepEqual([unnamed.status, unnamed.body.code, unnamed.body.field], [422, "operator_unnamed", "operatedBy"]);
  await api.call("PATCH", `/api/v1/personas/${id}`, { operatedBy: "Holt Radio Workshop" });
  const wrong = await api.call("POST", path, { ...account, password: "wrong" });
  deepEqual([wrong.status, wrong.body.code, wrong.body.field], [422, "not_linked", "password"]);
  const hidden = await api.call("POST", path, { ...account, disclose: false });
  deepEqual([hidden.status, hidden.body.code], [422, "disclosure_missing"]);
  const linked = await api.call("POST", path, account);
  deepEqual([linked.status, linked.body.handle, linked.body.disclosure], [
    201,
    "mira.example",
    "profile_label",
  ]);
  const second = await api.call("POST", path, { ...account, identifier: "other.example" });
  deepEqual([second.status, second.body.code], [409, "connection_in_use"]);
  const all = JSON.stringify([
    linked.body,
    (await api.call("GET", "/api/v1/events?limit=200")).body,
    (await api.call("POST", path, { ...account, more: 1 })).body,
  ]);
  equal(all.includes("planted-secret-1"), false);

  equal((await api.call("DELETE", `${path}/${linked.body.id}`)).status, 204);
  equal((await api.call("DELETE", `${path}/${linked.body.id}`)).status, 404);
  const items = (await api.call("GET", path)).body.items;
  deepEqual(items.map((one: { platform: string; linked: boolean }) => [one.platform, one.linked]), [
    ["sandbox", true],
    ["bluesky", false],
  ]);
});

testApi("posting is stopped by a token and lifted by a person only", async (api) => {
  const why = "The brief was wrong.";
  const stopped = await api.call("POST", "/api/v1/posting/stop", { why });
  deepEqual([stopped.status, stopped.body.stopped, stopped.body.by, stopped.body.why], [
    200,
    true,
    "admin-token",
    why,
  ]);
  equal((await api.call("GET", "/api/v1/posting")).body.stopped, true);
  equal((await api.call("POST", "/api/v1/posting/lift")).status, 403);
  const cookie = await api.site.setUpOwner();
  const lifted = await api.site.send("/api/v1/posting/lift", {
    method: "POST",
    cookie,
    headers: { origin: api.site.url, "x-digi-persona": "1" },
  });
  deepEqual([lifted.status, (await lifted.json()).stopped], [200, false]);
  equal((await api.call("GET", "/api/v1/posting", undefined, { authorization: "" })).status, 401);
});

testApi("a fault of the API's own says nothing of the inside", async (api) => {
  const id = await api.persona();
  await api.program.sql.query("alter table persona rename to persona_gone");
  const broken = await api.call("GET", `/api/v1/personas/${id}`);
  deepEqual([broken.status, broken.body.code, api.faults.length], [500, "internal", 1]);
  equal(JSON.stringify(broken.body).includes("persona_gone"), false);
  api.faults.length = 0;
});

testApi("while the database is away, the API answers 503 and when to try again", async (api) => {
  const server = await privateServer();
  const sql = await openDatabase({ config: server.config }, { onError: () => {} });
  try {
    const app = new Hono().use(...api.site.access.middleware);
    const faults: unknown[] = [];
    const program = { ...api.program, sql };
    app.route(
      "/",
      apiRoutes(program, {
        freeBytes: () => Promise.resolve(1e12),
        report: (error) => void faults.push(error),
      }),
    );
    const get = async () => {
      const headers = { host: "127.0.0.1", authorization: `Bearer ${ADMIN_TOKEN}` };
      return await app.request("http://127.0.0.1/api/v1/personas", { headers });
    };
    equal((await get()).status, 200);
    await server.stopServer();
    const away = await get();
    deepEqual([away.status, away.headers.get("retry-after"), (await away.json()).code], [
      503,
      "5",
      "unavailable",
    ]);
    await server.startServer();
    equal((await get()).status, 200);
  } finally {
    await sql.close();
    await server.dispose();
  }
});
