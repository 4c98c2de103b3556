import assert from "node:assert/strict";
import { IdentitySchema } from "../api/schemas/identity.ts";
import { describe } from "./describe.ts";
import { TEMPLATES } from "./templates.ts";

const given = { zone: "Europe/Lisbon", language: "en" };

Deno.test("a description gives what stands in it, and nothing else", () => {
  const text =
    "A warm, dry baker who writes about bread, salt and old ovens. She wants to make people bake on Sundays. " +
    "She values patience. Never gives diet advice.";
  const identity = describe(" Nora Quill ", text, given);
  assert.equal(identity.name, "Nora Quill");
  assert.equal(identity.background, text);
  assert.deepEqual(identity.tone, ["warm", "dry"]);
  assert.deepEqual(identity.values, ["patience"]);
  assert.deepEqual(identity.interests, ["bread", "salt", "old ovens"]);
  assert.deepEqual(identity.rules, ["Never gives diet advice."]);
  assert.match(identity.purpose, /make people bake/);
  assert.deepEqual([identity.zone, identity.operatedBy, identity.examples], ["Europe/Lisbon", "", []]);
});

Deno.test("a description without any hint leaves the fields empty", () => {
  const identity = describe("X", "Somebody.", given);
  assert.deepEqual([identity.interests, identity.tone, identity.values, identity.rules, identity.purpose], [
    [],
    [],
    [],
    [],
    "",
  ]);
});

Deno.test("each template is a whole identity that the API would take", () => {
  for (const { identity } of TEMPLATES) {
    assert.deepEqual(IdentitySchema.parse(identity), identity);
    assert.ok(identity.examples.length >= 3 && identity.kind === "fictional");
  }
});
