import assert from "node:assert/strict";
import fc from "fast-check";
import { repairText, textFault } from "./unicode.ts";

Deno.test("textFault names a NUL and half of a surrogate pair, and nothing else", () => {
  assert.match(textFault("a\0") ?? "", /NUL/);
  assert.match(textFault("\ud800a") ?? "", /surrogate/);
  assert.equal(textFault("\ud834\udd1e \u0001 \uffff"), null);
});

Deno.test("repairText makes any text fit for the log and leaves fit text alone", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const torn = text.slice(0, -1) + "\0" + text.slice(-1);
    assert.equal(textFault(repairText(torn)), null);
    assert.equal(repairText(torn).length, torn.length);
    if (textFault(text) === null) assert.equal(repairText(text), text);
  }));
});
