import assert from "node:assert/strict";
import { type FreshDatabase, skips } from "../../tests/database.ts";
import { StatementBuilder } from "./batch_statement.ts";
import { Superseded } from "./log.ts";
import { WriterActive } from "./postgres_log.ts";
import { readShapes } from "./postgres_store.ts";
import { type Proxy, startProxy } from "./proxy_for_tests.ts";
import { rebuildProjections } from "./rebuild.ts";
import {
  appendTo,
  committed,
  counted,
  open,
  openOn,
  POSTGRES,
  readAll,
  tableRows,
  tally,
  testDatabase,
  until,
} from "./testing.ts";
import pg from "pg";

type World = { database: FreshDatabase; proxy: Proxy; proxied: FreshDatabase };

for (const server of POSTGRES) {
  const test = (name: string, run: (world: World) => Promise<void>) =>
    Deno.test(`log ${name} [${server}]`, async () => {
      if (await skips(server)) return;
      const database = await testDatabase(server);
      const proxy = startProxy(String(database.config.host));
      try {
        await run({
          database,
          proxy,
          proxied: { ...database, config: { ...database.config, ...proxy.address } },
        });
      } finally {
        proxy.close();
        await database.drop();
      }
    });
  const count = async (database: FreshDatabase) =>
    (await database.sql.query<{ n: number }>("select count(*)::int as n from event"))[0]?.n;

  test("refuses a second writer and says who the first is", async ({ database }) => {
    const first = await openOn(database);
    await assert.rejects(openOn(database), (error) => {
      assert.ok(error instanceof WriterActive);
      assert.ok(Number.isInteger(error.holder.backend) && error.holder.since !== null);
      assert.match(error.message, /another process writes this database: backend \d+/);
      return true;
    });
    committed(await first.append(appendTo("s", 0, [counted()])));
    await first.close();
    const second = await openOn(database);
    assert.equal(second.head, 1);
    assert.ok(second.epoch > first.epoch);
    committed(await second.append(appendTo("s", 1, [counted()])));
    await second.close();
  });

  test("commit statement of an old epoch or head writes nothing at all", async ({ database }) => {
    const log = await openOn(database);
    committed(await log.append(appendTo("s", 0, [counted()])));
    const client = await rawClient(database);
    const before = await tableRows(database, "test_tally");
    const [event] = await log.read(0, 1);
    const id = crypto.randomUUID();
    const row = { stream: "t", count: 1, position: 2, at: event!.at, detail: null };
    const times = { purgeAt: null, profilePurgeAt: null, quotes: [] };
    const batch = {
      head: 1,
      at: event!.at,
      events: [{ ...event!, position: 2, stream: "t", id }],
      json: [`"stream":"t","type":"Counted","schema":1,"id":"${id}","by":"system","data":{}`],
      commands: [{ scope: "a", id: "b", bodyHash: "c", refusal: null, stream: "t", first: 2, last: 2 }],
      words: [{ id, stream: "t", kind: "k", platform: "p", author: null, content: 1, ...times }],
      changes: [{ table: "test_tally", upserts: [row], deletes: [{ stream: "s" }] }],
    };
    const builder = new StatementBuilder(await readShapes(client, [tally, open]));
    for (
      const [epoch, head] of [[log.epoch - 1, 1], [log.epoch + 1, 1], [log.epoch, 0], [log.epoch, 2]] as const
    ) {
      const { rowCount } = await client.query(builder.build({ ...batch, head }, epoch));
      assert.equal(rowCount, 0);
    }
    assert.equal(await count(database), 1);
    assert.deepEqual(await tableRows(database, "test_tally"), before);
    assert.equal(await log.findCommand("a", "b"), null);
    assert.equal((await log.words([id])).size, 0);
    // The same statement in the right epoch writes: the test can fail.
    assert.equal((await client.query(builder.build(batch, log.epoch))).rowCount, 1);
    assert.equal(await count(database), 2);
    await client.end();
    await log.close();
  });

  test("takeover ends a writer whose commit was answered to nobody", async ({ database, proxy, proxied }) => {
    const old = await openOn(proxied);
    committed(await old.append(appendTo("s", 0, [counted()])));
    proxy.hold("answers");
    const pending = assert.rejects(old.append(appendTo("s", 1, [counted()])), Superseded);
    await until(async () => await count(database) === 2, "the commit under way");
    const next = await openOn(database, { takeOver: true });
    assert.equal(next.head, 2);
    proxy.release();
    await pending;
    await old.superseded;
    await assert.rejects(old.append(appendTo("s", 2, [counted()])), Superseded);
    committed(await next.append(appendTo("s", 2, [counted()])));
    await old.close();
    await next.close();
  });

  test("takeover voids a commit that is still on the wire", async ({ database, proxy, proxied }) => {
    const old = await openOn(proxied);
    committed(await old.append(appendTo("s", 0, [counted()])));
    proxy.hold("requests");
    const pending = assert.rejects(old.append(appendTo("s", 1, [counted({ text: "old" })])), Superseded);
    await until(() => proxy.held("requests") > 0, "the commit on the wire");
    const next = await openOn(database, { takeOver: true });
    assert.equal(next.head, 1);
    committed(await next.append(appendTo("s", 1, [counted({ text: "new" })])));
    proxy.release();
    await pending;
    assert.deepEqual((await readAll(next)).map(({ data }) => data.text), [undefined, "new"]);
    await old.close();
    await next.close();
  });

  test("takeover waits for a commit that the database is working on", async ({ database }) => {
    const old = await openOn(database);
    committed(await old.append(appendTo("s", 0, [counted()])));
    const blocker = await rawClient(database);
    // A trigger, for a lock of the table would be waited for before the statement moves the head.
    await blocker.query(
      "create function wait_for_test() returns trigger language plpgsql as " +
        "'begin perform pg_advisory_xact_lock(7); return new; end'; " +
        "create trigger wait before insert on event for each row execute function wait_for_test(); " +
        "select pg_advisory_lock(7)",
    );
    const appended = old.append(appendTo("s", 1, [counted()])).catch((error) => error);
    const waiting = async (n: number) =>
      (await database.sql.query("select from pg_locks where not granted")).length === n;
    await until(() => waiting(1), "the commit to wait for the test");
    const taking = openOn(database, { takeOver: true });
    await until(() => waiting(2), "the takeover to wait for the commit");
    await blocker.query("select pg_advisory_unlock(7)");
    const next = await taking;
    assert.equal(next.head, 2);
    const answer = await appended;
    assert.ok(answer.kind === "committed" || answer instanceof Superseded);
    await old.superseded;
    await blocker.end();
    await old.close();
    await next.close();
  });

  test("an idle writer learns within moments that it is none any more", async ({ database }) => {
    const idle = await openOn(database, { limits: { watchMs: 50 } });
    const taken = await openOn(database, { takeOver: true });
    await idle.superseded;
    await taken.close();
    const watched = await openOn(database, { limits: { watchMs: 50 } });
    await database.sql.query("update writer set epoch = epoch + 1");
    await watched.superseded;
    await assert.rejects(watched.append(appendTo("s", 0, [counted()])), Superseded);
    await idle.close();
    await watched.close();
  });

  test("passes the named crash points in order, each before its effect is known", async ({ database }) => {
    const passed: string[] = [];
    const log = await openOn(database, { crashPoint: (name) => void passed.push(name) });
    log.subscribe(() => passed.push("listener"));
    committed(await log.append(appendTo("s", 0, [counted()])));
    passed.push("answer");
    assert.deepEqual(passed, [
      "before-commit-sent",
      "after-commit-sent",
      "before-answer",
      "listener",
      "answer",
    ]);
    await log.close();
  });

  test("a writer whose epoch somebody has raised can append nothing more", async ({ database }) => {
    const log = await openOn(database, { limits: { watchMs: 60_000 } });
    committed(await log.append(appendTo("s", 0, [counted()])));
    await database.sql.query("update writer set epoch = epoch + 1");
    await assert.rejects(log.append(appendTo("s", 1, [counted()])), Superseded);
    await log.superseded;
    assert.equal(await count(database), 1);
    await log.close();
  });

  for (const [when, direction] of [["before", "requests"], ["after", "answers"]] as const) {
    test(`commits once when the connection is cut ${when} the commit`, async ({ database, proxy, proxied }) => {
      const log = await openOn(proxied);
      const heard: number[] = [];
      log.subscribe((events) => heard.push(...events.map(({ position }) => position)));
      committed(await log.append(appendTo("s", 0, [counted()])));
      const { epoch } = log;
      proxy.hold(direction);
      const command = { scope: "user:1", id: "1", bodyHash: "h", refusal: null };
      // The stream is known, so that only the writer's connection is in use.
      const pending = log.append(appendTo("s", 1, [counted(), counted()]));
      await until(() => proxy.held(direction) > 0, "the commit under way");
      if (when === "after") await until(async () => await count(database) === 3, "the commit");
      proxy.cut();
      proxy.release();
      assert.deepEqual(committed(await pending).map(({ position }) => position), [2, 3]);
      const refusal = { code: "no", message: "No." };
      assert.equal(
        (await log.append(appendTo("s", 3, [], { command: { ...command, refusal } }))).kind,
        "committed",
      );
      assert.ok(log.epoch > epoch);
      assert.deepEqual(heard, [1, 2, 3]);
      assert.equal(await count(database), 3);
      assert.equal((await tableRows(database, "test_tally"))[0]?.count, 3);
      await log.close();
    });

    test(`records a refusal once when the connection is cut ${when} the commit`, async ({ database, proxy, proxied }) => {
      const log = await openOn(proxied);
      const refused = (id: string) =>
        log.append(appendTo("s", 0, [], {
          command: { scope: "user:1", id, bodyHash: "h", refusal: { code: "no", message: "No." } },
        }));
      assert.equal((await refused("1")).kind, "committed");
      // The lookup before it passes, the commit does not: the database holds it at the table, the proxy holds the answer.
      const blocker = await rawClient(database);
      await blocker.query("begin; lock table command in share mode");
      const pending = refused("2");
      await until(
        async () => (await database.sql.query("select from pg_locks where not granted")).length === 1,
        "the commit to wait for the table",
      );
      proxy.hold("answers");
      if (when === "before") proxy.cut();
      await blocker.query("rollback");
      if (when === "after") await until(async () => await commandCount(database) === 2, "the commit");
      proxy.cut();
      proxy.release();
      assert.equal((await pending).kind, "committed");
      assert.equal(await commandCount(database), 2);
      await blocker.end();
      await log.close();
    });
  }

  test("refuses an event id that is there already when the connection is cut before the commit", async ({ proxy, proxied }) => {
    const log = await openOn(proxied);
    try {
      const [event] = committed(await log.append(appendTo("a", 0, [counted()])));
      committed(await log.append(appendTo("b", 0, [counted()])));
      proxy.hold("requests");
      const again = log.append(appendTo("b", 1, [counted({}, { id: event?.id })]));
      const beside = log.append(appendTo("a", 1, [counted()]));
      await until(() => proxy.held("requests") > 0, "the commit under way");
      proxy.cut();
      proxy.release();
      assert.equal((await again).kind, "invalid");
      committed(await beside);
      assert.equal(log.head, 3);
    } finally {
      await log.close();
    }
  });

  test("asks on a new connection when the database does not answer in time", async ({ database, proxy, proxied }) => {
    const log = await openOn(proxied, { limits: { answerMs: 300 } });
    committed(await log.append(appendTo("s", 0, [counted()])));
    proxy.hold("answers");
    const pending = log.append(appendTo("s", 1, [counted()]));
    await until(async () => await count(database) === 2, "the commit");
    const { accepted } = proxy;
    const before = accepted();
    await until(() => accepted() > before, "a new connection");
    proxy.release();
    assert.deepEqual(committed(await pending).map(({ position }) => position), [2]);
    assert.equal(await count(database), 2);
    await log.close();
  });

  test("rebuild makes identical tables, and refuses beside a writer", async ({ database }) => {
    const log = await openOn(database);
    const item = (type: string, name: string) => ({ type, schema: 1, data: { item: name } });
    await Promise.all(Array.from({ length: 300 }, async (_, at) => {
      const stream = `s${at % 40}-${at}`;
      committed(
        await log.append(
          appendTo(stream, 0, [counted({ text: stream }), item("Opened", "a"), item("Opened", "b")]),
        ),
      );
      committed(await log.append(appendTo(stream, 3, [item("Closed", at % 2 ? "a" : "b"), counted()])));
    }));
    const connection = database.config;
    const projections = [tally, open];
    await assert.rejects(rebuildProjections({ connection, projections }), WriterActive);
    await log.close();
    const before = [await tableRows(database, "test_tally"), await tableRows(database, "test_open")];
    await database.sql.query("update test_tally set count = 0; ");
    await database.sql.query("delete from test_open");
    assert.equal(await rebuildProjections({ connection, projections, page: 37 }), 1_500);
    assert.deepEqual(
      [await tableRows(database, "test_tally"), await tableRows(database, "test_open")],
      before,
    );
    const again = await openOn(database);
    committed(await again.append(appendTo("s0-0", 5, [counted()])));
    await again.close();
  });

  test("reads old events in their newest schema and leaves them as they are", async ({ database }) => {
    const old = await openOn(database);
    const [stored] = committed(
      await old.append(appendTo("s", 0, [{ type: "Said", schema: 1, data: { words: "hi" } }])),
    );
    await old.close();
    const log = await openOn(database, {
      upcasters: { Said: { 1: ({ words }) => ({ text: words ?? "" }) } },
    });
    assert.deepEqual(await log.read(0, 1), [{ ...stored, schema: 2, data: { text: "hi" } }]);
    assert.deepEqual(await log.readStream("s", 0, 1), await log.read(0, 1));
    assert.deepEqual(await database.sql.query("select data, schema from event"), [{
      data: { words: "hi" },
      schema: 1,
    }]);
    await log.close();
  });
}

async function rawClient(database: FreshDatabase): Promise<pg.Client> {
  const client = new pg.Client(database.config);
  // A test that fails drops its database under us: the failure is what is to be read.
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function commandCount(database: FreshDatabase): Promise<number | undefined> {
  return (await database.sql.query<{ n: number }>("select count(*)::int as n from command"))[0]?.n;
}
