import assert from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { OWNER, startTestSite, type TestSite } from "./test_site.ts";

async function tokenOf(link: Promise<string | null>): Promise<string> {
  return new URL(await link ?? "").searchParams.get("token") ?? "";
}

const setUpToken = (site: TestSite) => tokenOf(site.access.issueSetUpLink(site.url));
const recoveryToken = (site: TestSite) => tokenOf(site.access.issueRecoveryLink(site.url));

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

testOn(
  "embedded",
  "the set-up link: opening it any number of times uses nothing up, posting does",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const token = await setUpToken(site);
      for (let i = 0; i < 3; i++) {
        const page = await site.send(`/setup?token=${token}`);
        assert.equal(page.status, 200);
        assert.ok((await page.text()).includes(token));
      }
      const done = await site.form("/setup", { token, ...OWNER });
      assert.equal(done.status, 303);
      assert.equal(done.headers.get("location"), "/");
      await done.body?.cancel();
      assert.equal(await statusOf(site.form("/setup", { token, ...OWNER, name: "Mallory" })), 410);
      assert.equal(await statusOf(site.send(`/setup?token=${token}`)), 410);
      assert.equal(await site.access.issueSetUpLink(site.url), null);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "two set-ups at once: make one owner", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const token = await setUpToken(site);
    const names = ["Ada", "Grace", "Mary"];
    const statuses = await Promise.all(
      names.map((name) => statusOf(site.form("/setup", { token, name, password: OWNER.password }))),
    );
    assert.deepEqual(statuses.sort(), [303, 410, 410]);
    assert.equal((await sql.query("select 1 from access_user")).length, 1);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "a set-up form with a fault: keeps the name, shows no password, uses nothing up",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const token = await setUpToken(site);
      const answer = await site.form("/setup", { token, name: "Ada <b>", password: "too short" });
      assert.equal(answer.status, 422);
      const page = await answer.text();
      assert.ok(page.includes("Ada &lt;b&gt;") && page.includes("12 characters or more, not 9"));
      assert.ok(!page.includes("too short"));
      const odd = { token, ...OWNER, role: "owner" };
      assert.ok((await (await site.form("/setup", odd)).text()).includes("This field is not known."));
      assert.equal(await statusOf(site.form("/setup", { token, ...OWNER })), 303);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "a set-up link: ends after an hour, and when a newer one is made", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    const first = await setUpToken(site);
    const second = await setUpToken(site);
    assert.equal(await statusOf(site.form("/setup", { token: first, ...OWNER })), 410);
    site.clock.at += 3_599_000;
    assert.equal(await statusOf(site.send(`/setup?token=${second}`)), 200);
    site.clock.at += 1_000;
    assert.equal(await statusOf(site.form("/setup", { token: second, ...OWNER })), 410);
    assert.equal(await statusOf(site.send("/setup")), 410);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "secrets at rest: neither link, password, session nor token can be read back",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const link = await setUpToken(site);
      const dump = async () => {
        const tables = ["access_user", "access_session", "access_token", "access_link"];
        return (await Promise.all(tables.map((table) => sql.query(`select t::text from ${table} t`)))).map((
          rows,
        ) => JSON.stringify(rows)).join();
      };
      assert.ok(!(await dump()).includes(link));
      const cookie = await site.setUpOwner();
      const made = await site.access.tokens.create({
        name: "cron",
        scopes: ["read"],
        userId: null,
        expiresAt: null,
      });
      const text = await dump();
      for (const secret of [OWNER.password, cookie.split("=")[1]!, made!.token, made!.token.split("_")[2]!]) {
        assert.ok(!text.includes(secret));
      }
      assert.ok(text.includes("$scrypt$"));
    } finally {
      await site.close();
    }
  },
);

testOn(
  "embedded",
  "recovery: gives a new password, ends every session, uses the link up",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      assert.equal(await site.access.issueRecoveryLink(site.url), null);
      const cookie = await site.setUpOwner();
      const token = await recoveryToken(site);
      const page = await site.send(`/recover?token=${token}`);
      assert.equal(page.status, 200);
      assert.ok((await page.text()).includes(OWNER.name));
      const ended: string[] = [];
      site.access.onEnd(({ reason }) => ended.push(reason));
      const password = "another fine password";
      assert.equal(await statusOf(site.form("/recover", { token, password: "short" })), 422);
      assert.equal(await statusOf(site.form("/recover", { token, password })), 200);
      assert.deepEqual(ended, ["revoked"]);
      assert.equal(await statusOf(site.send("/", { cookie })), 401);
      assert.equal(await statusOf(site.form("/recover", { token, password })), 410);
      assert.equal(await statusOf(site.logIn()), 401);
      assert.equal(await statusOf(site.logIn(password)), 303);
    } finally {
      await site.close();
    }
  },
);
