import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { beatOf, lastWordOf, readBeat, readLastWord } from "./to_cell.ts";

Deno.test("a beat: read back as it was; what is none is null", () => {
  const vitals = { heapBytes: 4_000_000, externalBytes: 0, sent: 12, taken: 9 };
  deepStrictEqual(readBeat(beatOf(vitals)), vitals);
  for (
    const said of [
      "!",
      "! 1 2 3",
      "! 1 2 3 4 5",
      "! 1 2 3 x",
      "! -1 2 3 4",
      "! 1.5 2 3 4",
      "1 0 {}",
      "!! 1 2 3 4",
    ]
  ) {
    strictEqual(readBeat(said), null, said);
  }
});

Deno.test("a last word: the error and its stack, in one line, no longer than it may be", () => {
  const death = readLastWord(lastWordOf(new TypeError("first\nsecond")));
  strictEqual(death?.reason, "TypeError: first\nsecond");
  ok(death.stack.includes("to_cell_test.ts"));
  ok(!lastWordOf(new Error("a\nb")).includes("\n"));
  const long = readLastWord(lastWordOf(new Error("x".repeat(100_000))));
  deepStrictEqual([long?.reason.length, long?.stack.length], [4_096, 4_096]);
  deepStrictEqual(readLastWord(lastWordOf("a text")), { reason: "thrown: a text", stack: "" });
  deepStrictEqual(readLastWord(lastWordOf(Object.create(null))), {
    reason: "thrown: something without a name",
    stack: "",
  });
});

Deno.test("what is no last word: null", () => {
  for (
    const said of [
      "?",
      "? ",
      "? {",
      "? null",
      "? {}",
      '? {"reason":1,"stack":""}',
      '?{"reason":"","stack":""}',
    ]
  ) {
    strictEqual(readLastWord(said), null, said);
  }
});
