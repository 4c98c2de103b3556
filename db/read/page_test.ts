import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { BadPage, checkLimit, decodeCursor, encodeCursor, pageOf } from "./page.ts";

Deno.test("a cursor gives back its position, in its own list only", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (position) => {
    const cursor = encodeCursor("posts", position);
    equal(decodeCursor("posts", cursor), position);
    throws(() => decodeCursor("events", cursor), BadPage);
  }));
});

Deno.test("anything that is no cursor is a BadPage, and nothing else", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
    throws(() => decodeCursor("posts", text), BadPage);
  }));
  equal(decodeCursor("posts", null), null);
  equal(decodeCursor("posts", undefined), null);
});

Deno.test("a limit is a whole number from 1 to 200, 50 when left out", () => {
  equal(checkLimit(), 50);
  deepEqual([1, 200].map(checkLimit), [1, 200]);
  for (const limit of [0, -1, 201, 1.5, NaN, Infinity]) throws(() => checkLimit(limit), BadPage);
});

Deno.test("a page has a next one exactly when a further row was found", () => {
  const page = (rows: number[], limit: number) => pageOf(rows, limit, (row) => row, String);
  deepEqual(page([1, 2, 3], 2), { items: [1, 2], next: "2" });
  deepEqual(page([1, 2], 2), { items: [1, 2], next: null });
  deepEqual(page([], 2), { items: [], next: null });
});
