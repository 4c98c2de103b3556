import assert from "node:assert/strict";
import { privateServer, skips, testOn } from "./database.ts";
import { openDatabase } from "../db/database.ts";

for (const server of ["embedded", "debian15"] as const) {
  testOn(server, "A fresh database is migrated and takes text of every script", async ({ sql }) => {
    const rows = await sql.query("select count(*)::bigint as n from migration");
    assert.ok((rows[0] as { n: number }).n >= 1);
    assert.deepEqual(await sql.query("select $1 as t", ["ж漢😀"]), [{ t: "ж漢😀" }]);
  });

  Deno.test(`A private server is stopped, started and killed with its data kept [${server}]`, async () => {
    if (await skips(server)) return;
    const own = await privateServer(server);
    try {
      let sql = await openDatabase(own, { onError: () => {} });
      await sql.query("create table kept as select 1 as n");
      await own.killServer();
      await assert.rejects(sql.query("select 1"));
      await sql.close();
      await own.startServer();
      sql = await openDatabase(own, { onError: () => {} });
      assert.deepEqual(await sql.query("select n from kept"), [{ n: 1 }]);
      await sql.close();
      await own.stopServer();
      await assert.rejects(openDatabase(own), /does not answer/);
      await own.startServer();
    } finally {
      await own.dispose();
    }
  });
}
