import assert from "node:assert/strict";
import { connectX } from "./connect.ts";
import { readSecret } from "./secret.ts";
import { NOON, withX } from "./testing.ts";

Deno.test("four keys connect: who it is, and that nobody knows yet whether it may post", async () => {
  await withX(async ({ x, context, now }) => {
    const connected = await connectX(readSecret(context.secret), { service: x.origin, now });
    assert.deepEqual(connected, {
      kind: "connected",
      accountId: x.control.account("marisol_ink").id,
      handle: "marisol_ink",
      service: x.origin,
      secret: context.secret,
      may: { read: true, post: null, media: null, renew: true },
      missing: [],
      expiresAt: null,
      spent: [{ what: "read", count: 1, microUsd: 10_000 }],
    });
  }, { auth: "oauth1" });
});

Deno.test("a grant connects: what it may do, what is missing, when it ends", async () => {
  await withX(async ({ x, context, now }) => {
    const connected = await connectX(readSecret(context.secret), { service: x.origin, now });
    assert.ok(connected.kind === "connected");
    assert.deepEqual(connected.may, { read: true, post: true, media: false, renew: false });
    assert.deepEqual(connected.missing, ["media.write", "offline.access"]);
    assert.equal(connected.expiresAt, NOON + 7_200_000);
  }, { scopes: ["tweet.read", "tweet.write", "users.read"] });
});

Deno.test("a grant that has to be renewed first connects with the secret that is to be kept", async () => {
  await withX(async ({ x, context, now }) => {
    const connected = await connectX(readSecret(context.secret), { service: x.origin, now });
    assert.ok(connected.kind === "connected");
    assert.notEqual(connected.secret, context.secret);
    const again = await connectX(readSecret(connected.secret), { service: x.origin, now });
    assert.equal(again.kind, "connected");
    assert.equal(x.control.requests("token").length, 1);
  }, { accessLifeMs: 1 });
});

Deno.test("wrong keys and a broken X do not connect, and no key is in the reason", async () => {
  await withX(async ({ x, context, now }) => {
    const secret = readSecret(context.secret);
    assert.ok(secret.kind === "oauth1");
    const wrong = await connectX({ ...secret, accessSecret: "wrong-secret" }, { service: x.origin, now });
    assert.equal(wrong.kind, "auth_dead");
    assert.ok(!JSON.stringify(wrong).includes("wrong-secret"));
    x.control.fault("no_id", { operation: "me" });
    assert.equal((await connectX(secret, { service: x.origin, now })).kind, "uncertain");
    await x.down();
    assert.equal((await connectX(secret, { service: x.origin, now })).kind, "not_sent");
    await x.up();
  }, { auth: "oauth1" });
});
