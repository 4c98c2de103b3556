/** What a server may answer that is not X as it should be: nothing of it breaks, blocks or is believed. */
import assert from "node:assert/strict";
import { answeringAnything, endless, huge, json } from "../../../../tests/stand_ins/anything.ts";
import { PlatformFailed } from "../port.ts";
import { idAt } from "./freeze.ts";
import { adapter, contextOf, lost, payload, post } from "./hostile_testing.ts";
import { exchangeCode } from "./oauth2.ts";
import { likeness, readable } from "./same_text.ts";
import { readSecret, writeSecret } from "./secret.ts";
import { NOON } from "./testing.ts";

const T1 = "https://t.co/aaaaaaaaaa";

Deno.test("X, answers that are too long, never end, are no JSON or lead elsewhere: in doubt, in time, and nowhere else is asked", async () => {
  const elsewhere: string[] = [];
  await answeringAnything((request) => {
    elsewhere.push(request.url);
    return json("{}");
  }, async ({ origin }) => {
    const answers: [() => Response, string][] = [
      [huge, "uncertain"],
      [endless, "uncertain"],
      [() => json("<html>"), "uncertain"],
      [() => json("<html>", 403), "uncertain"],
      [() => json('{"data": {"id": "1"}}', 307, { location: `${origin}/2/tweets` }), "uncertain"],
      [() => json("{}", 302, { location: `${origin}/` }), "uncertain"],
    ];
    for (const [answer, kind] of answers) {
      await answeringAnything(answer, async (server) => {
        const context = contextOf(server);
        const outcome = await adapter.publish(context, payload, []);
        assert.equal(outcome.kind, kind);
        assert.equal(server.asked.length, 1, "a post is sent once");
        assert.equal((await adapter.reconcile(context, payload, lost)).kind, "unknown");
        await assert.rejects(adapter.poll(context, null), PlatformFailed);
      });
    }
    assert.deepEqual(elsewhere, []);
  });
});

Deno.test("X, headers with nonsense: no window is made of them, and a wait ends within a day", async () => {
  for (const value of ["", "NaN", "-1", "1e9", "0x10", "99999999999999999999", "Infinity", "soon", "1,2"]) {
    const headers = Object.fromEntries(
      ["limit", "remaining", "reset"].flatMap((name) => [
        [`x-rate-limit-${name}`, value],
        [`x-user-limit-24hour-${name}`, value],
      ]),
    );
    const answer = json('{"title": "Too Many Requests"}', 429, { ...headers, "retry-after": value });
    await answeringAnything(() => answer, async (server) => {
      const context = contextOf(server);
      const outcome = await adapter.publish(context, payload, []);
      assert.ok(outcome.kind === "rate_limited", outcome.kind);
      assert.ok(outcome.until > NOON && outcome.until <= NOON + 86_400_000, value);
      assert.deepEqual(context.noteds.flatMap(({ windows = [] }) => windows), [], value);
    });
  }
});

Deno.test("X, counts that are none: not known, whatever stands beside them", async () => {
  for (const wrong of ["-3", "1.5", "1e999", "1e300", '"7"', "null", "[]"]) {
    const body =
      `{"data": [{"id": "123", "text": "Hi", "public_metrics": {"like_count": ${wrong}, "reply_count": 2,
      "repost_count": ${wrong}, "retweet_count": 4}}]}`;
    await answeringAnything(() => json(body), async (server) => {
      const measured = (await adapter.metrics(contextOf(server), ["123"])).get("123");
      assert.ok(measured?.kind === "counted");
      const { likes, replies, reposts } = measured.metrics;
      assert.deepEqual([likes, replies, reposts], [null, 2, 4], wrong);
    });
  }
});

const grant = {
  kind: "oauth2",
  clientId: "client",
  clientSecret: "client-secret",
  accessToken: "old-access",
  refreshToken: "old-refresh",
  expiresAt: NOON,
  scopes: ["tweet.read", "tweet.write", "users.read"],
} as const;

Deno.test("X, a renewal that gives no token that can be sent: nothing is kept, nothing goes out, nothing breaks", async () => {
  for (const token of ['"a b"', '"a\\nb"', '"é"', `"${"x".repeat(500_000)}"`, '""', "7", "{}"]) {
    await answeringAnything(() => json(`{"access_token": ${token}, "expires_in": 7200}`), async (server) => {
      const context = contextOf(server, writeSecret({ ...grant, scopes: [...grant.scopes] }));
      const outcome = await adapter.publish(context, payload, []);
      assert.equal(outcome.kind, "not_sent", token.slice(0, 20));
      assert.deepEqual([context.kept, server.asked], [[], ["POST /2/oauth2/token"]]);
    });
  }
});

Deno.test("X, a grant with strange times, scopes and refresh tokens: what is none stays as it was, and no access lasts for ever", async () => {
  const odd =
    `"expires_in": 1e999, "refresh_token": "a\\nb", "scope": "tweet.read\\ttweet.write\\n\\u0000 users.read é"`;
  await answeringAnything(
    ({ url }) =>
      json(url.endsWith("/token") ? `{"access_token": "new-access", ${odd}}` : `{"data": {"id": "9"}}`, 201),
    async (server) => {
      const context = contextOf(server, writeSecret({ ...grant, scopes: [...grant.scopes] }));
      assert.equal((await adapter.publish(context, payload, [])).kind, "sent");
      const [kept = ""] = context.kept;
      const renewed = readSecret(kept);
      assert.ok(renewed.kind === "oauth2");
      assert.deepEqual([renewed.accessToken, renewed.refreshToken], ["new-access", "old-refresh"]);
      assert.deepEqual(renewed.scopes, [...grant.scopes]);
      assert.equal(renewed.expiresAt, NOON + 366 * 86_400_000);
      const options = { service: server.origin, now: () => NOON, signal: new AbortController().signal };
      const code = { code: "c", redirectUri: "https://a.example", verifier: "v".repeat(43) };
      const first = await exchangeCode({ clientId: "client", clientSecret: null }, code, options);
      assert.ok(first.kind === "granted" && first.grant.refreshToken === null);
    },
  );
});

Deno.test("X, a refusal that speaks of somebody else's account: the post is refused, the connection is not taken for dead", async () => {
  const body = (detail: string) => json(JSON.stringify({ title: "Forbidden", detail }), 403);
  const said = async (detail: string) => {
    let kind = "";
    await answeringAnything(() => body(detail), async (server) => {
      kind = (await adapter.publish(contextOf(server), payload, [])).kind;
    });
    return kind;
  };
  assert.equal(await said("You cannot reply: this account is suspended."), "rejected");
  assert.equal(await said("Your account is suspended and is not permitted to do that."), "auth_dead");
});

Deno.test("X, mentions from the future: not read, so that what is to come is still looked for", async () => {
  const ahead = idAt(NOON + 2 * 86_400_000);
  await answeringAnything(() => json(post("", ahead)), async (server) => {
    await assert.rejects(adapter.poll(contextOf(server), null), PlatformFailed);
  });
  await answeringAnything(() => json(post("", idAt(NOON + 3_600_000))), async (server) => {
    const { cursor } = await adapter.poll(contextOf(server), null);
    assert.equal(JSON.parse(cursor ?? "").since, idAt(NOON + 3_600_000), "clocks differ");
  });
});

Deno.test("X, a backlog that never gets shorter: given up, not paid for without end", async () => {
  const page = (id: string) =>
    `{"data": [{"id": "${id}", "text": "Hi"}], "meta": {"result_count": 1, "next_token": "more"}}`;
  await answeringAnything(() => json(page("900")), async (server) => {
    const begun = JSON.stringify({ since: "5", backlog: null });
    const first = await adapter.poll(contextOf(server), begun);
    assert.deepEqual(JSON.parse(first.cursor ?? "").backlog, { until: "900", newest: "900" });
    const second = await adapter.poll(contextOf(server), first.cursor);
    assert.deepEqual(JSON.parse(second.cursor ?? ""), { since: "900", backlog: null });
  });
});

Deno.test("X, names that are none: not asked for again as if they were known, and none is put into a text", async () => {
  // The sign of Kelvin is a k in small letters.
  for (const name of ["\u212Aim", "kim\u200b", "kim x", "k".repeat(16)]) {
    const body = JSON.stringify({ data: [{ id: "5", username: name }] });
    await answeringAnything(() => json(body), async (server) => {
      await assert.rejects(adapter.prepare(contextOf(server), ["Hello @kim"]), PlatformFailed, name);
    });
  }
});

Deno.test("X, links that lead into each other: each is put in once", () => {
  const links = Array.from({ length: 60 }, (_, n) => {
    const [short, next] = [n, n + 1].map((one) =>
      `https://t.co/${"a".repeat(10)}${String(one).padStart(2, "0")}`
    );
    return { short: short ?? "", expanded: `${next} ${next}`, isMedia: false };
  });
  const [first] = links;
  assert.equal(readable(first?.short ?? "", links), first?.expanded);
});

Deno.test("X, a text made to be slow to compare: it is compared at once, and as it should be", () => {
  const link = { short: T1, expanded: "https://example.org", isMedia: false };
  const shown = (text: string, isReply = false) => ({ text, links: [link], isReply });
  assert.equal(likeness("x".repeat(270), shown(T1.repeat(40) + "!")), "other");
  assert.equal(likeness("x".repeat(270), shown(T1.repeat(40))), "alike");
  assert.equal(likeness("ax b xc", shown(`a${T1} b ${T1}c`)), "alike");
  assert.equal(likeness("a xb c", shown(`a${T1}b c`)), "other", "no white space is in a link");
  assert.equal(likeness("ab", shown(`a${T1}b`)), "other", "a link is something");
  assert.equal(likeness("a-b b-c", shown(`a${T1}b${T1}c`)), "other");
  assert.equal(likeness("a-bb-c", shown(`a${T1}b${T1}c`)), "alike");
  assert.equal(likeness("Hello", shown("@jo ".repeat(20_000) + "Hello", true)), "other");
});
