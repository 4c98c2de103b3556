import assert from "node:assert/strict";
import { PlatformFailed } from "../port.ts";
import { createLinkedInAdapter } from "./adapter.ts";
import { readSecret, writeSecret } from "./secret.ts";
import { PAGE, VERSION, withLinkedIn } from "./testing.ts";

const DAY = 86_400_000;
const partner = { application: { refresh: true } };

Deno.test("a token that ended is renewed once, however many calls find it so, and kept before it is used", async () => {
  await withLinkedIn(async ({ linkedin, adapter, advance, link, payload, asked }) => {
    const context = link();
    const first = readSecret(context.secret);
    advance(61 * DAY);
    let usedAtKeep = -1;
    const { keepSecret } = context;
    context.keepSecret = (value) => {
      usedAtKeep = linkedin.control.requests().filter(({ path }) => path.startsWith("/rest/")).length;
      return keepSecret(value);
    };
    const outcomes = await Promise.all(
      ["one", "two", "three"].map((text) => adapter.publish(context, payload(text), [])),
    );
    assert.deepEqual(outcomes.map(({ kind }) => kind), ["sent", "sent", "sent"]);
    assert.equal(asked().filter((one) => one === "POST /oauth/v2/accessToken").length, 1);
    assert.deepEqual([context.kept.length, usedAtKeep], [1, 0]);
    const second = readSecret(context.kept[0] ?? "");
    assert.notEqual(second.grant.access, first.grant.access);
    assert.deepEqual(second.grant.refresh?.token, first.grant.refresh?.token);
    assert.deepEqual([second.author, second.clientSecret, second.grant.scopes], [
      PAGE,
      first.clientSecret,
      first.grant.scopes,
    ]);
    // The next call comes with the old secret or with the new one: neither asks again.
    assert.equal((await adapter.publish(context, payload("four"), [])).kind, "sent");
    const renewed = { ...context, secret: context.kept[0] ?? "" };
    assert.equal((await adapter.publish(renewed, payload("five"), [])).kind, "sent");
    assert.deepEqual(asked(), ["POST /rest/posts", "POST /rest/posts"]);
  }, partner);
});

Deno.test("a 401 that a new token may cure is cured, with one more request", async () => {
  for (const fault of ["expired_token", "invalid_token"] as const) {
    await withLinkedIn(async ({ linkedin, adapter, link, payload, fail, asked }) => {
      fail(fault, "POST /rest/posts");
      assert.equal((await adapter.publish(link(), payload("x"), [])).kind, "sent");
      assert.deepEqual(asked(), ["POST /rest/posts", "POST /oauth/v2/accessToken", "POST /rest/posts"]);
      assert.equal(linkedin.control.posts().length, 1);
    }, partner);
  }
});

Deno.test("a leave that was taken back, or that ended for good, is dead; nothing is kept", async () => {
  await withLinkedIn(async ({ linkedin, adapter, advance, link, payload, asked }) => {
    const revoked = link();
    linkedin.control.revoke({ member: "mAr1s0l-Q" });
    assert.equal((await adapter.publish(revoked, payload("x"), [])).kind, "auth_dead");
    const linked = link();
    advance(366 * DAY);
    asked();
    assert.equal((await adapter.publish(linked, payload("x"), [])).kind, "auth_dead");
    assert.deepEqual(asked(), []);
    assert.deepEqual([...revoked.kept, ...linked.kept], []);
  }, partner);
  await withLinkedIn(async ({ adapter, advance, link, payload, asked }) => {
    const context = link();
    advance(61 * DAY);
    const outcome = await adapter.publish(context, payload("x"), []);
    assert.deepEqual(outcome, { kind: "auth_dead", reason: "the leave on LinkedIn ended on 2027-01-21" });
    assert.deepEqual(asked(), []);
  });
});

Deno.test("a renewal that fails sends nothing, keeps nothing, and can be tried again", async () => {
  const faults = [
    "reset_before",
    "reset_after",
    "server_error_before",
    "junk_answer",
    "half_answer",
    "redirect",
  ] as const;
  for (const fault of faults) {
    await withLinkedIn(async ({ adapter, advance, link, payload, fail, asked }) => {
      const context = link();
      advance(61 * DAY);
      fail(fault, "POST /oauth");
      assert.equal((await adapter.publish(context, payload("x"), [])).kind, "not_sent", fault);
      assert.deepEqual(context.kept, []);
      assert.deepEqual(asked(), ["POST /oauth/v2/accessToken"]);
      assert.equal((await adapter.publish(context, payload("x"), [])).kind, "sent", fault);
    }, partner);
  }
});

Deno.test("a token that cannot be kept is not used, and what the vault said is not repeated", async () => {
  await withLinkedIn(async ({ adapter, advance, link, payload, asked }) => {
    const context = link();
    advance(61 * DAY);
    context.keepSecret = (value) => Promise.reject(new Error(`no room for ${value}`));
    const outcome = await adapter.publish(context, payload("x"), []);
    assert.deepEqual(outcome, { kind: "not_sent", reason: "the renewed leave could not be kept (Error)" });
    assert.deepEqual(asked(), ["POST /oauth/v2/accessToken"]);
    assert.equal((await adapter.publish(context, payload("x"), [])).kind, "not_sent");
    assert.deepEqual(asked(), ["POST /oauth/v2/accessToken"]);
  }, partner);
});

Deno.test("a secret of another account is refused before anything is sent", async () => {
  await withLinkedIn(async ({ linkedin, adapter, link, payload, asked }) => {
    const context = link();
    const other = writeSecret({ ...readSecret(context.secret), author: "urn:li:organization:77002" });
    const strange = { ...context, secret: other };
    const outcome = await adapter.publish(strange, payload("x"), []);
    assert.equal(outcome.kind, "auth_dead");
    assert.match(JSON.stringify(outcome), /another LinkedIn account/);
    assert.equal((await adapter.remove(strange, "urn:li:share:1")).kind, "auth_dead");
    assert.equal((await adapter.refresh({ ...context, secret: "{}" })).kind, "auth_dead");
    await assert.rejects(adapter.poll(strange, null), PlatformFailed);
    assert.throws(() => createLinkedInAdapter({ version: "latest" }), /not "latest"/);
    const old = createLinkedInAdapter({ version: "202501", webOrigin: linkedin.webOrigin });
    assert.equal((await old.publish(context, payload("x"), [])).kind, "not_sent");
    assert.deepEqual([asked(), VERSION], [["POST /rest/posts"], "202610"]);
  });
});
