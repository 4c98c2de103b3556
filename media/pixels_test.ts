import assert from "node:assert/strict";
import { clearInvisible, onWhite, type Pixels, upright } from "./pixels.ts";
import { corners, quarters } from "./testing.ts";

Deno.test("upright: every orientation of EXIF puts the corners where they belong", () => {
  const seen = Array.from({ length: 8 }, (_, n) => {
    const turned = upright(quarters(12, 8), n + 1);
    return `${corners(turned)} ${turned.width}x${turned.height}`;
  });
  assert.deepEqual(seen, [
    "RGBW 12x8",
    "GRWB 12x8",
    "WBGR 12x8",
    "BWRG 12x8",
    "RBGW 8x12",
    "BRWG 8x12",
    "WGBR 8x12",
    "GWRB 8x12",
  ]);
});

Deno.test("on white: what is transparent becomes white, by as much as it is", () => {
  const pixels: Pixels = {
    data: new Uint8ClampedArray([9, 9, 9, 0, 0, 0, 0, 51, 1, 2, 3, 255]),
    width: 3,
    height: 1,
  };
  onWhite(pixels);
  assert.deepEqual([...pixels.data], [255, 255, 255, 255, 204, 204, 204, 255, 1, 2, 3, 255]);
});

Deno.test("what is wholly transparent: its colors are taken away, others stay", () => {
  const pixels: Pixels = { data: new Uint8ClampedArray([9, 8, 7, 0, 9, 8, 7, 1]), width: 2, height: 1 };
  clearInvisible(pixels);
  assert.deepEqual([...pixels.data], [0, 0, 0, 0, 9, 8, 7, 1]);
});
