import assert from "node:assert/strict";
import { isUuid } from "./admit.ts";
import { timeOrderedIds } from "./ports.ts";

Deno.test("time-ordered ids are distinct UUIDs of version 7 that begin with the time", () => {
  const now = Date.UTC(2026, 0, 1);
  const ids = timeOrderedIds({ now: () => now });
  const made = Array.from({ length: 1_000 }, () => ids.uuid());
  assert.equal(new Set(made).size, 1_000);
  for (const id of made) {
    assert.ok(isUuid(id));
    assert.match(id, /^.{14}7.{4}[89ab]/);
    assert.equal(parseInt(id.replaceAll("-", "").slice(0, 12), 16), now);
  }
});
