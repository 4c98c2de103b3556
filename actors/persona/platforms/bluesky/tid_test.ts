import assert from "node:assert/strict";
import fc from "fast-check";
import { isTid, tid } from "./tid.ts";

const micros = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const clockId = fc.integer({ min: 0, max: 1023 });

Deno.test("tid is the one of the specification for a known moment", () => {
  assert.equal(tid(0, 0), "2222222222222");
  assert.equal(tid(1, 0), "2222222222322");
  assert.equal(tid(0, 31), "222222222222z");
  assert.equal(tid(2 ** 53 - 1, 1023), "bzzzzzzzzzzzz");
});

Deno.test("tid is always well-formed", () => {
  fc.assert(fc.property(micros, clockId, (at, id) => isTid(tid(at, id))));
});

Deno.test("tid sorts as its moment does", () => {
  fc.assert(fc.property(micros, micros, clockId, clockId, (a, b, idA, idB) => {
    if (a === b) return;
    assert.equal(tid(a, idA) < tid(b, idB), a < b);
  }));
});

Deno.test("tid refuses what does not fit and names it", () => {
  assert.throws(() => tid(-1, 0), /`nowMicros` must be .* not -1/);
  assert.throws(() => tid(0.5, 0), /not 0.5/);
  assert.throws(() => tid(0, 1024), /`clockId` must be .* not 1024/);
});

Deno.test("isTid refuses other texts", () => {
  for (
    const text of ["", "222222222222", "22222222222222", "z222222222222", "1222222222222", "2222222222_22"]
  ) {
    assert.equal(isTid(text), false, text);
  }
});
