import assert from "node:assert/strict";
import type { StoredEvent } from "./log.ts";
import { isOldSchema, lift, type Upcasters } from "./upcast.ts";

const upcasters: Upcasters = {
  Said: { 1: ({ words }) => ({ text: words ?? "" }), 2: (data) => ({ ...data, language: "en" }) },
};

const event: StoredEvent = {
  position: 1,
  id: "00000000-0000-4000-8000-000000000000",
  stream: "s",
  version: 1,
  type: "Said",
  schema: 1,
  at: "2026-01-01T00:00:00.000Z",
  by: "system",
  cause: null,
  correlation: null,
  data: { words: "hi" },
};

Deno.test("lift goes step by step to the newest schema and leaves the stored event alone", () => {
  assert.deepEqual(lift(event, upcasters), { ...event, schema: 3, data: { text: "hi", language: "en" } });
  assert.deepEqual(event.data, { words: "hi" });
});

Deno.test("lift gives events that need nothing as they are", () => {
  const newest = { ...event, schema: 3 };
  assert.equal(lift(newest, upcasters), newest);
  const other = { ...event, type: "toString" };
  assert.equal(lift(other, upcasters), other);
});

Deno.test("isOldSchema knows what lift would change", () => {
  assert.deepEqual([1, 2, 3].map((schema) => isOldSchema(upcasters, "Said", schema)), [true, true, false]);
  assert.equal(isOldSchema(upcasters, "toString", 1), false);
});
