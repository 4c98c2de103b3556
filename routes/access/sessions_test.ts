import assert from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from "./sessions.ts";
import { cookieOf, startTestSite } from "./test_site.ts";

const DAY_MS = 24 * 3_600_000;

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

testOn(
  "embedded",
  "a session: ends a week after its last use, and a month after log-in however used",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const idle = await site.setUpOwner();
      site.clock.at += SESSION_IDLE_MS - 1_000;
      assert.equal(await statusOf(site.send("/", { cookie: idle })), 200);
      site.clock.at += SESSION_IDLE_MS;
      assert.equal(await statusOf(site.send("/", { cookie: idle })), 401);

      const used = cookieOf(await drained(site.logIn()));
      for (let day = 1; day < 30; day++) {
        site.clock.at += DAY_MS;
        assert.equal(await statusOf(site.send("/", { cookie: used })), 200, `day ${day}`);
      }
      site.clock.at += SESSION_ABSOLUTE_MS - 29 * DAY_MS;
      assert.equal(await statusOf(site.send("/", { cookie: used })), 401);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "the time of last use: is written once a minute at most", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const cookie = await site.setUpOwner();
    const seen = async () =>
      (await sql.query<{ at: string }>("select last_seen_at as at from access_session"))[0]!.at;
    const start = await seen();
    site.clock.at += 59_999;
    await statusOf(site.send("/", { cookie }));
    assert.equal(await seen(), start);
    site.clock.at += 1;
    await statusOf(site.send("/", { cookie }));
    assert.equal(Date.parse(await seen()), Date.parse(start) + 60_000);
  } finally {
    await site.close();
  }
});

testOn("embedded", "sessions of one person: the twenty-first ends the longest unused", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const first = await site.setUpOwner();
    for (let i = 0; i < 20; i++) {
      site.clock.at += 1_000;
      await drained(site.logIn());
    }
    assert.equal((await sql.query("select 1 from access_session")).length, 20);
    assert.equal(await statusOf(site.send("/", { cookie: first })), 401);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "log-out: ends the session and tells at once, a second click does no harm",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const cookie = await site.setUpOwner();
      const ended: string[] = [];
      site.access.sessions.onEnd((key, reason) => ended.push(`${key.length} ${reason}`));
      const post = { cookie, headers: { "hx-request": "true" } };
      const answer = await site.form("/logout", {}, post);
      assert.equal(answer.headers.get("hx-redirect"), "/login");
      assert.match(
        answer.headers.get("set-cookie") ?? "",
        /^digi-persona=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      await answer.body?.cancel();
      assert.deepEqual(ended, ["64 logged_out"]);
      assert.equal(await statusOf(site.send("/", { cookie })), 401);
      assert.equal(await statusOf(site.form("/logout", {}, post)), 204);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "the sweep: ends what has expired and tells, by itself too", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    await site.setUpOwner();
    const expiresAt = new Date(site.clock.at + 5_000).toISOString();
    const made = await site.access.tokens.create({ name: "cron", scopes: ["read"], userId: null, expiresAt });
    const ended: string[] = [];
    const { promise: swept, resolve } = Promise.withResolvers<void>();
    site.access.onEnd(({ kind, id, reason }) => {
      ended.push(`${kind} ${kind === "token" ? id : ""} ${reason}`);
      if (ended.length === 2) resolve();
    });
    await site.access.sweep();
    assert.deepEqual(ended, []);
    site.clock.at += SESSION_IDLE_MS;
    const stop = site.access.startSweeping();
    await swept;
    await stop();
    assert.deepEqual(ended, ["session  expired", `token ${made!.info.id} expired`]);
    assert.equal((await sql.query("select 1 from access_session")).length, 0);
  } finally {
    await site.close();
  }
});

async function drained(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  await response.body?.cancel();
  return response;
}
