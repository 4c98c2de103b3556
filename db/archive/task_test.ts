import assert from "node:assert/strict";
import { join } from "node:path";
import { skips } from "../../tests/database.ts";
import { backup } from "../backup.ts";
import { openDatabase } from "../database.ts";
import { startEmbeddedPostgres } from "../embedded/embedded.ts";
import { WRITER_LOCK_KEY } from "../lock.ts";
import { migrate } from "../migrate.ts";
import { rebuild } from "../rebuild.ts";
import { restore } from "../restore.ts";

const AT = "2026-11-22T12:00:00.000Z";
const ROOT = join(import.meta.dirname ?? ".", "..", "..");

Deno.test("Backup works beside a running program, restore and rebuild wait for its end", async () => {
  if (await skips("embedded")) return;
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "digi-persona-tasks-" });
  const [file, again] = [join(folder, "file"), join(folder, "again")];
  const here = { databaseUrl: null, dataDir: join(folder, "here") };
  const there = { databaseUrl: null, dataDir: join(folder, "there") };
  try {
    const server = await startEmbeddedPostgres({ dataDir: here.dataDir, log: () => {} });
    const sql = await openDatabase(server);
    await migrate(sql);
    await sql.query(
      `with moved as (update writer set head = 1)
       insert into event (position, version, schema, id, at, stream, type, by, data)
       values (1, 1, 1, gen_random_uuid(), now(), 's', 'Noted', 'system', '{}')`,
    );
    await sql.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1, $2)", [...WRITER_LOCK_KEY]);
      assert.match(await backup(here, file, AT), /1 events.*The key of the vault is not in it/);
      await assert.rejects(restore(here, file), /running on this database/);
      await assert.rejects(rebuild(here), /another process writes/);
    });
    await sql.close();
    await server.stop();

    assert.match(await restore(there, file), /1 events .* nothing goes out until a person says go/);
    assert.match(await rebuild(there), /from 1 events/);
    await assert.rejects(restore(there, file), /not empty/);
    await backup(there, again, AT);
    await assert.rejects(backup(there, again, AT), Deno.errors.AlreadyExists);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("A task that fails says one line and exits with 1", async () => {
  const cases: [string[], RegExp][] = [
    [["backup"], /^backup: say where to: deno task backup FILE$/],
    [["restore", "/nowhere/file"], /^restore: The database at 127\.0\.0\.1:1 does not answer/],
    [["rebuild"], /^rebuild: The database at 127\.0\.0\.1:1 does not answer/],
  ];
  for (const [args, expected] of cases) {
    const dataDir = await Deno.makeTempDir({ dir: "/tmp", prefix: "digi-persona-tasks-" });
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "--cwd", ROOT, ...args],
      env: { DATA_DIR: dataDir, DATABASE_URL: "postgres://u:planted@127.0.0.1:1/x" },
    }).output();
    const lines = new TextDecoder().decode(stderr).trim().split("\n");
    assert.equal(code, 1);
    assert.match(lines.at(-1) ?? "", expected);
    assert.ok(!lines.join().includes("planted"));
    await Deno.remove(dataDir, { recursive: true });
  }
});
