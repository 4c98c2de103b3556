import assert from "node:assert/strict";
import { readSecret, writeSecret } from "./secret.ts";
import { NOON, withX } from "./testing.ts";

Deno.test("credentials that work are fresh; those that end within ten minutes are renewed, once for all", async () => {
  await withX(async ({ x, adapter, context, kept, now, pass }) => {
    assert.deepEqual(await adapter.refresh(context), { kind: "fresh" });
    assert.deepEqual([kept.length, x.control.requests("token").length], [0, 0]);
    pass(60_001);
    const all = await Promise.all([1, 2, 3].map(() => adapter.refresh(context)));
    assert.deepEqual(all.map(({ kind }) => kind), ["fresh", "fresh", "fresh"]);
    assert.deepEqual([kept.length, x.control.requests("token").length], [1, 1]);
    const secret = readSecret(kept[0] ?? "");
    assert.ok(secret.kind === "oauth2" && secret.expiresAt === now() + 7_200_000);
    assert.ok(secret.refreshToken !== null && secret.scopes.length > 0);
  }, { accessLifeMs: 11 * 60_000 });
});

Deno.test("a renewal whose answer is empty, half or without a token is kept nowhere", async () => {
  for (const fault of ["empty_2xx", "half_body", "no_id", "html_2xx"] as const) {
    await withX(async ({ x, adapter, context, kept }) => {
      x.control.fault(fault, { operation: "token" });
      assert.equal((await adapter.refresh(context)).kind, "not_sent", fault);
      assert.deepEqual(kept, [], fault);
    }, { accessLifeMs: 1 });
  }
});

Deno.test("keys of OAuth 1.0a are fresh while X takes them, and dead when it does not", async () => {
  await withX(async ({ x, adapter, context }) => {
    assert.deepEqual(await adapter.refresh(context), { kind: "fresh" });
    x.control.fault("unavailable", { operation: "me" });
    assert.equal((await adapter.refresh(context)).kind, "uncertain");
    x.control.killTokens("marisol_ink");
    assert.equal((await adapter.refresh(context)).kind, "auth_dead");
  }, { auth: "oauth1" });
});

Deno.test("credentials of another account, and those that are not readable, are dead; nothing is thrown", async () => {
  await withX(async ({ x, adapter, context, now }) => {
    x.control.addAccount("jo");
    const { clientId, clientSecret } = x.app;
    const secret = writeSecret({ kind: "oauth2", clientId, clientSecret, ...x.control.grant("jo") });
    assert.equal((await adapter.refresh({ ...context, secret })).kind, "auth_dead");
    const broken = { ...context, secret: "{}" };
    assert.equal((await adapter.refresh(broken)).kind, "auth_dead");
    const payload = { keys: ["0"], records: [{ text: "a" }] };
    assert.equal((await adapter.publish(broken, payload, [])).kind, "auth_dead");
    assert.equal((await adapter.remove(broken, "1")).kind, "auth_dead");
    const looked = { before: [], absentSince: null, others: new Set<string>() };
    assert.equal((await adapter.reconcile(broken, payload, looked)).kind, "unknown");
    await assert.rejects(adapter.poll(broken, null), { name: "PlatformFailed" });
    assert.equal(now(), NOON);
  });
});
