/** A persona's way from asleep to live and back, where two things happen at once. */
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openMemoryLog } from "../../db/log/memory_log.ts";
import { settled } from "../hand_clock.ts";
import { fact, rig, typesOf } from "./testing.ts";

Deno.test("an effect that begins while its worker is told to end: its beginning is not given to the next worker", async () => {
  const { supervisor, runs, worker, clock } = await rig();
  const first = await runs("ada");
  first.finishes = false;
  deepStrictEqual(await supervisor.control("ada", "hibernate", "user:test"), { ok: true });
  // It crossed the frame that tells it to rest.
  first.submit({ type: "begin_attempt", postId: "p" });
  first.load(1);
  await settled();
  first.finish();
  await clock.pass(1_000);
  notStrictEqual(worker("ada"), first);
  deepStrictEqual(typesOf(worker("ada")), []);
});

Deno.test("a persona that is to end while it starts: its worker begins nothing", async () => {
  const hosts = Promise.withResolvers<string[]>();
  const { supervisor, send, cells } = await rig({
    provisioning: { hostsOf: () => hosts.promise },
  });
  send("ada");
  await settled();
  deepStrictEqual(await supervisor.control("ada", "hibernate", "user:test"), { ok: true });
  hosts.resolve([]);
  let seen: string[] = [];
  for (let turn = 0; turn < 50; turn++) {
    await Promise.resolve();
    const [one] = cells[0]?.workers.values() ?? [];
    if (one !== undefined) seen = one.heard.map(({ t }) => t);
    if (seen.includes("replay")) break;
  }
  ok(seen.includes("rest") && seen.indexOf("rest") < seen.indexOf("replay"), seen.join(" "));
});

Deno.test("a persona that a person stops while an effect runs: a new account does not undo that", async () => {
  const { supervisor, runs, send, clock } = await rig();
  const worker = await runs("ada");
  worker.load(1);
  await settled();
  await supervisor.control("ada", "park", "user:test", "enough");
  send("ada");
  await settled();
  worker.decide(fact("ConnectionLinked"));
  await settled();
  worker.load(0);
  await clock.pass(2_000);
  strictEqual(supervisor.status("ada").state, "parked");
  strictEqual(supervisor.status("ada").parked?.by, "user:test");
});

Deno.test("a persona that a person stops while it starts, and whose start fails: it is stopped", async () => {
  const hosts = Promise.withResolvers<string[]>();
  let asked = 0;
  const { supervisor, send, clock } = await rig({
    provisioning: { hostsOf: () => ++asked === 1 ? hosts.promise : Promise.resolve([]) },
  });
  const { answers } = send("ada");
  await settled();
  deepStrictEqual(await supervisor.control("ada", "park", "user:test", "enough"), { ok: true });
  hosts.reject(new Error("the database does not answer"));
  await clock.pass(5_000);
  strictEqual(supervisor.status("ada").state, "parked");
  deepStrictEqual(answers.map(({ kind }) => kind), ["unavailable"]);
});

Deno.test("something becomes due while a persona goes to sleep: it wakes at once", async () => {
  const { supervisor, runs, worker, due, clock } = await rig();
  await supervisor.start();
  const first = await runs("ada");
  first.finishes = false;
  await supervisor.control("ada", "hibernate", "user:test");
  await settled();
  due.add("ada");
  await clock.pass(1_500);
  due.clear();
  first.finish();
  await clock.pass(1_000);
  strictEqual(supervisor.status("ada").state, "running");
  notStrictEqual(worker("ada"), first);
});

Deno.test("a database that stands still while a persona goes to sleep: no crash is charged, no cell is ended", async () => {
  const memory = openMemoryLog();
  const log = { ...memory, saveSnapshot: () => new Promise<void>(() => {}) };
  const { supervisor, runs, cells, happened, clock } = await rig({ log });
  const worker = await runs("ada");
  worker.finishes = false;
  await supervisor.control("ada", "hibernate", "user:test");
  await settled();
  worker.say({ t: "snapshot", version: 0, state: { version: 0 } as never, final: true });
  await clock.pass(30_000);
  strictEqual(supervisor.status("ada").state, "asleep");
  strictEqual(cells[0]?.killed, false);
  deepStrictEqual(happened.filter(({ kind }) => kind === "crash"), []);
});

Deno.test("a persona that waits for its restart while others need its place: it gives that up, and comes after them", async () => {
  const { supervisor, runs, send, worker, cellOf, clock } = await rig({ maxLive: 1 });
  for (let crashes = 0; crashes < 4; crashes++) {
    if (crashes === 0) await runs("ada");
    const one = worker("ada");
    ok(one !== undefined);
    cellOf("ada")?.crash(one);
    await settled();
    if (crashes < 3) await clock.pass(20_000);
  }
  strictEqual(supervisor.status("ada").state, "restarting");
  const { answers } = send("bob");
  await clock.pass(3_000);
  worker("bob")?.decide();
  await settled();
  deepStrictEqual(answers.map(({ kind }) => kind), ["committed"]);
  await clock.pass(30_000);
  strictEqual(supervisor.status("ada").state, "running");
  strictEqual(supervisor.status("bob").state, "asleep");
  strictEqual(supervisor.runtime().live, 1);
});

Deno.test("a persona whose start fails for ever: the one place that there is serves the others all the same", async () => {
  const { send, worker, clock } = await rig({
    maxLive: 1,
    provisioning: {
      hostsOf: (id) => id === "ada" ? Promise.reject(new Error("a secret is broken")) : Promise.resolve([]),
    },
  });
  send("ada");
  await clock.pass(10_000);
  const { answers } = send("bob");
  await clock.pass(5_000);
  worker("bob")?.decide();
  await settled();
  deepStrictEqual(answers.map(({ kind }) => kind), ["committed"]);
});

Deno.test("the program ends while a command is in hand: its sender is answered", async () => {
  const { supervisor, runs, send, worker } = await rig();
  await runs("ada");
  const { answers } = send("ada");
  await settled();
  strictEqual(worker("ada")?.delivered.length, 2);
  await supervisor.close();
  await settled();
  deepStrictEqual(answers.map(({ kind }) => kind), ["unavailable"]);
});

Deno.test("a command that was looked up while the program ended: its sender is answered", async () => {
  const exists = Promise.withResolvers<boolean>();
  const { supervisor, runs, send } = await rig({ reads: { postExists: () => exists.promise } });
  await runs("ada");
  const { answers } = send("ada", { type: "compose", platform: "sandbox", brief: "b", postId: "p" });
  await supervisor.close();
  exists.resolve(false);
  await settled();
  deepStrictEqual(answers.map(({ kind }) => kind), ["unavailable"]);
});

for (
  const [what, frame] of Object.entries({
    "a time that is none": { t: "load", running: 0, nextAt: "soon", listenAt: null },
    "a time beyond all times": { t: "load", running: 0, nextAt: 1e300, listenAt: null },
    "events that are none": { t: "decided", seq: 2, events: null },
  })
) {
  Deno.test(`a worker that says ${what}: its cell is ended, and the program goes on`, async () => {
    const { supervisor, runs, send, worker, cells, clock } = await rig();
    const one = await runs("ada");
    const { answers } = send("ada");
    await settled();
    one.say(frame as never);
    await settled();
    strictEqual(cells[0]?.killed, true);
    supervisor.statuses();
    await clock.pass(3_000);
    worker("ada")?.decide();
    await settled();
    deepStrictEqual(answers.map(({ kind }) => kind), ["committed"]);
  });
}

Deno.test("an answer to an earlier worker's question: the next one does not hear it", async () => {
  const kept = Promise.withResolvers<void>();
  const { runs, worker, cellOf, clock } = await rig({
    provisioning: {
      keepSecret: async (_id, { ask, version }, tell) => {
        await kept.promise;
        tell({ t: "secretKept", ask, ok: true, version: version + 1 });
      },
    },
  });
  const first = await runs("ada");
  first.say({ t: "keepSecret", ask: 1, name: "connection:c", version: 1, value: "new" });
  await settled();
  cellOf("ada")?.crash(first);
  await clock.pass(2_000);
  const second = worker("ada");
  notStrictEqual(second, first);
  kept.resolve();
  await settled();
  deepStrictEqual(second?.heard.filter(({ t }) => t === "secretKept"), []);
});

Deno.test("cells that end before they come up: nobody is charged, nobody is stopped for it", async () => {
  const { supervisor, send, cells, happened, clock } = await rig({ come: false });
  send("ada");
  for (let second = 0; second < 30; second++) {
    await clock.pass(500);
    cells.at(-1)?.end("exit 1");
    await clock.pass(500);
  }
  strictEqual(supervisor.status("ada").parked, null);
  deepStrictEqual(happened.filter((event) => event.kind === "crash" && event.charged), []);
  cells.at(-1)?.come();
});

Deno.test("a database that is away for ten minutes: a start is tried every few seconds, and works when it is back", async () => {
  let away = true;
  let tries = 0;
  const { supervisor, send, clock } = await rig({
    reads: {
      parked: () => {
        if (!away) return Promise.resolve(null);
        tries++;
        return Promise.reject(new Error("the database does not answer"));
      },
    },
  });
  send("ada");
  await clock.pass(600_000);
  ok(tries > 60 && tries < 100, `${tries} tries`);
  away = false;
  await clock.pass(8_000);
  strictEqual(supervisor.status("ada").state, "running");
});

Deno.test("a persona that has nothing to listen to: it is put to sleep at once, and keeps nobody from listening", async () => {
  const { supervisor, toListen, happened, clock } = await rig({ maxLive: 50 });
  for (let n = 0; n < 4; n++) toListen.add(`dead ${n}`);
  await supervisor.start();
  await clock.pass(3_000);
  toListen.add("ada");
  await clock.pass(3_000);
  ok(happened.some((event) => event.kind === "activated" && event.personaId === "ada"));
  strictEqual(supervisor.status("dead 0").state, "asleep");
});

Deno.test("a clock that is set back an hour: what is due is woken all the same", async () => {
  const { supervisor, due, worker, clock } = await rig();
  due.add("ada");
  await supervisor.start();
  await clock.pass(2_000);
  clock.set(-3_600_000);
  await supervisor.control("ada", "hibernate", "user:test");
  await clock.pass(20_000);
  strictEqual(supervisor.status("ada").state, "running");
  ok(worker("ada") !== undefined);
});

Deno.test("one worker crashes with a frame on its way: each sender is answered once", async () => {
  const { runs, send, worker, cellOf, clock } = await rig();
  const first = await runs("ada");
  const sent = [send("ada"), send("ada"), send("ada")];
  await settled();
  first.decide(fact());
  cellOf("ada")?.crash(first);
  for (let letter = 0; letter < 3; letter++) {
    await clock.pass(2_000);
    if (worker("ada")?.delivered.length ?? 0 > 0) worker("ada")?.decide();
  }
  await clock.pass(2_000);
  deepStrictEqual(sent.map(({ answers }) => answers.map(({ kind }) => kind)), [
    ["committed"],
    ["committed"],
    ["committed"],
  ]);
});

Deno.test("a persona that goes to sleep while a person wants it to start again: it starts again", async () => {
  const { supervisor, runs, clock } = await rig();
  const first = await runs("ada");
  first.finishes = false;
  await supervisor.control("ada", "hibernate", "user:test");
  await settled();
  deepStrictEqual(await supervisor.control("ada", "restart", "user:test"), { ok: true });
  first.finish();
  await clock.pass(1_000);
  strictEqual(supervisor.status("ada").state, "running");
});

Deno.test("a persona that is to be stopped, whose cell ends, and whose decision comes too late: it is stopped", async () => {
  const memory = openMemoryLog();
  const written = Promise.withResolvers<void>();
  const append: typeof memory.append = async (given) => {
    if (given.by !== "user:late") return await memory.append(given);
    await written.promise;
    return { kind: "conflict", version: 0 };
  };
  const { supervisor, runs, cells, worker, clock } = await rig({ log: { ...memory, append } });
  await runs("ada");
  const answers: string[] = [];
  const late = { by: "user:late", id: crypto.randomUUID(), mayBeRepeated: false };
  void supervisor.send("ada", { type: "pause" }, late).then(({ kind }) => answers.push(kind));
  await settled();
  worker("ada")?.decide(fact());
  await settled();
  await supervisor.control("ada", "park", "user:test", "enough");
  cells[0]?.end();
  await settled();
  written.resolve();
  await clock.pass(20_000);
  strictEqual(supervisor.status("ada").state, "parked");
  deepStrictEqual(answers, ["unavailable"]);
});

Deno.test("a stopped persona that is to start again while the log takes nothing: it is said that it could not be", async () => {
  const memory = openMemoryLog();
  let full = false;
  const append: typeof memory.append = (given) =>
    full ? Promise.reject(new Error("too many wait")) : memory.append(given);
  const { supervisor } = await rig({ log: { ...memory, append } });
  await supervisor.control("ada", "park", "user:test", "enough");
  full = true;
  strictEqual((await supervisor.control("ada", "unpark", "user:test")).ok, false);
  strictEqual(supervisor.status("ada").state, "parked");
  full = false;
  deepStrictEqual(await supervisor.control("ada", "unpark", "user:test"), { ok: true });
});
