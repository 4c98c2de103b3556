import assert from "node:assert/strict";
import { testOn } from "../../tests/database.ts";
import { ownPath } from "./log_in.ts";
import { type Passwords, PasswordsBusy } from "./password.ts";
import { cheapPasswords, cookieOf, OWNER, startTestSite } from "./test_site.ts";

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

Deno.test("the way after log-in: leads to our own pages only", () => {
  assert.equal(ownPath("/personas/1?tab=posts"), "/personas/1?tab=posts");
  for (
    const bad of [
      undefined,
      "",
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "/.//evil.example",
      "javascript:alert(1)",
    ]
  ) {
    assert.equal(ownPath(bad), "/", String(bad));
  }
});

testOn("embedded", "an unknown account and a wrong password: get the same answer", async ({ sql }) => {
  const verified: (string | null)[] = [];
  const real = cheapPasswords();
  const passwords: Passwords = {
    hash: real.hash,
    verify: (password, stored) => {
      verified.push(stored === null ? null : "stored");
      return real.verify(password, stored);
    },
  };
  const site = startTestSite(sql, { passwords });
  try {
    await site.setUpOwner();
    const answers = [];
    for (const name of [OWNER.name, "Someone Else"]) {
      const answer = await site.form("/login", { name, password: "a wrong password" });
      const headers = [...answer.headers].filter(([header]) =>
        header !== "date" && header !== "content-length"
      );
      answers.push({ status: answer.status, headers, page: (await answer.text()).replaceAll(name, "NAME") });
    }
    assert.equal(answers[0]!.status, 401);
    assert.deepEqual(answers[0], answers[1]);
    // The same work was done for both.
    assert.deepEqual(verified, ["stored", null]);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "log-in: any way to type the name will do, and the session is a new one each time",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const first = await site.setUpOwner();
      const answer = await site.form("/login", {
        name: "  ADA lovelace ",
        password: OWNER.password,
        next: "/x?y=1",
      }, {
        cookie: first,
      });
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get("location"), "/x?y=1");
      await answer.body?.cancel();
      const second = cookieOf(answer);
      assert.notEqual(second, first);
      assert.equal(await statusOf(site.send("/", { cookie: second })), 200);
      assert.equal(await statusOf(site.send("/", { cookie: first })), 401);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "log-in: is slowed down by account and address, and never locked", async ({ sql }) => {
  const site = startTestSite(sql, { settings: { trustProxy: true } });
  try {
    await site.setUpOwner();
    const from = (address: string) => ({ headers: { "x-forwarded-for": `6.6.6.6, ${address}` } });
    for (let i = 0; i < 3; i++) {
      assert.equal(await statusOf(site.logIn("a wrong password", from("10.0.0.1"))), 401);
    }
    const held = await site.logIn(OWNER.password, from("10.0.0.1"));
    assert.equal(held.status, 429);
    assert.equal(held.headers.get("retry-after"), "1");
    assert.ok((await held.text()).includes("Try again in 1 second."));
    assert.equal(await statusOf(site.logIn(OWNER.password, from("10.0.0.2"))), 303);
    site.clock.at += 1_000;
    assert.equal(await statusOf(site.logIn(OWNER.password, from("10.0.0.1"))), 303);
  } finally {
    await site.close();
  }
});

testOn("embedded", "a burst of guesses sent at once: is slowed down as well", async ({ sql }) => {
  const site = startTestSite(sql);
  try {
    await site.setUpOwner();
    const statuses = await Promise.all(
      Array.from({ length: 12 }, () => statusOf(site.logIn("a wrong password"))),
    );
    assert.equal(statuses.filter((status) => status === 401).length, 3);
    assert.equal(statuses.filter((status) => status === 429).length, 9);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "no room to check a password: says when to come back, counts as no try",
  async ({ sql }) => {
    const real = cheapPasswords();
    let full = false;
    const passwords: Passwords = {
      hash: real.hash,
      verify: (password, stored) =>
        full ? Promise.reject(new PasswordsBusy()) : real.verify(password, stored),
    };
    const site = startTestSite(sql, { passwords });
    try {
      await site.setUpOwner();
      full = true;
      for (let i = 0; i < 10; i++) {
        const answer = await drained(site.logIn());
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get("retry-after"), "5");
      }
      full = false;
      assert.equal(await statusOf(site.logIn()), 303);
    } finally {
      await site.close();
    }
  },
);

testOn("embedded", "a hash of a lower cost: is renewed at the next log-in", async ({ sql }) => {
  const before = startTestSite(sql);
  await before.setUpOwner();
  await before.close();
  const site = startTestSite(sql, { passwords: cheapPasswords(11) });
  try {
    assert.equal(await statusOf(site.logIn()), 303);
    const [row] = await sql.query<{ hash: string }>("select password_hash as hash from access_user");
    assert.match(row!.hash, /^\$scrypt\$ln=11,/);
    assert.equal(await statusOf(site.logIn()), 303);
  } finally {
    await site.close();
  }
});

testOn(
  "embedded",
  "a new password: ends every other session, and this browser goes on with a new one",
  async ({ sql }) => {
    const site = startTestSite(sql);
    try {
      const other = await site.setUpOwner();
      const cookie = cookieOf(await drained(site.logIn()));
      const own = { cookie, headers: { "hx-request": "true" } };
      const password = "another fine password";
      const wrong = await site.form("/account/password", { current: "a wrong password", password }, own);
      assert.equal(wrong.status, 422);
      assert.ok((await wrong.text()).includes("This is not your current password."));
      const weak = await site.form("/account/password", {
        current: OWNER.password,
        password: "password12345",
      }, own);
      assert.ok((await weak.text()).includes("among the first that would be guessed"));
      const done = await drained(site.form("/account/password", { current: OWNER.password, password }, own));
      assert.equal(done.status, 200);
      assert.equal(await statusOf(site.send("/", { cookie: other })), 401);
      assert.equal(await statusOf(site.send("/", { cookie })), 401);
      assert.equal(await statusOf(site.send("/", { cookie: cookieOf(done) })), 200);

      const json = await drained(site.send("/api/v1/account/password", {
        method: "POST",
        cookie: cookieOf(done),
        headers: { origin: site.url, "x-digi-persona": "1", "content-type": "application/json" },
        body: JSON.stringify({ current: password, password: OWNER.password }),
      }));
      assert.equal(json.status, 204);
      assert.equal(await statusOf(site.logIn()), 303);
    } finally {
      await site.close();
    }
  },
);

testOn(
  "embedded",
  "a log-in under way while the password changes: opens nothing with the old one",
  async ({ sql }) => {
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const real = cheapPasswords();
    let hold = false;
    const passwords: Passwords = {
      hash: real.hash,
      verify: async (password, stored) => {
        const verdict = await real.verify(password, stored);
        if (hold) {
          hold = false;
          reached.resolve();
          await goOn.promise;
        }
        return verdict;
      },
    };
    const site = startTestSite(sql, { passwords });
    try {
      const cookie = await site.setUpOwner();
      hold = true;
      const late = site.logIn();
      await reached.promise;
      site.clock.at += 10;
      const fields = { current: OWNER.password, password: "another fine password" };
      const own = { cookie, headers: { "hx-request": "true" } };
      assert.equal(await statusOf(site.form("/account/password", fields, own)), 200);
      goOn.resolve();
      assert.equal(await statusOf(late), 401);
      assert.equal((await sql.query("select 1 from access_session")).length, 1);
    } finally {
      await site.close();
    }
  },
);

async function drained(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  await response.body?.cancel();
  return response;
}
