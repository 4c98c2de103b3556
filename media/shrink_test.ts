import assert from "node:assert/strict";
import type { Pixels } from "./pixels.ts";
import { shrink, sizeWithin } from "./shrink.ts";
import { corners, photo, quarters } from "./testing.ts";

const row = (...pixels: number[][]): Pixels => ({
  data: new Uint8ClampedArray(pixels.flat()),
  width: pixels.length,
  height: 1,
});
const WHITE = [255, 255, 255, 255], BLACK = [0, 0, 0, 255], NOTHING = [255, 0, 0, 0];

Deno.test("a size: in proportion, never larger, at least one pixel", () => {
  assert.deepEqual(sizeWithin({ width: 4000, height: 3000 }, 2000), { width: 2000, height: 1500 });
  assert.deepEqual(sizeWithin({ width: 3000, height: 4000 }, 2000), { width: 1500, height: 2000 });
  assert.deepEqual(sizeWithin({ width: 300, height: 200 }, 2000), { width: 300, height: 200 });
  assert.deepEqual(sizeWithin({ width: 60_000, height: 3 }, 2000), { width: 2000, height: 1 });
});

Deno.test("shrinking: half white and half black is half the light, not half the number", () => {
  assert.deepEqual([...shrink(row(WHITE, BLACK), { width: 1, height: 1 }).data], [188, 188, 188, 255]);
});

Deno.test("shrinking: a transparent pixel's hidden color bleeds into nothing", () => {
  assert.deepEqual([...shrink(row(NOTHING, WHITE), { width: 1, height: 1 }).data], [255, 255, 255, 128]);
});

Deno.test("shrinking: an even picture stays as it is at any size, and corners stay where they are", () => {
  const even: Pixels = { data: new Uint8ClampedArray(70 * 50 * 4).fill(77), width: 70, height: 50 };
  for (const size of [{ width: 69, height: 49 }, { width: 33, height: 1 }, { width: 1, height: 50 }]) {
    const small = shrink(even, size);
    assert.equal(small.data.length, size.width * size.height * 4);
    assert.ok(small.data.every((value) => value === 77));
  }
  assert.equal(corners(shrink(quarters(101, 67), { width: 13, height: 7 })), "RGBW");
});

Deno.test("shrinking: the same size is the same picture, a larger one is refused", () => {
  const picture = photo(8, 6);
  assert.equal(shrink(picture, { width: 8, height: 6 }), picture);
  assert.throws(() => shrink(picture, { width: 9, height: 6 }), RangeError);
});
