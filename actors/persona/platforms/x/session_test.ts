import assert from "node:assert/strict";
import { publish } from "./publish.ts";
import { readSecret } from "./secret.ts";
import { frozen, withX } from "./testing.ts";

const options = { madeWithAi: false };
const hello = frozen(["Hello"], options);

Deno.test("access that is about to end is renewed first, and kept before it is used", async () => {
  const order: string[] = [];
  await withX(async ({ x, session, context }) => {
    const keepSecret = (value: string) => {
      order.push(`kept with ${x.control.requests("createPost").length} posts asked for`);
      return context.keepSecret(value);
    };
    assert.equal((await publish(session, { ...context, keepSecret }, hello, [])).kind, "sent");
    assert.deepEqual(order, ["kept with 0 posts asked for"]);
    assert.deepEqual(x.control.requests().map(({ operation }) => operation), ["token", "createPost"]);
  }, { accessLifeMs: 30_000 });
});

Deno.test("access that X has ended is renewed once for all that find it so, and the post goes out once", async () => {
  await withX(async ({ x, session, context, kept }) => {
    x.control.expireAccess("marisol_ink");
    const texts = ["one", "two", "three"];
    const outcomes = await Promise.all(
      texts.map((text) => publish(session, context, frozen([text], options), [])),
    );
    assert.deepEqual(outcomes.map(({ kind }) => kind), ["sent", "sent", "sent"]);
    assert.equal(x.control.requests("token").length, 1);
    assert.equal(kept.length, 1);
    assert.equal(x.control.posts().length, 3);
    assert.ok(session.serves(context) && session.serves({ ...context, secret: kept[0] ?? "" }));
  });
});

Deno.test("a renewed access that cannot be kept is not used; it is kept first the next time, not asked for again", async () => {
  let broken = true;
  const kept: string[] = [];
  await withX(async ({ x, session, context }) => {
    const outcome = await publish(session, context, hello, []);
    assert.deepEqual([outcome.kind, x.control.requests("createPost").length], ["not_sent", 0]);
    assert.ok(!JSON.stringify(outcome).includes("vault words"));
    broken = false;
    assert.equal((await publish(session, context, hello, [])).kind, "sent");
    assert.equal(x.control.requests("token").length, 1);
    assert.equal(kept.length, 1);
  }, {
    accessLifeMs: 1,
    keepSecret: (value) => {
      if (broken) return Promise.reject(new Error("vault words"));
      kept.push(value);
      return Promise.resolve();
    },
  });
});

Deno.test("a crash after a renewal goes on with what was kept", async () => {
  await withX(async (linked) => {
    await publish(linked.session, linked.context, hello, []);
    linked.restart();
    const again = frozen(["Again"], options);
    assert.equal((await publish(linked.session, linked.context, again, [])).kind, "sent");
    assert.equal(linked.x.control.requests("token").length, 1);
  }, { accessLifeMs: 1 });
});

Deno.test("a renewal that X refuses means that a person must link again; one that is lost means not sent", async () => {
  await withX(async ({ x, session, context, kept }) => {
    x.control.fault("html_502_before", { operation: "token" });
    assert.equal((await publish(session, context, hello, [])).kind, "not_sent");
    x.control.killTokens("marisol_ink");
    assert.equal((await publish(session, context, hello, [])).kind, "auth_dead");
    assert.deepEqual([kept, x.control.requests("createPost")], [[], []]);
  }, { accessLifeMs: 1 });
});

Deno.test("a renewal that names no access token is kept nowhere, and nothing is sent", async () => {
  await withX(async ({ x, session, context, kept }) => {
    x.control.fault("no_id", { operation: "token" });
    assert.equal((await publish(session, context, hello, [])).kind, "not_sent");
    assert.deepEqual(kept, []);
  }, { accessLifeMs: 1 });
});

Deno.test("without leave to renew, access ends for good", async () => {
  await withX(async ({ x, session, context, pass }) => {
    assert.equal((await publish(session, context, hello, [])).kind, "sent");
    pass(3 * 3_600_000);
    const outcome = await publish(session, context, frozen(["Later"], options), []);
    assert.deepEqual([outcome.kind, x.control.requests().length], ["auth_dead", 1]);
  }, { scopes: ["tweet.read", "tweet.write", "users.read"] });
});

Deno.test("a kept secret is whole: the app's, the new tokens, and when access ends", async () => {
  await withX(async ({ x, session, context, kept, now }) => {
    await publish(session, context, hello, []);
    const secret = readSecret(kept[0] ?? "");
    assert.ok(secret.kind === "oauth2");
    assert.equal(secret.clientSecret, x.app.clientSecret);
    assert.equal(secret.expiresAt, now() + 7_200_000);
    assert.ok(secret.scopes.includes("offline.access") && secret.refreshToken !== null);
  }, { accessLifeMs: 1 });
});
