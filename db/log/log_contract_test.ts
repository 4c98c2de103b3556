import assert from "node:assert/strict";
import fc from "fast-check";
import { type Json, LogOverloaded, type StoredEvent } from "./log.ts";
import { openMemoryLog } from "./memory_log.ts";
import { LogClosed } from "./store.ts";
import {
  appendTo,
  committed,
  counted,
  countedTimeAndIds,
  LOG_KINDS,
  type LogKind,
  readAll,
  testLog,
} from "./testing.ts";

const command = (id: string, bodyHash: string, code?: string) => ({
  scope: "user:1",
  id,
  bodyHash,
  refusal: code ? { code, message: "No." } : null,
});

for (const kind of LOG_KINDS) contract(kind);

function contract(kind: LogKind): void {
  testLog(
    kind,
    "gives 1,000 streams contiguous positions and versions, and every batch once, in order",
    async ({ log }) => {
      const heard: StoredEvent[] = [];
      log.subscribe((events) => heard.push(...events));
      const streams = Array.from({ length: 1_000 }, (_, at) => `stream-${at}`);
      const results = await Promise.all(streams.flatMap((stream) =>
        [0, 1, 2].map((version) => (
          log.append(appendTo(stream, version, [counted({ text: `${stream}/${version}` })]))
        ))
      ));
      for (const result of results) committed(result);
      const all = await readAll(log);
      assert.equal(log.head, 3_000);
      assert.deepEqual(all.map(({ position }) => position), Array.from({ length: 3_000 }, (_, at) => at + 1));
      assert.deepEqual(heard, all);
      for (const stream of streams.slice(0, 20)) {
        const own = all.filter((event) => event.stream === stream);
        assert.deepEqual(
          own.map(({ version, data }) => [version, data.text]),
          [0, 1, 2].map((v) => [v + 1, `${stream}/${v}`]),
        );
        assert.deepEqual(await log.readStream(stream, 0, 10), own);
      }
    },
  );

  testLog(kind, "answers an event as it reads it back", async ({ log }) => {
    const id = crypto.randomUUID();
    const data = {
      z: 1,
      a: [null, true, { é: "𝄞" }],
      minus: -0,
      big: 1e21,
      small: 5e-324,
      ["__proto__"]: "own",
    };
    const [event] = committed(
      await log.append(
        appendTo("s", 0, [counted(data, { id: id.toUpperCase(), cause: "c", correlation: "k" })], {
          by: "user:7",
        }),
      ),
    );
    assert.deepEqual(await log.read(0, 1), [event]);
    assert.equal(event?.id, id);
    assert.equal(event?.data.minus, 0);
    assert.ok(Object.hasOwn(event?.data ?? {}, "__proto__"));
    assert.deepEqual([event?.by, event?.cause, event?.correlation, event?.version], ["user:7", "c", "k", 1]);
    assert.match(event?.at ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  testLog(kind, "refuses a bad append in the middle of a batch alone", async ({ log, rows }) => {
    const twice = crypto.randomUUID();
    committed(await log.append(appendTo("before", 0, [counted({}, { id: twice })])));
    const good = (stream: string) => log.append(appendTo(stream, 0, [counted({ text: stream })]));
    const answers = await Promise.all([
      good("a"),
      log.append(appendTo("before", 0, [counted()])),
      good("b"),
      log.append(appendTo("nul", 0, [counted(), counted({ list: [{ text: "a\0b" }] })])),
      log.append(appendTo("key", 0, [counted({ "a\0": 1 })])),
      good("c"),
      log.append(appendTo("lone", 0, [counted({ text: "\ud800" })])),
      good("d"),
      log.append(appendTo("twice", 0, [counted({}, { id: twice })])),
      good("e"),
      log.append(appendTo("explodes", 0, [counted(), counted({ explode: true })])),
      good("f"),
      log.append(appendTo("explodes", 0, [counted({ text: "again" })])),
    ]);
    const kinds = answers.map((answer) => answer.kind === "invalid" ? answer.field : answer.kind);
    const yes = "committed";
    assert.deepEqual(kinds, [
      yes,
      "conflict",
      yes,
      "events[1].data.list[0].text",
      'events[0].data["a\\u0000"]',
      yes,
      "events[0].data.text",
      yes,
      "events",
      yes,
      "events",
      yes,
      yes,
    ]);
    assert.deepEqual(answers[1], { kind: "conflict", version: 1 });
    const all = await readAll(log);
    assert.deepEqual(all.map(({ position }) => position), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(
      new Set(all.map(({ stream }) => stream)),
      new Set(["before", "a", "b", "c", "d", "e", "f", "explodes"]),
    );
    assert.equal((await rows("test_tally")).length, 8);
    committed(await log.append(appendTo("twice", 0, [counted()])));
  });

  testLog(kind, "refuses the same event id twice in one batch, and once in one append", async ({ log }) => {
    const id = crypto.randomUUID();
    const [first, second] = await Promise.all(
      ["a", "b"].map((stream) => log.append(appendTo(stream, 0, [counted({}, { id })]))),
    );
    assert.equal(first?.kind, "committed");
    assert.equal(second?.kind, "invalid");
    const other = crypto.randomUUID();
    const both = await log.append(appendTo("c", 0, [counted({}, { id: other }), counted({}, { id: other })]));
    assert.deepEqual(both, {
      kind: "invalid",
      field: "events[1].id",
      reason: "is there twice in this append",
    });
    assert.equal((await log.append(appendTo("c", 0, [counted({}, { id: "7" })]))).kind, "invalid");
  });

  testLog(kind, "refuses what is malformed or too large, by field", async ({ log }) => {
    const field = async (append: Parameters<typeof log.append>[0]) => {
      const answer = await log.append(append);
      return answer.kind === "invalid" ? answer.field : answer.kind;
    };
    const deep = (levels: number): Record<string, never> =>
      levels === 0 ? {} : { d: deep(levels - 1) } as never;
    assert.equal(await field(appendTo("", 0, [counted()])), "stream");
    assert.equal(await field(appendTo("s", -1, [counted()])), "expectedVersion");
    assert.equal(await field(appendTo("s", 0, [])), "events");
    assert.equal(await field(appendTo("s", 0, [counted({}, { schema: 0 })])), "events[0].schema");
    assert.equal(await field(appendTo("s", 0, [counted({ n: Infinity })])), "events[0].data.n");
    assert.equal(await field(appendTo("s", 0, [counted({ text: "x".repeat(262_145) })])), "events[0].data");
    assert.match(await field(appendTo("s", 0, [counted(deep(100))])), /^events\[0\]\.data\.d/);
    assert.equal(await field(appendTo("s", 0, Array.from({ length: 501 }, () => counted()))), "events");
    const large = Array.from({ length: 50 }, () => counted({ text: "x".repeat(250_000) }));
    assert.match(await field(appendTo("s", 0, large)), /^events\[\d+\]\.data$/);
    assert.equal(log.head, 0);
  });

  testLog(kind, "knows a conflict from the appends before it in the queue", async ({ log }) => {
    const answers = await Promise.all([
      log.append(appendTo("s", 0, [counted()])),
      log.append(appendTo("s", 0, [counted()])),
      log.append(appendTo("s", 1, [counted(), counted()])),
      log.append(appendTo("s", 5, [counted()])),
      log.append(appendTo("s", 3, [counted()])),
    ]);
    // The last one waits its turn behind one that could not be answered in the first batch.
    assert.deepEqual(answers.map(({ kind }) => kind), [
      "committed",
      "conflict",
      "committed",
      "conflict",
      "committed",
    ]);
    assert.equal((await readAll(log)).length, 4);
  });

  testLog(
    kind,
    "answers a command that it has seen, and refuses its id for another body",
    async ({ log }) => {
      const first = await log.append(
        appendTo("s", 0, [counted(), counted()], { command: command("1", "hash") }),
      );
      assert.deepEqual(committed(first).map(({ version }) => version), [1, 2]);
      const seen = { stream: "s", bodyHash: "hash", first: 1, last: 2, refusal: null };
      assert.deepEqual(await log.append(appendTo("s", 0, [counted()], { command: command("1", "hash") })), {
        kind: "duplicate",
        seen,
      });
      assert.deepEqual(await log.append(appendTo("s", 2, [counted()], { command: command("1", "other") })), {
        kind: "id_reused",
      });
      assert.deepEqual(await log.findCommand("user:1", "1"), seen);
      assert.equal(await log.findCommand("user:2", "1"), null);
      const refused = appendTo("s", 2, [], { command: command("2", "hash", "not_found") });
      assert.deepEqual(await log.append(refused), { kind: "committed", events: [] });
      const again = await log.append(refused);
      assert.equal(again.kind === "duplicate" && again.seen.refusal?.code, "not_found");
      assert.deepEqual(await log.findCommand("user:1", "2"), {
        stream: "s",
        bodyHash: "hash",
        first: null,
        last: null,
        refusal: { code: "not_found", message: "No." },
      });
      assert.equal(log.head, 2);
    },
  );

  testLog(kind, "answers a command that is delivered twice at once", async ({ log }) => {
    const answers = await Promise.all([
      ...["hash", "hash", "other"].map((hash) =>
        log.append(appendTo("s", 0, [counted()], { command: command("1", hash) }))
      ),
      ...["hash", "hash"].map((hash) =>
        log.append(appendTo("t", 0, [], { command: command("2", hash, "no") }))
      ),
    ]);
    assert.deepEqual(answers.map(({ kind }) => kind), [
      "committed",
      "duplicate",
      "id_reused",
      "committed",
      "duplicate",
    ]);
    assert.equal(log.head, 1);
  });

  testLog(kind, "pages from any position", async ({ log }) => {
    for (const stream of ["a", "b"]) {
      committed(await log.append(appendTo(stream, 0, Array.from({ length: 30 }, () => counted()))));
    }
    const all = await readAll(log, 7);
    assert.equal(all.length, 60);
    for (let after = 0; after <= 61; after++) {
      assert.deepEqual(await log.read(after, 9), all.slice(after, after + 9));
    }
    assert.deepEqual((await log.readStream("b", 28, 9)).map(({ version }) => version), [29, 30]);
    assert.deepEqual(await log.readStream("c", 0, 9), []);
    await assert.rejects(log.read(0, 1_001), RangeError);
    await assert.rejects(log.read(-1, 1), RangeError);
  });

  testLog(kind, "takes 10 MB of events in one append and in many", async ({ log }) => {
    const event = () => counted({ text: "é".repeat(50_000) });
    committed(await log.append(appendTo("one", 0, Array.from({ length: 100 }, event))));
    const many = Array.from({ length: 100 }, (_, at) => log.append(appendTo(`many-${at}`, 0, [event()])));
    for (const answer of await Promise.all(many)) committed(answer);
    const all = await readAll(log, 50);
    assert.equal(all.length, 200);
    assert.ok(all.every(({ data }) => typeof data.text === "string" && data.text.length === 50_000));
  });

  testLog(kind, "keeps the newest snapshot and gives none of another schema", async ({ log }) => {
    committed(await log.append(appendTo("s", 0, Array.from({ length: 10 }, (_, n) => counted({ n })))));
    const sum = (events: StoredEvent[], from = 0) =>
      events.reduce((total, { data }) => total + Number(data.n), from);
    const state = sum(await log.readStream("s", 0, 6));
    await log.saveSnapshot({ stream: "s", version: 6, schema: 2, state: { sum: state } });
    await log.saveSnapshot({ stream: "s", version: 4, schema: 2, state: { sum: -1 } });
    assert.equal(await log.loadSnapshot("s", 1), null);
    assert.equal(await log.loadSnapshot("t", 2), null);
    const snapshot = await log.loadSnapshot("s", 2);
    assert.deepEqual(snapshot, { stream: "s", version: 6, schema: 2, state: { sum: 15 } });
    const tail = await log.readStream("s", snapshot?.version ?? 0, 100);
    assert.equal(sum(tail, 15), sum(await log.readStream("s", 0, 100)));
    await log.saveSnapshot({ stream: "s", version: 3, schema: 3, state: null });
    assert.deepEqual(await log.loadSnapshot("s", 3), { stream: "s", version: 3, schema: 3, state: null });
  });

  testLog(kind, "folds projections with the events, and removes their rows", async ({ log, rows }) => {
    const item = (type: string, name: string) => ({ type, schema: 1, data: { item: name } });
    committed(
      await log.append(appendTo("s", 0, [item("Opened", "a"), item("Opened", "b"), counted({ text: "x" })])),
    );
    committed(
      await log.append(
        appendTo("s", 3, [item("Closed", "a"), item("Opened", "c"), item("Closed", "c"), counted()]),
      ),
    );
    assert.deepEqual(await rows("test_open"), [{ stream: "s", item: "b", since: 2 }]);
    const [tally] = await rows("test_tally");
    assert.deepEqual([tally?.count, tally?.position, tally?.detail], [2, 7, { last: null, before: 1 }]);
  });

  testLog(kind, "goes on when a listener throws, and stops telling one that left", async ({ log }) => {
    let told = 0;
    log.subscribe(() => {
      throw new Error("a listener that fails");
    });
    const leave = log.subscribe(() => void told++);
    committed(await log.append(appendTo("s", 0, [counted()])));
    leave();
    committed(await log.append(appendTo("s", 1, [counted()])));
    assert.equal(told, 1);
  });

  testLog(kind, "refuses more than its queue holds, and answers what it took", async ({ log }) => {
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_, at) => log.append(appendTo(`s${at}`, 0, [counted()]))),
    );
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 10);
    const refused = answers.filter((answer) => answer.status === "rejected");
    assert.ok(refused.every(({ reason }) => reason instanceof LogOverloaded));
    committed(await log.append(appendTo("later", 0, [counted()])));
  }, { limits: { queuedAppends: 10 } });

  testLog(kind, "commits what waits when it is closed, and takes nothing more", async ({ log }) => {
    const waiting = [0, 1].map((version) => log.append(appendTo("s", version, [counted()])));
    await log.close();
    for (const answer of await Promise.all(waiting)) committed(answer);
    await assert.rejects(log.append(appendTo("s", 2, [counted()])), LogClosed);
  });

  testLog(kind, "takes no new event of an old schema", async ({ log }) => {
    const said = (schema: number) => log.append(appendTo("s", 0, [{ type: "Said", schema, data: {} }]));
    const answer = await said(1);
    assert.equal(answer.kind === "invalid" && answer.field, "events[0].schema");
    committed(await said(2));
  }, { upcasters: { Said: { 1: (data) => data } } });

  testLog(kind, "keeps positions and versions contiguous for any interleaving", async ({ log }) => {
    let round = 0;
    const step = fc.record({
      stream: fc.integer({ min: 0, max: 3 }),
      events: fc.integer({ min: 1, max: 3 }),
      fault: fc.constantFrom("none", "none", "none", "version", "text", "explode"),
      wait: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const prefix = `round-${round++}`;
        const start = log.head;
        const versions = new Map<string, number>();
        const pending: Promise<unknown>[] = [];
        for (const { stream: number, events, fault, wait } of steps) {
          const stream = `${prefix}-${number}`;
          const version = versions.get(stream) ?? 0;
          const data: { [key: string]: Json } = fault === "text"
            ? { text: "\0" }
            : fault === "explode"
            ? { explode: true }
            : {};
          pending.push(log.append(appendTo(
            stream,
            fault === "version" ? version + 7 : version,
            Array.from({ length: events }, () => counted(data)),
          )));
          if (fault === "none") versions.set(stream, version + events);
          if (wait) await pending.at(-1);
        }
        await Promise.all(pending);
        const written: StoredEvent[] = [];
        while (start + written.length < log.head) {
          written.push(...await log.read(start + written.length, 1_000));
        }
        assert.deepEqual(written.map(({ position }) => position), written.map((_, at) => start + at + 1));
        for (const [stream, version] of versions) {
          const own = written.filter((event) => event.stream === stream);
          assert.deepEqual(
            own.map((event) => event.version),
            Array.from({ length: version }, (_, at) => at + 1),
          );
        }
      }),
      { numRuns: kind === "memory" ? 200 : 25 },
    );
  });
}

Deno.test("log in memory gives the same bytes for the same calls", async () => {
  const run = async () => {
    const log = openMemoryLog(countedTimeAndIds());
    await Promise.all(
      ["a", "b", "a"].map((stream, at) => log.append(appendTo(stream, at === 2 ? 1 : 0, [counted({ at })]))),
    );
    await log.append(appendTo("a", 2, [counted()]));
    return JSON.stringify(await readAll(log));
  };
  assert.equal(await run(), await run());
});
