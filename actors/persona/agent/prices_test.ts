import assert from "node:assert/strict";
import { costMicroUsd } from "./prices.ts";

Deno.test("a cost is in millionths of a dollar, for known models at the host that charges it, else null", () => {
  assert.equal(costMicroUsd("api.openai.com", "gpt-4o-mini", 1_000, 100), 210);
  assert.equal(costMicroUsd("api.openai.com", "gpt-4o-mini-2024-07-18", 1_000, 100), 210);
  assert.equal(costMicroUsd("api.openai.com", "gpt-unknown", 1_000, 100), null);
  assert.equal(costMicroUsd("api.openai.com", "constructor", 1_000, 100), null);
  assert.equal(costMicroUsd("127.0.0.1:11434", "gpt-4o-mini", 1_000, 100), null);
});
