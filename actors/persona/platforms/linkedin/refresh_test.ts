import assert from "node:assert/strict";
import { readSecret } from "./secret.ts";
import { MEMBER, withLinkedIn } from "./testing.ts";

const DAY = 86_400_000;
const partner = { application: { refresh: true } };

Deno.test("a token that LinkedIn accepts is fresh, with one call, whatever its scopes", async () => {
  await withLinkedIn(async ({ adapter, link, asked }) => {
    for (const scopes of [undefined, ["w_member_social"]]) {
      const context = link(MEMBER, scopes);
      assert.deepEqual(await adapter.refresh(context), { kind: "fresh" });
      assert.deepEqual([asked(), context.kept], [["GET /v2/userinfo"], []]);
    }
  }, partner);
});

Deno.test("a leave is renewed in its last seven days, once for all that ask, and kept before it is used", async () => {
  await withLinkedIn(async ({ adapter, advance, link, asked }) => {
    const context = link();
    advance(53 * DAY - 1);
    assert.deepEqual(await adapter.refresh(context), { kind: "fresh" });
    assert.deepEqual(asked(), ["GET /v2/userinfo"]);
    advance(1);
    const all = await Promise.all([1, 2, 3].map(() => adapter.refresh(context)));
    assert.deepEqual(all.map(({ kind }) => kind), ["fresh", "fresh", "fresh"]);
    assert.equal(asked().filter((one) => one === "POST /oauth/v2/accessToken").length, 1);
    assert.equal(context.kept.length, 1);
    const [before, after] = [context.secret, context.kept[0] ?? ""].map((one) => readSecret(one).grant);
    assert.ok((after?.accessUntil ?? 0) >= (before?.accessUntil ?? 0) + 52 * DAY);
  }, partner);
});

Deno.test("a leave that was taken back or that ended is dead; a renewal that fails is no end while the token works", async () => {
  await withLinkedIn(async ({ linkedin, adapter, advance, link, fail, asked }) => {
    for (const fault of ["revoked_token", "expired_token", "invalid_token"] as const) {
      fail(fault, "GET /v2/userinfo", 2);
      assert.equal((await adapter.refresh(link(MEMBER))).kind, "auth_dead", fault);
      linkedin.control.mend();
    }
    for (const fault of ["server_error_before", "reset_before", "junk_answer"] as const) {
      fail(fault, "GET /v2/userinfo");
      assert.equal((await adapter.refresh(link(MEMBER))).kind, "uncertain", fault);
    }
    const context = link(MEMBER);
    advance(61 * DAY);
    asked();
    assert.equal((await adapter.refresh(context)).kind, "auth_dead");
    assert.deepEqual(asked(), []);
  });
  await withLinkedIn(async ({ adapter, advance, link, fail }) => {
    const context = link();
    advance(55 * DAY);
    fail("server_error_before", "POST /oauth");
    assert.equal((await adapter.refresh(context)).kind, "not_sent");
    fail("invalid_token", "POST /oauth");
    const refused = await adapter.refresh(context);
    assert.equal(refused.kind, "rejected");
    assert.match(JSON.stringify(refused), /link the account again before 2027-01-21/);
    assert.deepEqual(context.notes.at(-1), {
      call: { ok: false, error: "The leave on LinkedIn could not be renewed." },
    });
    assert.deepEqual(context.kept, []);
    assert.deepEqual(await adapter.refresh(context), { kind: "fresh" });
    assert.equal(context.kept.length, 1);
  }, partner);
});
