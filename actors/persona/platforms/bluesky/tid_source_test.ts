import { ok, strictEqual } from "node:assert/strict";
import { isTid } from "./tid.ts";
import { tidSource } from "./tid_source.ts";

Deno.test("tidSource, a clock that stands or goes back: each TID is later than the one before", () => {
  const times = [5_000, 5_000, 5_000, 4_000, 0, 6_000, 5_999];
  let at = 0;
  const next = tidSource(() => times[at++] ?? 0, () => 0.5);
  const tids = times.map(next);
  ok(tids.every(isTid));
  for (let index = 1; index < tids.length; index++) ok(tids[index]! > tids[index - 1]!);
});

Deno.test("tidSource, two writers at one moment: they differ by their clock ids", () => {
  const [one, other] = [0, 0.999].map((random) => tidSource(() => 1_000, () => random)());
  ok(one !== other && isTid(one!) && isTid(other!));
  strictEqual(tidSource(() => 1_000, () => 0)(), one);
});
