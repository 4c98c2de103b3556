import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { drainLog } from "./cell_log.ts";

/** What is logged of these chunks, and whether memory ran out; a second passes before each chunk where `slowly`. */
async function drained(chunks: string[], slowly = false): Promise<{ lines: string[]; outOfMemory: boolean }> {
  const lines: string[] = [];
  let now = 0;
  const stream = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
  const outOfMemory = await drainLog(stream, (line) => lines.push(line), () => slowly ? (now += 1_000) : 0);
  return { lines, outOfMemory };
}

Deno.test("drainLog: each line once, also the last one without an end", async () => {
  deepStrictEqual((await drained(["one\ntw", "o\nlast"])).lines, ["one", "two", "last"]);
});

Deno.test("drainLog, a line without an end: cut off, and what comes after it is heard", async () => {
  const { lines } = await drained([...Array(50).fill("x".repeat(1_000)), "\nnext\n"]);
  strictEqual(lines.length, 2);
  ok((lines[0]?.length ?? 0) <= 8_192);
  strictEqual(lines[1], "next");
});

Deno.test("drainLog, a worker that logs without end: so many lines a second, and how many were left out", async () => {
  const { lines } = await drained(["x\n".repeat(1_000)]);
  strictEqual(lines.length, 201);
  strictEqual(lines.at(-1), "800 more lines are left out");
  const slow = await drained(Array(300).fill("x\n"), true);
  strictEqual(slow.lines.length, 300);
});

Deno.test("drainLog: what V8 and Deno say when memory runs out is known, also past the lines that are logged", async () => {
  for (
    const line of [
      "# Fatal JavaScript out of memory: CALL_AND_RETRY_LAST",
      "# Fatal process out of memory: Zone",
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "memory allocation of 1048576 bytes failed",
    ]
  ) strictEqual((await drained([`${"x\n".repeat(500)}${line}\n`])).outOfMemory, true, line);
  strictEqual((await drained(["a persona writes about memory allocation\n"])).outOfMemory, false);
});
