import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Append, EventLog } from "../../db/log/log.ts";
import { openMemoryLog } from "../../db/log/memory_log.ts";
import { Posting, POSTING_STREAM } from "./posting.ts";
import type { PostingState } from "./supervisor_port.ts";

async function opened(log: EventLog = openMemoryLog()) {
  const told: PostingState[] = [];
  return { log, told, posting: await Posting.open(log, (state) => told.push(state)) };
}

/** A log whose appends wait until they are let through. */
function held(log: EventLog) {
  const waiting: (() => void)[] = [];
  const append = async (given: Append) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return await log.append(given);
  };
  return { log: { ...log, append } as EventLog, waiting };
}

async function let1Through(waiting: (() => void)[]): Promise<void> {
  while (waiting.length === 0) await Promise.resolve();
  waiting.shift()?.();
}

Deno.test("posting, stopped: at once, durable when it resolves, the same after a restart", async () => {
  const { log, posting, told } = await opened();
  strictEqual(posting.state().stopped, false);
  const stopping = posting.stop("user:ann", "a mistake");
  strictEqual(posting.state().stopped, true, "even before it is written");
  await stopping;
  strictEqual(told.length >= 1 && told.every(({ stopped }) => stopped), true);
  const again = await opened(log);
  deepStrictEqual(again.posting.state(), posting.state());
  const { stopped, by, why } = again.posting.state();
  deepStrictEqual({ stopped, by, why }, { stopped: true, by: "user:ann", why: "a mistake" });
});

Deno.test("posting, lifted: only when it is written; lifting what is not stopped writes nothing", async () => {
  const memory = openMemoryLog();
  await (await opened(memory)).posting.stop("user:ann", "w");
  const { log, waiting } = held(memory);
  const { posting } = await opened(log);
  const lifting = posting.lift("user:bob");
  strictEqual(posting.state().stopped, true);
  await let1Through(waiting);
  await lifting;
  strictEqual(posting.state().stopped, false);
  await posting.lift("user:bob");
  deepStrictEqual((await memory.readStream(POSTING_STREAM, 0, 10)).map(({ type, by }) => [type, by]), [
    ["PostingStopped", "user:ann"],
    ["PostingAllowed", "user:bob"],
  ]);
});

Deno.test("posting, a stop while a lift is being written: not a moment is it allowed in between", async () => {
  const memory = openMemoryLog();
  await (await opened(memory)).posting.stop("user:ann", "first");
  const { log, waiting } = held(memory);
  const { posting, told } = await opened(log);
  const lifting = posting.lift("user:bob");
  const stopping = posting.stop("user:ann", "second");
  await let1Through(waiting);
  await lifting;
  strictEqual(posting.state().stopped, true);
  await let1Through(waiting);
  await stopping;
  strictEqual(posting.state().why, "second");
  strictEqual(told.every(({ stopped }) => stopped), true);
  const lifted = posting.lift("user:bob");
  await let1Through(waiting);
  await lifted;
  strictEqual(posting.state().stopped, false);
});

Deno.test("posting, a stop that cannot be written: it says so and stays stopped here", async () => {
  const memory = openMemoryLog();
  const append = () => Promise.reject(new Error("the database is away"));
  const { posting } = await opened({ ...memory, append } as EventLog);
  await rejects(posting.stop("user:ann", "w"), /away/);
  strictEqual(posting.state().stopped, true);
});

Deno.test("posting, many turns of the switch: read by pages at the next start", async () => {
  const { log, posting } = await opened();
  for (let turn = 0; turn < 510; turn++) {
    await posting.stop("user:ann", `w${turn}`);
    await posting.lift("user:ann");
  }
  await posting.stop("user:ann", "last");
  strictEqual((await opened(log)).posting.state().why, "last");
});
