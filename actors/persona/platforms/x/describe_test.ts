import assert from "node:assert/strict";
import { describe } from "./describe.ts";
import { NOON, withX } from "./testing.ts";

Deno.test("four keys say nothing of what they may do, only that they may read; they do not end", async () => {
  await withX(({ context }) => {
    const { may, scopes, missingScopes, accessUntil, leaveUntil, warnings } = describe(context);
    assert.deepEqual(may, {
      post: null,
      reply: null,
      media: null,
      read: true,
      measure: true,
      delete: null,
      readBack: true,
    });
    assert.deepEqual([scopes, missingScopes, accessUntil, leaveUntil, warnings], [[], [], null, null, []]);
    return Promise.resolve();
  }, { auth: "oauth1" });
});

Deno.test("a whole grant may everything, is renewed by itself, and costs what X's list says", async () => {
  await withX(({ context }) => {
    const described = describe(context);
    assert.ok(Object.values(described.may).every((may) => may === true));
    assert.deepEqual([described.accessUntil, described.leaveUntil], [NOON + 7_200_000, null]);
    assert.deepEqual([described.missingScopes, described.warnings], [[], []]);
    assert.deepEqual(described.limits, {
      maxLength: 280,
      unit: "weighted characters",
      maxParts: 25,
      maxImages: 4,
      maxImageBytes: 5_000_000,
    });
    assert.deepEqual(described.prices, {
      post: 15_000,
      postWithLink: 200_000,
      reply: 10_000,
      read: 5_000,
      delete: 10_000,
      asOf: "2026-11",
      source: "https://docs.x.com/x-api/getting-started/pricing",
    });
    assert.equal(described.promise, "at_most_once");
    return Promise.resolve();
  });
});

Deno.test("what nobody agreed to is named, with what the persona cannot do, and when a person must link again", async () => {
  await withX(({ context }) => {
    const described = describe(context);
    assert.deepEqual([described.may.post, described.may.media, described.may.read], [true, false, true]);
    assert.deepEqual(described.missingScopes, ["media.write", "offline.access"]);
    assert.deepEqual(described.warnings, [
      "It may not send pictures: link the account again and agree to media.write.",
      "Access cannot be renewed when it ends: link the account again and agree to offline.access.",
    ]);
    assert.equal(described.leaveUntil, NOON + 7_200_000);
    return Promise.resolve();
  }, { scopes: ["tweet.read", "tweet.write", "users.read"] });
});
