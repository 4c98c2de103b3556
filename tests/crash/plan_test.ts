import assert from "node:assert/strict";
import { CRASH_POINTS } from "../../actors/crash_point.ts";
import { aims, nameOf, passOf, randomOf, replayLine } from "./plan.ts";

Deno.test("aims hold every crash point in main, those around a publish in a cell too, and the database", () => {
  const names = aims("sandbox").map(nameOf);
  assert.equal(new Set(names).size, names.length);
  for (const point of CRASH_POINTS) assert.ok(names.includes(`${point}:main:sandbox`), point);
  for (const point of ["after-permit", "after-platform-accepted", "before-outcome"]) {
    assert.ok(names.includes(`${point}:cell:sandbox`), point);
  }
  assert.ok(names.includes("database-killed:database:sandbox"));
});

Deno.test("aims are chosen by any parts of their names, and the replay line names exactly one", () => {
  assert.equal(aims("bluesky", "after-permit").length, 2);
  assert.equal(aims("bluesky", "sandbox").length, 0);
  const [aim] = aims("bluesky", "before-outcome:cell");
  assert.ok(aim);
  const only = replayLine(aim, 7, 10).match(/--only (\S+) --seed 7 --rounds 10$/)?.[1] ?? "";
  assert.deepEqual(aims("bluesky", only), [aim]);
});

Deno.test("what is armed follows from the seed alone", () => {
  const passes = (seed: number) => {
    const random = randomOf(seed, "before-answer:main:sandbox");
    return Array.from({ length: 20 }, () => passOf("before-answer", random));
  };
  assert.deepEqual(passes(7), passes(7));
  assert.notDeepEqual(passes(7), passes(8));
  assert.ok(passes(7).every((pass) => pass >= 1 && pass <= 20));
});
