/** Each fault as it really happens, in a real worker of a real cell, beside a neighbour that does nothing wrong. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Fault } from "../persona/fault.ts";
import type { TestActor } from "./testing.ts";
import { TestCell } from "./testing.ts";

const SILENT_MS = 2_000;
/** Bytes that a cell may hold in these tests. */
const MAX_RSS = 600 * 1024 * 1024;

/** A cell with one that shows a fault at its first command, and one that never does. */
async function twoIn(cell: TestCell, fault: Fault): Promise<{ guilty: TestActor; neighbour: TestActor }> {
  const neighbour = await cell.start("neighbour");
  const guilty = await cell.start("guilty", fault);
  await neighbour.answer();
  return { guilty, neighbour };
}

for (const fault of ["loop", "regex", "exit"] as const) {
  Deno.test(`a worker with the fault "${fault}": its cell judges it within its limit, its neighbour is heard all the while`, async () => {
    await using cell = new TestCell({ silentMs: SILENT_MS });
    const { guilty, neighbour } = await twoIn(cell, fault);
    const began = Date.now();
    guilty.command();
    await neighbour.answer();
    const judged = await cell.judged();
    const took = judged.at - began;
    deepStrictEqual([judged.address, judged.verdict], [guilty.address, "worker_silent"]);
    ok(took > SILENT_MS - 1_100 && took < SILENT_MS + 4_000, `${took} ms`);
    await neighbour.answer();
    const beats = cell.beats().filter((beat) => beat.at > began).flatMap((beat) => beat.workers);
    const silence = beats.filter((beat) => beat.address === neighbour.address).map((beat) => beat.silentMs);
    ok(silence.length > 0 && Math.max(...silence) < SILENT_MS, `${silence}`);
    const end = await cell.end();
    ok(end.at - judged.at < SILENT_MS, "its cell ends by itself where main does nothing");
    strictEqual(cell.said.filter((one) => one.t === "judged").length, 1, "it is judged once");
  });
}

Deno.test("a worker that floods: named at once although it starves its cell, and no more of it gets through", async () => {
  await using cell = new TestCell({ silentMs: SILENT_MS });
  const { guilty, neighbour } = await twoIn(cell, "flood");
  const began = Date.now();
  guilty.command();
  const judged = await cell.judged();
  deepStrictEqual([judged.address, judged.verdict], [guilty.address, "flood"]);
  ok(judged.at - began < SILENT_MS, `${judged.at - began} ms`);
  await neighbour.answer();
  await cell.end();
});

Deno.test("a worker whose heap is full: its process ends, and that is known to be why", async () => {
  await using cell = new TestCell({ silentMs: 10_000, maxHeapMb: 128 });
  const { guilty } = await twoIn(cell, "heap");
  guilty.command();
  const end = await cell.end();
  strictEqual(end.outOfMemory, true, `${end.reason}\n${cell.logged.join("\n")}`);
});

Deno.test("a worker that fills its memory with buffers: the beats of its cell show it in time", async () => {
  await using cell = new TestCell({ silentMs: 10_000 });
  const { guilty } = await twoIn(cell, "buffers");
  const before = cell.beats().length;
  guilty.command();
  await cell.until("a large beat", () => cell.beats().find((beat) => beat.rssBytes > MAX_RSS));
  cell.cell.kill();
  const end = await cell.end();
  const seen = cell.beats().slice(before).map((beat) => beat.rssBytes);
  ok(seen.length >= 3 && Math.max(...seen) < 3 * MAX_RSS, `it is seen growing: ${seen}`);
  strictEqual(end.outOfMemory, false);
});

for (const fault of ["rejection", "throw"] as const) {
  Deno.test(`a worker with the fault "${fault}": it alone ends, with the error and where it came from`, async () => {
    await using cell = new TestCell({ silentMs: SILENT_MS });
    const { guilty, neighbour } = await twoIn(cell, fault);
    guilty.command();
    const crashed = await cell.crashed(guilty.address);
    match(crashed.reason, /an error (that nobody handles|in the middle of a command)/);
    match(crashed.stack, /persona\/fault\.ts:\d+/);
    await neighbour.answer();
    await cell.until("a later beat", () => cell.beats().some((beat) => beat.at > crashed.at));
    const last = cell.beats().at(-1)?.workers.map((beat) => beat.address);
    deepStrictEqual(last, [neighbour.address], "who has ended is not watched");
    strictEqual(cell.ended, null);
  });
}

Deno.test("a command that is never answered: the worker's loop goes round, so its cell judges nobody", async () => {
  await using cell = new TestCell({ silentMs: 1_500 });
  const { guilty } = await twoIn(cell, "never");
  guilty.command();
  const from = cell.beats().length;
  await cell.until("beats past the limit", () => cell.beats().length >= from + 4);
  strictEqual(guilty.says("decided"), undefined);
  strictEqual(cell.said.some((one) => one.t === "judged" || one.t === "workerCrashed"), false);
});
