import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { CRASH_POINTS, parseCrash, passCounter } from "./crash_point.ts";

Deno.test("parseCrash, each point: its name, its pass and whose it is", () => {
  for (const point of CRASH_POINTS) {
    deepStrictEqual(parseCrash(`${point}:3:cell`), { point, pass: 3, who: "cell" });
  }
  deepStrictEqual(parseCrash("after-permit:1:main"), { point: "after-permit", pass: 1, who: "main" });
  strictEqual(parseCrash(""), null);
  strictEqual(parseCrash(undefined), null);
});

Deno.test("parseCrash, what is none: refused with the names that there are", () => {
  for (
    const text of [
      "x",
      "nowhere:1:main",
      "after-permit:0:main",
      "after-permit:1",
      "after-permit:1:you",
      "after-permit:1.5:main",
      "after-permit:1:main:x",
    ]
  ) {
    throws(() => parseCrash(text), /must be NAME:PASS:main\|cell with NAME one of before-commit-sent/);
  }
});

Deno.test("passCounter, the armed point: true at its pass and never again; others do not count", () => {
  const passes = passCounter({ point: "after-permit", pass: 2, who: "main" });
  const seen = ["after-permit", "before-answer", "after-permit", "after-permit", "after-permit"].map(passes);
  deepStrictEqual(seen, [false, false, true, false, false]);
  deepStrictEqual(CRASH_POINTS.map(passCounter(null)).some(Boolean), false);
});
