import assert from "node:assert/strict";
import { bytes, span } from "./measure.ts";

Deno.test("spans of time are as exact as anybody needs them", () => {
  const said = [
    -5,
    640,
    4_210,
    9_990,
    38_000,
    99_000,
    100_000,
    720_000,
    3_600_000,
    12_000_000,
    90_000_000,
    200_000_000,
  ]
    .map(span);
  assert.deepEqual(said, [
    "0 ms",
    "640 ms",
    "4.2 s",
    "10.0 s",
    "38 s",
    "99 s",
    "2 min",
    "12 min",
    "1 h",
    "3 h 20 min",
    "25 h",
    "2 d",
  ]);
});

Deno.test("amounts of memory have a unit that fits", () => {
  assert.deepEqual([0, 512_400, 9_420_000, 312_000_000, 1_240_000_000].map(bytes), [
    "0 kB",
    "512 kB",
    "9.4 MB",
    "312 MB",
    "1.2 GB",
  ]);
});
