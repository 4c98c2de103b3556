import assert from "node:assert/strict";
import fc from "fast-check";
import { cleanJson, Malformed } from "./clean_json.ts";

const field = (value: unknown): string => {
  try {
    cleanJson(value, "data", 4);
    return "fine";
  } catch (error) {
    assert.ok(error instanceof Malformed);
    return error.field;
  }
};

Deno.test("cleanJson names the place of what JSON or Postgres cannot hold", () => {
  assert.equal(field({ a: { b: [1, { c: NaN }] } }), "data.a.b[1].c");
  assert.equal(field({ a: [undefined] }), "data.a[0]");
  assert.equal(field({ a: 1n }), "data.a");
  assert.equal(field({ a: new Date(0) }), "data.a");
  assert.equal(field({ "two words": "\0" }), 'data["two words"]');
  assert.equal(field({ ["\udc00"]: 1 }), 'data["\ufffd"]');
  assert.equal(field([[[[[]]]]]), "data[0][0][0][0]");
  assert.equal(field({ a: [[[1]]] }), "fine");
});

Deno.test("cleanJson gives what JSON would read back, and a copy", () => {
  fc.assert(fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (value) => {
    if (JSON.stringify(value).includes("\\u0000")) return;
    const copy = cleanJson(value, "data", 1_000);
    assert.deepEqual(copy, JSON.parse(JSON.stringify(value)));
    if (typeof value === "object" && value !== null) assert.notEqual(copy, value);
  }));
  assert.deepEqual(cleanJson({ a: undefined, b: -0 }, "data", 4), { b: 0 });
});
