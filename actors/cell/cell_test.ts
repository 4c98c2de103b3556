/** The life of a real cell: what ends it, what does not, and what is left of it. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { systemClock } from "../ports.ts";
import { isAlive, TestCell } from "./testing.ts";

Deno.test("a cell whose input ends: gone at once by itself, also with a worker in an endless loop", async () => {
  for (const looping of [false, true]) {
    await using cell = new TestCell({ silentMs: 10_000 });
    const actor = await cell.start("one", looping ? "loop" : null);
    if (looping) actor.command();
    const began = Date.now();
    await cell.cell.close(10_000);
    const took = Date.now() - began;
    ok(took < 1_000, `${took} ms`);
    strictEqual(isAlive(cell.cell.pid), false);
    deepStrictEqual([cell.ended?.reason, cell.ended?.outOfMemory], ["exit 0", false]);
  }
});

Deno.test("a killed cell: its process is gone, and with it a thread that loops", async () => {
  await using cell = new TestCell({ silentMs: 10_000 });
  (await cell.start("one", "loop")).command();
  cell.cell.kill();
  const end = await cell.end();
  strictEqual(isAlive(cell.cell.pid), false);
  deepStrictEqual([end.reason, end.outOfMemory], ["SIGKILL", false]);
  cell.cell.kill();
});

Deno.test("a cell that does not read the end of its input: killed when its grace is over", async () => {
  await using cell = new TestCell();
  await cell.start("one");
  Deno.kill(cell.cell.pid, "SIGSTOP");
  await cell.cell.close(300);
  strictEqual(cell.ended?.reason, "SIGKILL");
});

Deno.test("a cell that is told to end by a terminal or a service manager: it goes on, since main ends it", async () => {
  await using cell = new TestCell();
  const actor = await cell.start("one");
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.kill(cell.cell.pid, signal);
  await actor.answer();
  const seen = cell.beats().length;
  await cell.until("beats after the signals", () => cell.beats().length > seen + 1);
});

Deno.test("a cell that was stopped for longer than its workers may be silent: it judges none of them, and does judge later", async () => {
  const silentMs = 1_500;
  await using cell = new TestCell({ silentMs });
  const good = await cell.start("good");
  const bad = await cell.start("bad", "loop");
  Deno.kill(cell.cell.pid, "SIGSTOP");
  await new Promise<void>((resolve) => systemClock.after(2 * silentMs, resolve));
  Deno.kill(cell.cell.pid, "SIGCONT");
  const seen = cell.beats().length;
  await cell.until("its beats", () => cell.beats().length > seen + 2);
  deepStrictEqual(cell.said.filter((one) => one.t === "judged"), []);
  await good.answer();
  bad.command();
  strictEqual((await cell.judged()).address, bad.address);
});

Deno.test("a worker that was told to end: nothing is said of it any more, and its neighbour goes on", async () => {
  await using cell = new TestCell({ silentMs: 1_500 });
  const [gone, stays] = [await cell.start("gone"), await cell.start("stays")];
  cell.cell.toCell({ t: "stopWorker", address: gone.address });
  gone.command();
  await stays.answer();
  const seen = cell.beats().length;
  await cell.until("beats past the limit", () => cell.beats().length > seen + 3);
  deepStrictEqual(cell.beats().at(-1)?.workers.map((beat) => beat.address), [stays.address]);
  strictEqual(gone.says("decided"), undefined);
  deepStrictEqual(cell.said.filter((one) => one.t === "judged" || one.t === "workerCrashed"), []);
});

Deno.test("a worker that was told to end while it loops: its thread would run on, so it is judged", async () => {
  await using cell = new TestCell({ silentMs: 1_500 });
  const looping = await cell.start("looping", "loop");
  looping.command();
  cell.cell.toCell({ t: "stopWorker", address: looping.address });
  const judged = await cell.judged();
  deepStrictEqual([judged.address, judged.verdict], [looping.address, "worker_silent"]);
});

Deno.test("the beats of a cell: the memory of each worker, how far its conversation is, and that its loop goes round", async () => {
  await using cell = new TestCell();
  const actor = await cell.start("one");
  for (let count = 0; count < 5; count++) await actor.answer();
  const beat = await cell.until("a beat with all of it", () => {
    const one = cell.beats().at(-1)?.workers[0];
    return one !== undefined && one.taken >= 12 ? one : null;
  });
  ok(beat.heapBytes > 1e6 && beat.heapBytes < 100e6, `${beat.heapBytes}`);
  ok(beat.externalBytes > 0, `${beat.externalBytes}`);
  ok(beat.sent >= 8, `${beat.sent}`);
  ok(beat.silentMs < 1_500, `${beat.silentMs}`);
});

Deno.test("the lock of a cell: held as long as it lives, and a second one of its number does not start", async () => {
  const folder = await Deno.makeTempDir({ prefix: "dp-lock-" });
  await using first = new TestCell({ lockFolder: folder });
  await first.start("one");
  using lock = await Deno.open(`${folder}/1.lock`, { write: true });
  strictEqual(await lock.tryLock(true), false);
  await using second = new TestCell({ lockFolder: folder });
  const end = await second.end();
  strictEqual(end.reason, "exit 1");
  ok(second.logged.some((line) => line.includes("held by another cell")), second.logged.join("\n"));
  first.cell.kill();
  await first.end();
  strictEqual(await lock.tryLock(true), true);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("whatever is logged in a cell: it goes to stderr, and the pipe of its frames stays clean", async () => {
  const script = `
    await import(${JSON.stringify(new URL("../console_to_stderr.ts", import.meta.url).href)});
    console.time("t");
    for (const name of Object.keys(console)) {
      if (typeof console[name] === "function") console[name]("said by " + name);
    }
    console.timeLog("t"); console.timeEnd("t");
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", script] }).output();
  const decoder = new TextDecoder();
  strictEqual(decoder.decode(stdout), "");
  for (const name of ["log", "info", "table", "dir", "group", "error"]) {
    ok(decoder.decode(stderr).includes(`said by ${name}`), name);
  }
});
