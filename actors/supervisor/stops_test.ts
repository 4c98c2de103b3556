import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { Append, EventLog, StoredEvent } from "../../db/log/log.ts";
import { openMemoryLog } from "../../db/log/memory_log.ts";
import { lift } from "../../db/log/upcast.ts";
import { UPCASTERS } from "../../db/log/upcasters.ts";
import { Stops, STOPS_STREAM } from "./stops.ts";
import type { StopScope } from "./supervisor_port.ts";
import { TooManyStops } from "./supervisor_port.ts";

const ALL: StopScope = { kind: "all" };
const BLUESKY: StopScope = { kind: "platform", platform: "bluesky" };
const ADA: StopScope = { kind: "persona", personaId: "ada" };
const post = (postId: string): StopScope => ({ kind: "post", personaId: "ada", postId });

async function opened(log: EventLog = openMemoryLog(), maxOfAKind?: number) {
  const reports: string[] = [];
  /** What was stopped after each change. */
  const told: StopScope[][] = [];
  const stops = await Stops.open({
    log,
    now: () => Date.parse("2026-11-22T14:02:00Z"),
    changed: () => told.push(scopes()),
    report: (text) => reports.push(text),
    maxOfAKind,
  });
  const scopes = () => stops.list().map(({ scope }) => scope);
  return { log, stops, told, reports, scopes };
}

/** A log whose appends wait until they are let through, or are refused. */
function gated(log: EventLog) {
  const waiting: { pass(): void; refuse(error: Error): void }[] = [];
  const append = async (given: Append) => {
    await new Promise<void>((pass, refuse) => waiting.push({ pass, refuse }));
    return await log.append(given);
  };
  const next = async () => {
    while (waiting.length === 0) await Promise.resolve();
    return waiting.shift() as typeof waiting[number];
  };
  return {
    log: { ...log, head: log.head, append } as EventLog,
    let1Through: async () => (await next()).pass(),
    refuse1: async () => (await next()).refuse(new Error("the database is away")),
  };
}

async function events(log: EventLog) {
  const all = await log.readStream(STOPS_STREAM, 0, 1_000);
  return all.map(({ type, by, data }) => [type, by, data.scope]);
}

Deno.test("stops, one of each scope: at once, durable when it resolves, the same after a restart", async () => {
  const { log, stops, scopes } = await opened();
  for (const scope of [post("a"), ADA, BLUESKY, ALL]) {
    const stopping = stops.stop(scope, "user:ann", `why ${scope.kind}`);
    deepStrictEqual(scopes()[0], scope, "even before it is written, the widest first");
    await stopping;
  }
  const again = await opened(log);
  deepStrictEqual(again.stops.list(), stops.list());
  deepStrictEqual(again.scopes(), [ALL, BLUESKY, ADA, post("a")]);
  const [{ by, why } = { by: "", why: "" }] = again.stops.list();
  deepStrictEqual([by, why], ["user:ann", "why all"]);
});

Deno.test("stops, one lifted: it alone, only when it is written; lifting what is not stopped writes nothing", async () => {
  const memory = openMemoryLog();
  const first = await opened(memory);
  for (const scope of [ALL, ADA, post("a"), post("b")]) await first.stops.stop(scope, "user:ann", "w");
  const { log, let1Through } = gated(memory);
  const { stops, scopes } = await opened(log);
  const lifting = stops.lift(post("a"), "user:bob");
  strictEqual(scopes().length, 4, "not before it is written");
  await let1Through();
  await lifting;
  deepStrictEqual(scopes(), [ALL, ADA, post("b")]);
  const written = (await events(memory)).length;
  await stops.lift(post("a"), "user:bob");
  await stops.lift(BLUESKY, "user:bob");
  strictEqual((await events(memory)).length, written);
  deepStrictEqual((await events(memory)).at(-1), ["PostingAllowed", "user:bob", post("a")]);
  deepStrictEqual((await opened(memory)).scopes(), [ALL, ADA, post("b")]);
});

Deno.test("stops, a stop while a lift of it is being written: not a moment is it allowed in between", async () => {
  const memory = openMemoryLog();
  await (await opened(memory)).stops.stop(ADA, "user:ann", "first");
  const { log, let1Through } = gated(memory);
  const { stops, told, scopes } = await opened(log);
  const lifting = stops.lift(ADA, "user:bob");
  const stopping = stops.stop(ADA, "user:cyd", "second");
  await let1Through();
  await lifting;
  deepStrictEqual(scopes(), [ADA]);
  await let1Through();
  await stopping;
  ok(told.every((open) => open.length === 1), JSON.stringify(told));
  deepStrictEqual(stops.list().map(({ by, why }) => [by, why]), [["user:cyd", "second"]]);
  deepStrictEqual((await opened(memory)).stops.list(), stops.list());
  const lifted = stops.lift(ADA, "user:bob");
  await let1Through();
  await lifted;
  deepStrictEqual(scopes(), []);
  deepStrictEqual((await opened(memory)).scopes(), []);
});

Deno.test("stops, a lift asked for while the stop is being written: lifted in the end, here and in the log", async () => {
  const memory = openMemoryLog();
  const { log, let1Through } = gated(memory);
  const { stops, scopes } = await opened(log);
  const stopping = stops.stop(ALL, "user:ann", "w");
  const lifting = stops.lift(ALL, "user:bob");
  await let1Through();
  await stopping;
  deepStrictEqual(scopes(), [ALL]);
  await let1Through();
  await lifting;
  deepStrictEqual(scopes(), []);
  deepStrictEqual((await opened(memory)).scopes(), []);
});

Deno.test("stops, a lift of one scope while another is stopped: neither touches the other", async () => {
  const memory = openMemoryLog();
  await (await opened(memory)).stops.stop(post("a"), "user:ann", "w");
  const { log, let1Through } = gated(memory);
  const { stops, scopes } = await opened(log);
  const both = [stops.lift(post("a"), "user:bob"), stops.stop(post("b"), "user:ann", "w")];
  deepStrictEqual(scopes().length, 2);
  await let1Through();
  await let1Through();
  await Promise.all(both);
  deepStrictEqual(scopes(), [post("b")]);
});

Deno.test("stops, one that cannot be written: it says so, holds here, and can be lifted", async () => {
  const memory = openMemoryLog();
  const { log, refuse1, let1Through } = gated(memory);
  const { stops, scopes } = await opened(log);
  const stopping = stops.stop(ALL, "user:ann", "w");
  await refuse1();
  await rejects(stopping, /away/);
  deepStrictEqual(scopes(), [ALL]);
  deepStrictEqual(await events(memory), []);
  const lifting = stops.lift(ALL, "user:ann");
  await let1Through();
  await lifting;
  deepStrictEqual(scopes(), []);
});

Deno.test("stops, a lift that cannot be written: it says so, and it is still stopped", async () => {
  const memory = openMemoryLog();
  await (await opened(memory)).stops.stop(ALL, "user:ann", "w");
  const { log, refuse1 } = gated(memory);
  const { stops, scopes } = await opened(log);
  const lifting = stops.lift(ALL, "user:bob");
  await refuse1();
  await rejects(lifting, /away/);
  deepStrictEqual(scopes(), [ALL]);
});

Deno.test("stops, stopped again: by whom and why it was said last, once in the list", async () => {
  const { log, stops } = await opened();
  await stops.stop(ADA, "user:ann", "first");
  await stops.stop(ADA, "user:bob", "second");
  deepStrictEqual(stops.list().map(({ by, why }) => [by, why]), [["user:bob", "second"]]);
  deepStrictEqual((await opened(log)).stops.list(), stops.list());
});

Deno.test("stops, as many as there may be: one more is refused and not written, the rest still works", async () => {
  const { stops, scopes, log } = await opened(openMemoryLog(), 3);
  for (const id of ["a", "b", "c"]) await stops.stop(post(id), "user:ann", "w");
  await rejects(stops.stop(post("d"), "user:ann", "w"), (error) => {
    ok(error instanceof TooManyStops);
    return /3 stops of this kind already/.test(error.message);
  });
  strictEqual((await events(log)).length, 3);
  await stops.stop(post("c"), "user:ann", "another reason");
  await stops.stop(ADA, "user:ann", "wider");
  await stops.stop(ALL, "user:ann", "widest");
  await stops.lift(post("a"), "user:ann");
  await stops.stop(post("d"), "user:ann", "w");
  strictEqual(scopes().length, 5);
});

Deno.test("stops, many turns: a start reads the snapshot and few events after it, and finds the same", async () => {
  const { log, stops } = await opened();
  await stops.stop(post("kept"), "user:ann", "kept");
  for (let turn = 0; turn < 1_100; turn++) {
    await stops.stop(ADA, "user:ann", `w${turn}`);
    await stops.lift(ADA, "user:ann");
  }
  await stops.stop(BLUESKY, "user:ann", "last");
  let read = 0;
  const counting = {
    ...log,
    async readStream(stream: string, after: number, limit: number) {
      const page = await log.readStream(stream, after, limit);
      read += page.length;
      return page;
    },
  } as EventLog;
  const again = await opened(counting);
  deepStrictEqual(again.stops.list(), stops.list());
  deepStrictEqual(again.scopes(), [BLUESKY, post("kept")]);
  ok(read <= 500, `${read} of 2,202 events were read`);
  // What comes after the snapshot counts on from there.
  await again.stops.lift(BLUESKY, "user:bob");
  deepStrictEqual((await opened(log)).scopes(), [post("kept")]);
});

Deno.test("stops, a snapshot while a stop is being written: it holds what the log holds, no more", async () => {
  const memory = openMemoryLog();
  const { log, let1Through } = gated(memory);
  const { stops } = await opened(log);
  // The 500th event makes a snapshot; the 501st is asked for by then.
  const all = Array.from({ length: 501 }, (_, n) => stops.stop(post(`p${n}`), "user:ann", "w"));
  for (let n = 0; n < 500; n++) await let1Through();
  await all[499];
  while (await memory.loadSnapshot(STOPS_STREAM, 1) === null) await Promise.resolve();
  const snapshot = await memory.loadSnapshot(STOPS_STREAM, 1);
  deepStrictEqual([snapshot?.version, (snapshot?.state as unknown[]).length], [500, 500]);
  strictEqual((await opened(memory)).stops.list().length, 500, "what was never written is not there");
  await let1Through();
  await all[500];
  strictEqual((await opened(memory)).stops.list().length, 501);
});

Deno.test("stops, a snapshot that cannot be kept: reported, nothing else suffers", async () => {
  const memory = openMemoryLog();
  const saveSnapshot = () => Promise.reject(new Error("the disk is full"));
  const { stops, reports } = await opened({ ...memory, head: 0, saveSnapshot } as EventLog);
  for (let n = 0; n < 501; n++) await stops.stop(ALL, "user:ann", `w${n}`);
  ok(
    reports.some((text) => /snapshot of the stops was not kept: the disk is full/.test(text)),
    String(reports),
  );
  strictEqual((await opened(memory)).stops.list()[0]?.why, "w500");
});

Deno.test("stops, events of the time with one switch: they mean all posting", async () => {
  const old = openMemoryLog({ upcasters: {} });
  const said = async (type: string, data: Record<string, string>, expectedVersion: number) =>
    await old.append({
      stream: STOPS_STREAM,
      expectedVersion,
      by: "user:ann",
      events: [{ type, schema: 1, data }],
    });
  const lifted = {
    ...old,
    readStream: async (...args: Parameters<EventLog["readStream"]>) =>
      (await old.readStream(...args)).map((event: StoredEvent) => lift(event, UPCASTERS)),
  } as EventLog;
  await said("PostingStopped", { why: "a mistake" }, 0);
  const stopped = await opened(lifted);
  deepStrictEqual(stopped.stops.list().map(({ scope, by, why }) => [scope, by, why]), [
    [ALL, "user:ann", "a mistake"],
  ]);
  await said("PostingAllowed", {}, 1);
  deepStrictEqual((await opened(lifted)).scopes(), []);
});
