import assert from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { ADMIN_TOKEN, startTestSite, type TestSite } from "./test_site.ts";
import { MAX_TOKENS } from "./tokens.ts";

interface Created {
  id: string;
  token: string;
  scopes: string[];
  userId: string | null;
}

function create(site: TestSite, body: unknown, who: { cookie?: string; bearer?: string }): Promise<Response> {
  return site.send("/api/v1/tokens", {
    method: "POST",
    ...who,
    headers: { origin: site.url, "x-digi-persona": "1", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

testOn(
  "embedded",
  "a token: is shown once, works until it is revoked, and its end is told",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const cookie = await site.setUpOwner();
      const answer = await create(site, { name: "cron", scopes: ["read"] }, { cookie });
      assert.equal(answer.status, 201);
      const made: Created = await answer.json();
      assert.match(made.token, /^dp_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);

      const me = await (await site.send("/", { bearer: made.token })).json();
      assert.deepEqual(me, {
        kind: "token",
        id: made.id,
        name: "cron",
        scopes: ["read"],
        userId: made.userId,
      });
      const list = await (await site.send("/api/v1/tokens", { cookie })).json();
      assert.equal(list.next, null);
      assert.deepEqual(list.items.map((item: Created) => item.id), [made.id]);
      assert.equal(list.items[0].lastUsedAt, new Date(site.clock.at).toISOString());
      assert.ok(!JSON.stringify(list).includes(made.token));

      const ended: string[] = [];
      site.access.onEnd(({ kind, id, reason }) => ended.push(`${kind} ${id} ${reason}`));
      const own = { cookie, method: "DELETE", headers: { origin: site.url, "x-digi-persona": "1" } };
      assert.equal((await site.send(`/api/v1/tokens/${made.id}`, own)).status, 204);
      assert.deepEqual(ended, [`token ${made.id} revoked`]);
      const gone = await site.send("/", { bearer: made.token });
      assert.equal(gone.status, 401);
      assert.equal((await gone.json()).code, "invalid_token");
      for (const id of [made.id, "nonsense", "%00"]) {
        const again = await site.send(`/api/v1/tokens/${id}`, own);
        assert.equal(again.status, 404, id);
        await again.body?.cancel();
      }
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "a token with an end: works until then", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const expiresAt = new Date(site.clock.at + 60_000).toISOString();
    const made: Created =
      await (await create(site, { name: "cron", scopes: ["read"], expiresAt }, { bearer: ADMIN_TOKEN }))
        .json();
    assert.equal(made.userId, null);
    const ask = async () => {
      const { status, body } = await site.send("/", { bearer: made.token });
      await body?.cancel();
      return status;
    };
    site.clock.at += 59_999;
    assert.equal(await ask(), 200);
    site.clock.at += 1;
    assert.equal(await ask(), 401);
  } finally {
    await site.close();
  }
});

testOn("embedded", "a wrong bearer token: is refused even where the door is open", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const made = await site.access.tokens.create({
      name: "a",
      scopes: ["read"],
      userId: null,
      expiresAt: null,
    });
    const { token } = made!;
    const last = token.endsWith("A") ? "E" : "A";
    for (
      const bearer of [
        "x",
        ADMIN_TOKEN + "x",
        ADMIN_TOKEN.slice(1),
        token.slice(0, -1) + last,
        token.slice(0, -1),
        token + "A",
      ]
    ) {
      const answer = await site.send("/login", { bearer });
      assert.equal(answer.status, 401, bearer);
      assert.equal(answer.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
      assert.ok(!(await answer.text()).includes(bearer) || bearer === "x");
    }
  } finally {
    await site.close();
  }
});

testOn("embedded", "a new token: every fault is named by its field", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const who = { bearer: ADMIN_TOKEN };
    const past = new Date(site.clock.at).toISOString();
    const cases: [unknown, string][] = [
      [{ scopes: ["read"] }, "name"],
      [{ name: "a\u0000", scopes: ["read"] }, "name"],
      [{ name: "a\u202e", scopes: ["read"] }, "name"],
      [{ name: "a\ud800", scopes: ["read"] }, "name"],
      [{ name: "a", scopes: [] }, "scopes"],
      [{ name: "a", scopes: ["root"] }, "scopes.0"],
      [{ name: "a", scopes: ["read", "read"] }, "scopes"],
      [{ name: "a", scopes: ["approve:real"] }, "scopes"],
      [{ name: "a", scopes: ["read"], expiresAt: "soon" }, "expiresAt"],
      [{ name: "a", scopes: ["read"], expiresAt: past }, "expiresAt"],
      [{ name: "a", scopes: ["read"], role: "owner" }, "role"],
      ["a", "body"],
    ];
    for (const [body, field] of cases) {
      const answer = await create(site, body, who);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      const problem = await answer.json();
      assert.deepEqual(
        [answer.status, problem.status, problem.field],
        [422, 422, field],
        JSON.stringify(body),
      );
    }
    assert.deepEqual(await site.access.tokens.list(), []);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "a body that is no JSON, none of ours or too large: gets 400, 415 and 413",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const post = async (body: string, type: string) => {
        const headers = { "content-type": type };
        const answer = await site.send("/api/v1/tokens", {
          method: "POST",
          bearer: ADMIN_TOKEN,
          headers,
          body,
        });
        return [answer.status, (await answer.json()).code];
      };
      assert.deepEqual(await post("{", "application/json"), [400, "malformed_json"]);
      assert.deepEqual(await post("{}", "text/plain"), [415, "unsupported_media_type"]);
      assert.deepEqual(await post(" ".repeat(20_000), "application/json; charset=utf-8"), [413, "too_large"]);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "the scope approve:real: is given by a person only", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const cookie = await site.setUpOwner();
    const body = { name: "a", scopes: ["approve", "approve:real"] };
    const refused = await create(site, body, { bearer: ADMIN_TOKEN });
    assert.equal(refused.status, 403);
    assert.match((await refused.json()).detail, /Only a person/);
    assert.equal((await create(site, body, { cookie })).status, 201);
  } finally {
    await site.close();
  }
});

testOn("embedded", "tokens: are bounded in number, and a revoked one makes room", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const token = { name: "a", scopes: ["read" as const], userId: null, expiresAt: null };
    const first = await site.access.tokens.create(token);
    for (let i = 1; i < MAX_TOKENS; i++) await site.access.tokens.create(token);
    const full = await create(site, { name: "a", scopes: ["read"] }, { bearer: ADMIN_TOKEN });
    assert.equal(full.status, 409);
    assert.equal((await full.json()).code, "too_many_tokens");
    assert.ok(await site.access.tokens.revoke(first!.info.id));
    assert.ok(await site.access.tokens.create(token));
  } finally {
    await site.close();
  }
});

testOn("embedded", "stillHolds: knows what became of a session and a token", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const cookie = await site.setUpOwner();
    const session = (await site.access.sessions.find(cookie.split("=")[1]!))!;
    assert.ok(await site.access.stillHolds(session.principal, session));
    await site.access.sessions.end(session.key, "revoked");
    assert.ok(!await site.access.stillHolds(session.principal, session));
    const made = await site.access.tokens.create({
      name: "a",
      scopes: ["read"],
      userId: null,
      expiresAt: null,
    });
    const principal = (await site.access.tokens.find(made!.token))!;
    assert.ok(await site.access.stillHolds(principal, null));
    await site.access.tokens.revoke(principal.id);
    assert.ok(!await site.access.stillHolds(principal, null));
    assert.ok(await site.access.stillHolds({ kind: "admin_token" }, null));
    assert.ok(!await site.access.stillHolds({ kind: "anonymous" }, null));
  } finally {
    await site.close();
  }
});
