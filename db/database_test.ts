import { startProxy } from "./log/proxy_for_tests.ts";
import assert from "node:assert/strict";
import { emptyDatabase, POSTGRES, testOn } from "../tests/database.ts";
import { openDatabase } from "./database.ts";

for (const server of POSTGRES) {
  testOn(server, "Values come back as Sql promises", async ({ sql }) => {
    const [row] = await sql.query(
      `select 9007199254740991::bigint as big, count(*) as n, timestamptz '2026-11-22 18:30:00.125+02' as at, '{"b":[1,null]}'::jsonb as j,
         array[1,null]::bigint[] as bigs, array[timestamptz '2026-01-01 00:00+00', null] as times, timestamptz 'infinity' as never,
         null::bigint as nothing, array['a,b', null, 'NULL'] as texts from (select 1) t`,
    );
    assert.deepEqual(row, {
      big: 9007199254740991,
      n: 1,
      at: "2026-11-22T16:30:00.125Z",
      j: { b: [1, null] },
      bigs: [1, null],
      times: ["2026-01-01T00:00:00.000Z", null],
      never: "infinity",
      nothing: null,
      texts: ["a,b", null, "NULL"],
    });
    await assert.rejects(sql.query("select 9007199254740993::bigint"), RangeError);
  });
}

testOn(
  "embedded",
  "A transaction is all or nothing, a nested one takes back its own work alone",
  async ({ sql }) => {
    await sql.query("create table t (n int)");
    await assert.rejects(
      sql.transaction(async (tx) => {
        await tx.query("insert into t values (1)");
        throw new Error("no");
      }),
      /^Error: no$/,
    );
    assert.equal(
      await sql.transaction(async (tx) => {
        await tx.query("insert into t values (2)");
        await assert.rejects(
          tx.transaction(async (inner) => {
            await inner.query("insert into t values (3)");
            await inner.query("select 1/0");
          }),
          /division by zero/,
        );
        return "done";
      }),
      "done",
    );
    assert.deepEqual(await sql.query("select n from t"), [{ n: 2 }]);
  },
);

testOn("embedded", "The pool lives on after its connections were cut", async ({ sql, config }) => {
  const lost: string[] = [];
  const other = await openDatabase({ config }, { onError: (message) => lost.push(message) });
  await assert.rejects(other.transaction(async (tx) => {
    const [own] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
    await sql.query("select pg_terminate_backend($1)", [own?.pid]);
    await tx.query("select 1");
  }));
  assert.deepEqual(await other.query("select 1 as n"), [{ n: 1 }]);
  await other.close();
});

testOn("embedded", "A statement that takes too long is cancelled", async ({ config }) => {
  const sql = await openDatabase({ config }, { statementTimeoutMs: 50 });
  await assert.rejects(sql.query("select pg_sleep(30)"), /statement timeout/);
  await sql.close();
});

testOn(
  "embedded",
  "A server that is gone without a word: who waits gives up, and is served when it is back",
  async ({ config }) => {
    const proxy = startProxy(String(config.host), config.port);
    const sql = await openDatabase({ config: { ...config, ...proxy.address } }, {
      statementTimeoutMs: 100,
      onError: () => {},
    });
    proxy.hold("requests");
    await assert.rejects(sql.query("select 1"), /timeout/);
    proxy.cut();
    proxy.release();
    assert.deepEqual(await sql.query("select 1 as n"), [{ n: 1 }]);
    await sql.close();
    proxy.close();
  },
);

Deno.test("What keeps us from a database is said in one line, without the password", async () => {
  const database = await emptyDatabase();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const password = "pass-planted-1234";
  try {
    await database.sql.query("create database latin encoding 'LATIN1' locale 'C' template template0");
    const cases: [string, RegExp][] = [
      [
        `postgres://u:${password}@127.0.0.1:${port}/x`,
        new RegExp(`127\\.0\\.0\\.1:${port} does not answer.*DATABASE_URL`),
      ],
      [database.url.replace(/\/t_[0-9a-f]+/, "/nowhere"), /database "nowhere" does not exist/],
      [database.url.replace(/\/t_[0-9a-f]+/, "/latin"), /encoded in LATIN1/],
      [database.url.replace("digi_persona@", "stranger@"), /refuses the user "stranger"/],
      [`http//${password}`, /must look like/],
    ];
    for (const [url, expected] of cases) {
      await assert.rejects(openDatabase({ url }), (error: Error) => {
        assert.equal(error.name, "DatabaseUnusable");
        assert.match(error.message, expected);
        assert.ok(!error.message.includes(password) && !error.message.includes("\n"));
        return true;
      });
    }
  } finally {
    await database.sql.query("drop database if exists latin with (force)");
    await database.drop();
  }
});
