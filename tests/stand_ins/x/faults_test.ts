import assert from "node:assert/strict";
import { type Fault, FAULTS } from "./faults.ts";
import { NOON, withX } from "./testing.ts";

/** Whether a post is made in spite of the fault, and what the client sees: a status, or a broken line. */
const EXPECTED: Record<Fault, [boolean, number | "broken" | "nothing"]> = {
  hang_before: [false, "nothing"],
  hang_after: [true, "nothing"],
  reset_before: [false, "broken"],
  reset_after: [true, "broken"],
  half_body: [true, "broken"],
  slow: [true, 201],
  slow_body: [true, 201],
  no_id: [true, 201],
  empty_2xx: [true, 201],
  html_2xx: [true, 200],
  html_502_before: [false, 502],
  html_502_after: [true, 502],
  server_error_before: [false, 500],
  server_error_after: [true, 500],
  unavailable: [false, 503],
  gateway_timeout_after: [true, 504],
  rate_limited_problem: [false, 429],
  rate_limited_code: [false, 429],
  rate_limited_bare: [false, 429],
  out_of_credit: [false, 402],
  unauthorized: [false, 401],
  forbidden: [false, 403],
  duplicate: [false, 403],
  not_summoned: [false, 403],
  suspended: [false, 403],
  locked: [false, 403],
  missing_scope: [false, 403],
  redirect: [false, 307],
};

Deno.test("each fault strikes one request, does or does not what was asked, and the next one is whole", async () => {
  await withX(async (x, client) => {
    for (const fault of FAULTS) {
      const text = `Under ${fault}`;
      x.control.fault(fault, { operation: "createPost" });
      assert.equal((await client.get("/2/users/me")).status, 200);
      const [made, seen] = EXPECTED[fault];
      if (seen === "nothing") {
        const gone = new AbortController();
        const asked = fetch(`${x.origin}/2/tweets`, {
          method: "POST",
          headers: { authorization: `Bearer ${client.accessToken}`, "content-type": "application/json" },
          body: JSON.stringify({ text }),
          client: client.http,
          signal: gone.signal,
        });
        while (x.control.requests().at(-1)?.fault !== fault) await new Promise((done) => setTimeout(done, 1));
        gone.abort();
        await assert.rejects(asked, { name: "AbortError" });
      } else if (seen === "broken") await assert.rejects(client.say(text), fault);
      else {
        const answer = await client.say(text);
        assert.equal(answer.status, seen, fault);
        if (fault === "no_id") assert.equal(answer.body.data.id, undefined);
        if (fault === "empty_2xx") assert.equal(answer.body, "");
      }
      assert.equal(x.control.everPosted("marisol_ink", text).length, made ? 1 : 0, fault);
      assert.equal((await client.say(text)).status, made ? 403 : 201, fault);
    }
    assert.deepEqual(x.control.faults(), []);
  }, { slowMs: 5, gapMs: 1, settings: { limits: new Map([["createPost", 1000], ["me", 1000]]) } });
});

Deno.test("faults strike as many requests as was said, and can be taken back", async () => {
  await withX(async (x, client) => {
    x.control.fault("server_error_before", { times: 2 });
    x.control.fault("unavailable", { times: 9 });
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await client.get("/2/users/me")).status);
    assert.deepEqual(statuses, [500, 500, 503]);
    x.control.clearFaults();
    assert.equal((await client.get("/2/users/me")).status, 200);
    assert.throws(() => x.control.fault("none such" as Fault), /no fault/);
    assert.throws(() => x.control.fault("slow", { operation: "none such" }), /no operation/);
    assert.throws(() => x.control.fault("slow", { times: 0 }), /times/);
  });
});

Deno.test("limits are counted for each account and operation, told in headers, and reset in 15 minutes", async () => {
  await withX(async (x, client) => {
    x.control.setLimit("me", 2);
    const left = async () => {
      const { status, headers } = await client.get("/2/users/me");
      return [status, headers.get("x-rate-limit-limit"), headers.get("x-rate-limit-remaining")];
    };
    assert.deepEqual([await left(), await left(), await left()], [[200, "2", "1"], [200, "2", "0"], [
      429,
      "2",
      "0",
    ]]);
    const limited = await client.get("/2/users/me");
    assert.equal(limited.body.title, "Too Many Requests");
    assert.equal(Number(limited.headers.get("x-rate-limit-reset")), (NOON + 900_000) / 1000);
    x.control.set({ rateLimitShape: "code" });
    assert.equal((await client.get("/2/users/me")).body.errors[0].code, 88);
    x.control.addAccount("jo");
    assert.equal((await client.with(x.control.grant("jo").accessToken).get("/2/users/me")).status, 200);
    assert.equal((await client.say("another operation")).status, 201);
    x.control.advance(900_000);
    assert.equal((await client.get("/2/users/me")).status, 200);
    x.control.setLimit("createPost/day", 1);
    const first = await client.say("of today");
    assert.deepEqual([first.status, first.headers.get("x-app-limit-24hour-remaining")], [201, "0"]);
    assert.equal((await client.say("too much for today")).status, 429);
  });
});

Deno.test("a stand-in that is down refuses connections, and is the same when it is up again", async () => {
  await withX(async (x, client) => {
    await client.say("before");
    await x.down();
    await assert.rejects(client.say("meanwhile"), (error: Error) => /refused/.test(String(error.cause)));
    await x.up();
    assert.equal((await client.say("after")).status, 201);
    assert.deepEqual(x.control.posts().map(({ text }) => text), ["before", "after"]);
  });
});

Deno.test("what is kept of requests has no secret in it", async () => {
  await withX(async (x, client) => {
    const tokens = x.control.grant("marisol_ink");
    const keys = x.control.userKeys("marisol_ink");
    const form = { grant_type: "refresh_token", refresh_token: tokens.refreshToken ?? "" };
    const renewed = await client.form("/2/oauth2/token", form);
    await client.form("/2/oauth2/token", form);
    await client.with(renewed.body.access_token).get("/2/users/me");
    await client.signed(keys, "GET", "/2/users/me");
    await client.form("/2/oauth2/revoke", { token: renewed.body.refresh_token });
    await client.post("/2/oauth2/token", form);
    await client.get(`/2/users/me?access_token=${tokens.accessToken}`);
    const kept = JSON.stringify(x.control.requests());
    const secrets = [
      ...Object.values(form).slice(1),
      tokens.accessToken,
      renewed.body.access_token,
      renewed.body.refresh_token,
      x.app.clientSecret,
      keys.consumerSecret,
      keys.accessToken,
      keys.accessSecret,
    ];
    for (const secret of secrets) assert.ok(!kept.includes(secret), secret.split("-")[0]);
    assert.deepEqual(x.control.requests().map(({ operation, status }) => [operation, status]), [
      ["token", 200],
      ["token", 400],
      ["me", 200],
      ["me", 200],
      ["revoke", 200],
      ["token", 401],
      ["me", 400],
    ]);
  });
});

Deno.test("the same can be done by hand, over paths that are not X's", async () => {
  await withX(async (x, client) => {
    const hand = async (name: string, body: unknown) => {
      const response = await fetch(`${x.origin}/stand-in/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    const said = await hand("say", { by: "jo", text: "hello @marisol_ink" });
    assert.equal((await client.say("hello Jo", said.body.id)).status, 201);
    assert.equal((await hand("fault", { fault: "unavailable", operation: "me" })).status, 200);
    assert.equal((await client.get("/2/users/me")).status, 503);
    assert.equal((await hand("fault", { fault: "nonsense" })).status, 400);
    assert.equal((await hand("nonsense", {})).status, 404);
    assert.equal((await hand("counts", { id: said.body.id, likes: 5 })).status, 200);
    assert.equal((await hand("limit", { operation: "me", most: 0 })).status, 200);
    assert.equal((await client.get("/2/users/me")).status, 429);
    assert.equal((await hand("set", { creditMicroUsd: 0 })).status, 200);
    assert.equal((await client.say("broke")).status, 402);
    const state = await (await fetch(`${x.origin}/stand-in/state`)).json();
    assert.deepEqual(state.posts.map(({ text }: { text: string }) => text), [
      "hello @marisol_ink",
      "hello Jo",
    ]);
    assert.equal((await client.get("/2/nothing/here")).status, 404);
  });
});

Deno.test("the same seed and clock give the same keys, ids and tokens", async () => {
  const made: unknown[] = [];
  for (const seed of ["a", "a", "b"]) {
    await withX(async (x, client) => {
      const { id } = (await client.say("again")).body.data;
      made.push([x.app.clientId, id, x.control.grant("marisol_ink").accessToken]);
    }, { seed });
  }
  assert.deepEqual(made[0], made[1]);
  assert.notDeepEqual(made[0], made[2]);
});
