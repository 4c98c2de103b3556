/** What a server may answer that is not LinkedIn as it should be: nothing of it breaks, blocks or is believed. */
import assert from "node:assert/strict";
import { answeringAnything, endless, huge, json } from "../../../../tests/stand_ins/anything.ts";
import { PlatformFailed } from "../port.ts";
import { connectLinkedIn } from "./connect.ts";
import { adapterAt, COMMENT, contextOf, DAY, frozen, lost, SCOPES, SHARE } from "./hostile_testing.ts";
import { readSecret } from "./secret.ts";
import { MEMBER, NOW, PAGE, VERSION } from "./testing.ts";

Deno.test("LinkedIn, answers that are too long, never end, are no JSON or lead elsewhere: in doubt, in time, and nowhere else is asked", async () => {
  const elsewhere: string[] = [];
  await answeringAnything((request) => {
    elsewhere.push(request.url);
    return json("{}", 201, { "x-restli-id": SHARE });
  }, async ({ origin }) => {
    const answers: (() => Response)[] = [
      huge,
      endless,
      () => json("<html>"),
      () => json("<html>", 400),
      () => json("<html>", 403),
      () => json("<html>", 404),
      () => json("", 401),
      () => json("{}", 307, { location: `${origin}/rest/posts` }),
      () => json("<html>", 302, { location: `${origin}/` }),
    ];
    for (const [index, answer] of answers.entries()) {
      await answeringAnything(answer, async (server) => {
        const [adapter, context] = [adapterAt(server), contextOf(server)];
        assert.equal((await adapter.publish(context, frozen(), [])).kind, "uncertain", `${index}`);
        assert.deepEqual(server.asked, ["POST /rest/posts"], "a post is sent once");
        assert.equal((await adapter.reconcile(context, frozen(), lost)).kind, "unknown", `${index}`);
        assert.equal((await adapter.remove(context, SHARE)).kind, "uncertain", `${index}`);
        await assert.rejects(adapter.poll(context, null), PlatformFailed);
        await assert.rejects(adapter.findTarget(context, SHARE), PlatformFailed);
      });
    }
    assert.deepEqual(elsewhere, []);
  });
});

Deno.test("LinkedIn, headers with nonsense: a post that nobody named is in doubt, a wait ends within a day", async () => {
  for (const id of ["", "7", "urn:li:share:x", `${SHARE}/../x`, "x".repeat(5_000), COMMENT]) {
    await answeringAnything(() => json("", 201, { "x-restli-id": id }), async (server) => {
      const outcome = await adapterAt(server).publish(contextOf(server), frozen(), []);
      assert.equal(outcome.kind, "uncertain", id);
    });
  }
  for (
    const value of ["", "soon", "-5", "1e9", "99999999999999999999", "Sat, 01 Jan 2000 00:00:00 GMT", "NaN"]
  ) {
    await answeringAnything(() => json("{}", 429, { "retry-after": value }), async (server) => {
      const context = contextOf(server);
      const outcome = await adapterAt(server).publish(context, frozen(), []);
      assert.ok(outcome.kind === "rate_limited" && outcome.until > NOW && outcome.until <= NOW + DAY, value);
      const [window] = context.noteds.flatMap(({ windows = [] }) => windows);
      assert.equal(window?.resetAt, outcome.until);
    });
  }
});

Deno.test("LinkedIn, counts that are none: not known", async () => {
  for (const wrong of ["-3", "1.5", "1e999", "1e300", '"7"', "null", "[]"]) {
    const sums = `{"likeCount": ${wrong}, "commentCount": 2, "impressionCount": ${wrong}}`;
    const body = `{"elements": [{"share": "${SHARE}", "totalShareStatistics": ${sums}, "count": ${wrong}}]}`;
    await answeringAnything(() => json(body), async (server) => {
      const page = (await adapterAt(server).metrics(contextOf(server), [SHARE])).get(SHARE);
      assert.ok(page?.kind === "counted");
      assert.deepEqual([page.metrics.likes, page.metrics.replies, page.metrics.impressions], [null, 2, null]);
      const own = (await adapterAt(server).metrics(contextOf(server, { author: MEMBER }), [SHARE])).get(
        SHARE,
      );
      assert.ok(own?.kind === "counted" && Object.values(own.metrics).every((one) => one === null), wrong);
    });
  }
});

Deno.test("LinkedIn, a renewal that gives no token that can be sent: nothing is kept, nothing goes out, nothing breaks", async () => {
  for (const token of ['"a b"', '"a\\nb"', '"é"', `"${"x".repeat(500_000)}"`, '""', "7", "{}"]) {
    await answeringAnything(() => json(`{"access_token": ${token}, "expires_in": 7200}`), async (server) => {
      const context = contextOf(server, { until: NOW });
      const outcome = await adapterAt(server).publish(context, frozen(), []);
      assert.equal(outcome.kind, "not_sent", token.slice(0, 20));
      assert.deepEqual([context.kept, server.asked], [[], ["POST /oauth/v2/accessToken"]]);
    });
  }
});

Deno.test("LinkedIn, a grant with strange times, scopes and refresh tokens: what is none stays, and no leave lasts for ever", async () => {
  const renewalOf = async (fields: string) => {
    let kept = "";
    await answeringAnything(
      ({ url }) =>
        url.endsWith("/accessToken")
          ? json(`{"access_token": "new-access", ${fields}}`)
          : json("", 201, { "x-restli-id": SHARE }),
      async (server) => {
        const context = contextOf(server, { until: NOW });
        assert.equal((await adapterAt(server).publish(context, frozen(), [])).kind, "sent", fields);
        [kept = ""] = context.kept;
        const { warnings } = adapterAt(server).describe({ account: context.account, secret: kept });
        assert.deepEqual(warnings, []);
      },
    );
    return readSecret(kept).grant;
  };
  const old = { token: "old-refresh", until: NOW + 100 * DAY };
  const odd = await renewalOf('"expires_in": 1e999, "refresh_token": "a\\nb", "scope": "\\u0000,é"');
  assert.deepEqual(odd, { access: "new-access", accessUntil: NOW + 366 * DAY, refresh: old, scopes: SCOPES });
  const untimed = await renewalOf('"expires_in": 1e300, "refresh_token": "another"');
  assert.deepEqual(untimed.refresh, { ...old, token: "another" }, "a new token whose end is not said");
  const endless = await renewalOf(
    '"expires_in": 9e15, "refresh_token": "another", "refresh_token_expires_in": 1e999',
  );
  assert.deepEqual(endless.refresh, { token: "another", until: NOW + 366 * DAY });
});

Deno.test("LinkedIn, what others said in the future or before time: what is to come is still looked for", async () => {
  const said = (at: string) =>
    `{"elements": [{"notificationId": 1, "lastModifiedAt": ${at}, "action": "COMMENT", "decoratedGeneratedActivity":
      {"comment": {"entity": "${COMMENT}", "owner": "urn:li:person:jo", "text": "Well"}}}]}`;
  for (const at of ["1e999", "1e300", "9e15", String(NOW + 30 * DAY), "7"]) {
    const ranges: number[][] = [];
    const listen = ({ url }: Request) => {
      const [, start, end] = /start:(-?\d+),end:(-?\d+)/.exec(decodeURIComponent(url)) ?? [];
      ranges.push([Number(start), Number(end)]);
      return json(said(at));
    };
    await answeringAnything(listen, async (server) => {
      const [adapter, context] = [adapterAt(server), contextOf(server)];
      const first = await adapter.poll(context, null);
      assert.equal(first.interactions.length, 1, at);
      assert.ok(first.interactions.every((one) => one.at <= NOW + 3_600_000), at);
      await adapter.poll(context, first.cursor);
      await adapter.poll(context, `{"since": 9e15, "newest": 9e15, "until": null, "seen": []}`);
      assert.ok(ranges.every(([start = NaN, end = NaN]) => start <= NOW && end >= NOW), `${at}: ${ranges}`);
    });
  }
});

Deno.test("LinkedIn, a list that is not of posts: it shows no absence, so nothing is sent again", async () => {
  for (const elements of ["[null]", '["x", 7]', "[{}]", `[{"id": "${SHARE}", "createdAt": 5}]`, "[[]]"]) {
    await answeringAnything(() => json(`{"elements": ${elements}}`), async (server) => {
      const [adapter, context] = [adapterAt(server), contextOf(server)];
      assert.equal((await adapter.reconcile(context, frozen(), lost)).kind, "unknown", elements);
      const comment = frozen(PAGE, SHARE);
      assert.equal((await adapter.reconcile(context, comment, lost)).kind, "unknown", elements);
    });
  }
});

Deno.test("LinkedIn, connecting a leave with many pages at a server that is slow: it ends when it has to, and names are bounded", async () => {
  const roles = Array.from({ length: 30 }, (_, n) => ({
    organization: `urn:li:organization:${n + 1}`,
    role: "ADMINISTRATOR",
    state: "APPROVED",
  }));
  const end = new AbortController();
  const answer = ({ url }: Request) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith("/2")) end.abort();
    if (pathname.endsWith("/1")) return json(JSON.stringify({ vanityName: `a\u202e\n${"x".repeat(1_000)}` }));
    if (pathname.startsWith("/rest/organizations/")) return endless();
    const scope = "w_member_social,rw_organization_admin,w_organization_social";
    return json(
      JSON.stringify({ sub: "jo", name: "\n", access_token: "a", expires_in: 60, scope, elements: roles }),
    );
  };
  await answeringAnything(answer, async (server) => {
    const connected = await connectLinkedIn(
      { clientId: "client", clientSecret: "client-secret" },
      { code: "code", redirectUri: "https://a.example" },
      { version: VERSION, apiOrigin: server.origin, webOrigin: server.origin, signal: end.signal },
    );
    assert.ok(connected.kind === "connected");
    const [member, first, second] = connected.choices;
    assert.deepEqual([member?.handle, second?.handle], ["urn:li:person:jo", "urn:li:organization:2"]);
    assert.match(first?.handle ?? "", /^a {2}x{197}$/);
    assert.equal(
      server.asked.filter((one) => one.includes("/organizations/")).length,
      2,
      "no more after the end",
    );
  });
});
