import assert from "node:assert/strict";
import { Hono } from "hono";
import { testOn } from "../../tests/database.ts";
import { guard, recordedRoutes, route, unguardedRoutes } from "../route.ts";
import { type Action, ACTIONS, type Scope, SCOPES } from "./authorize.ts";
import { type Caller, type Row, walkRoutes } from "./routes_by_roles.ts";
import { ADMIN_TOKEN, OWNER, startTestSite, type TestSite } from "./test_site.ts";

/** Who must get in where; written out by hand, so that a slip in `authorize` shows here. */
const TABLE: Record<Action, Row> = {
  "public": row("in", "in", "in", "in", "in"),
  "persona.list": row(401, 403, "in", "in", "in"),
  "persona.read": row(401, 403, "in", "in", "in"),
  "persona.create": row(401, 403, "in", "in", "in"),
  "persona.import": row(401, 403, "in", "in", "in"),
  "persona.edit": row(401, 403, "in", "in", "in"),
  "persona.delete": row(401, 403, "in", "in", "in"),
  "persona.command": row(401, 403, "in", "in", "in"),
  // Of an account that is not known to be the sandbox.
  "persona.approve": row(401, 403, "in", 403, "in"),
  "persona.connect": row(401, 403, "in", "in", "in"),
  "sandbox.approve": row(401, 403, "in", "in", "in"),
  "posting.stop": row(401, 403, "in", "in", "in"),
  "posting.lift": row(401, 403, 403, 403, "in"),
  "events.read": row(401, 403, "in", "in", "in"),
  "live.read": row(401, 403, "in", "in", "in"),
  "runtime.read": row(401, 403, "in", "in", "in"),
  "runtime.control": row(401, 403, 403, "in", "in"),
  "settings.read": row(401, 403, "in", "in", "in"),
  "settings.edit": row(401, 403, 403, "in", "in"),
  "openapi.read": row(401, "in", "in", "in", "in"),
  "metrics.read": row(401, 403, "in", "in", "in"),
  "tokens.manage": row(401, 403, 403, "in", "in"),
  "tokens.grant_real_approval": row(401, 403, 403, 403, "in"),
  "users.manage": row(401, 403, 403, "in", "in"),
  "account.edit": row(401, 403, 403, 403, "in"),
};

type Cell = "in" | 401 | 403;

function row(
  anonymous: Cell,
  tokenWithoutScope: Cell,
  tokenWithEvery: Cell,
  adminToken: Cell,
  owner: Cell,
): Row {
  return { anonymous, tokenWithoutScope, tokenWithEvery, adminToken, owner };
}

async function callersOf(site: TestSite): Promise<Caller[]> {
  await site.setUpOwner();
  const [{ id = "", at = "" } = {}] = await site.sql.query<{ id: string; at: string }>(
    "select id, password_changed_at as at from access_user",
  );
  const bearer = (token: string) => () => Promise.resolve({ authorization: `Bearer ${token}` });
  const tokenWith = async (scopes: Scope[]) => {
    const made = await site.access.tokens.create({ name: OWNER.name, scopes, userId: id, expiresAt: null });
    return bearer(made!.token);
  };
  return [
    { name: "anonymous", headers: () => Promise.resolve({}) },
    { name: "tokenWithoutScope", headers: await tokenWith([]) },
    { name: "tokenWithEvery", headers: await tokenWith([...SCOPES]) },
    { name: "adminToken", headers: bearer(ADMIN_TOKEN) },
    {
      name: "owner",
      headers: async () => {
        const session = await site.access.sessions.open({ id, passwordChangedAt: at }, {
          address: "",
          userAgent: "",
        });
        return { cookie: `digi-persona=${session}` };
      },
    },
  ];
}

testOn("embedded", "routes and roles: exactly those of the table get in", async ({ sql }) => {
  const site = startTestSite(sql, {
    routes: (app) => {
      // One route for each action, so that the whole table is walked before every action has a page of its own.
      for (const action of ACTIONS) {
        route(app, "POST", `/actions/${action}/:personaId`, action, (c) => c.text("in"));
      }
    },
  });
  try {
    const table = await walkRoutes(site.app, await callersOf(site));
    assert.ok(table.size >= ACTIONS.length + 12);
    for (const [{ method, path, action }, cells] of table) {
      assert.deepEqual(cells, TABLE[action], `${method} ${path} (${action})`);
    }
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "routes: none goes past `route` and `guard`, and one that does is found",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      assert.ok(recordedRoutes(site.app).length >= 12);
      assert.deepEqual(unguardedRoutes(site.app), []);
      site.app.post(
        "/api/guarded",
        guard(site.app, "POST", "/api/guarded", "settings.edit"),
        (c) => c.text("in"),
      );
      assert.deepEqual(unguardedRoutes(site.app), []);
      site.app.get("/open", (c) => c.text("in"));
      assert.deepEqual(unguardedRoutes(site.app), ["GET /open"]);
    } finally {
      await site.close();
    }
  },
);

Deno.test("a route without the middleware `identify` before it: lets nobody in", async () => {
  const app = new Hono();
  app.onError((error, c) => c.text(error.message, 500));
  route(app, "GET", "/x", "persona.list", (c) => c.text("in"));
  const answer = await app.request("/x");
  assert.equal(answer.status, 500);
  assert.match(await answer.text(), /`identify` must stand before every route/);
});
