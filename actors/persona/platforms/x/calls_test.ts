import assert from "node:assert/strict";
import type { LimitWindow, Noted } from "../port.ts";
import { frozen, NOON, withX } from "./testing.ts";

function windowsIn(noted: Noted[]): LimitWindow[] {
  return noted.flatMap(({ windows = [] }) => windows);
}

for (const auth of ["oauth1", "oauth2"] as const) {
  Deno.test(`each call by ${auth} tells how much X still allows, and that it went well`, async () => {
    await withX(async ({ adapter, context, noted }) => {
      await adapter.publish(context, frozen(["One"]), []);
      const quarter = NOON + 15 * 60_000;
      assert.deepEqual(windowsIn(noted), [
        { name: "posts in 15 minutes", holds: "publish", limit: 100, remaining: 99, resetAt: quarter },
        {
          name: "posts of the whole app in 24 hours",
          holds: "publish",
          limit: 10_000,
          remaining: 9_999,
          resetAt: NOON + 24 * 3_600_000,
        },
      ]);
      assert.deepEqual(noted.flatMap(({ call }) => call ?? []), [{ ok: true }]);
      noted.length = 0;
      await adapter.poll(context, null);
      assert.deepEqual(windowsIn(noted), [{
        name: "readings of mentions in 15 minutes",
        holds: "read",
        limit: 300,
        remaining: 299,
        resetAt: quarter,
      }]);
    }, { auth });
  });
}

Deno.test("a limit that is reached is told with its end, and the call as failed", async () => {
  await withX(async ({ x, adapter, context, noted }) => {
    x.control.setLimit("createPost", 1);
    await adapter.publish(context, frozen(["One"]), []);
    noted.length = 0;
    const outcome = await adapter.publish(context, frozen(["Two"]), []);
    const [window] = windowsIn(noted);
    assert.ok(outcome.kind === "rate_limited");
    assert.deepEqual([window?.remaining, window?.resetAt], [0, outcome.until]);
    assert.deepEqual(noted.at(-1)?.call, { ok: false, error: "X asks to wait" });
  });
});

Deno.test("what was noted holds nothing that others wrote, in no refusal and no answer", async () => {
  await withX(async ({ x, adapter, context, noted }) => {
    x.control.say({ by: "jo", text: "@marisol_ink foreignword" });
    await adapter.poll(context, null);
    const secret = frozen([`${"x".repeat(300)} ownword`]);
    assert.equal((await adapter.publish(context, secret, [])).kind, "rejected");
    x.control.fault("forbidden", { operation: "createPost" });
    await adapter.publish(context, frozen(["ownword"]), []);
    x.control.fault("half_body", { operation: "mentionsOfUser" });
    await assert.rejects(adapter.poll(context, null));
    const told = JSON.stringify(noted);
    for (const word of ["foreignword", "ownword", "jo", "permitted"]) assert.ok(!told.includes(word), word);
    assert.ok(told.includes("X refused what was asked of it"));
    assert.deepEqual(noted.at(-1)?.call, { ok: false, error: "the connection to X broke" });
  });
});

Deno.test("a renewal that fails is told, though nothing else was asked", async () => {
  await withX(async ({ x, adapter, context, noted }) => {
    x.control.killTokens("marisol_ink");
    assert.equal((await adapter.refresh(context)).kind, "auth_dead");
    assert.deepEqual(noted, [{
      call: { ok: false, error: "X does not renew access to this account any more" },
    }]);
  }, { accessLifeMs: 1 });
});
