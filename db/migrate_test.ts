import assert from "node:assert/strict";
import { join } from "node:path";
import { emptyDatabase, testOn } from "../tests/database.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";

async function inFolder(
  files: Record<string, string>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "digi-persona-migrations-" });
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(folder, name), text);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const TWO = {
  "0001_one.sql": "create table one (n int);\ninsert into one values (1);",
  "0002_two.sql": "create table two (n int);",
  "notes.txt": "no migration",
};

testOn("embedded", "Migrations of this program are applied once", async ({ sql }) => {
  assert.deepEqual(await migrate(sql), { applied: [] });
});

Deno.test("Migrations run in order, once, also when two programs start together", async () => {
  const database = await emptyDatabase();
  const other = await openDatabase(database);
  try {
    await inFolder(TWO, async (folder) => {
      const both = await Promise.all([migrate(database.sql, { folder }), migrate(other, { folder })]);
      assert.deepEqual(both.flatMap(({ applied }) => applied).sort(), ["0001_one", "0002_two"]);
      assert.deepEqual(await migrate(database.sql, { folder }), { applied: [] });
      assert.deepEqual(await database.sql.query("select n from one"), [{ n: 1 }]);
    });
  } finally {
    await other.close();
    await database.drop();
  }
});

Deno.test("A migration that fails leaves nothing of itself, and those before it stay", async () => {
  const database = await emptyDatabase();
  try {
    await inFolder({ ...TWO, "0003_bad.sql": "create table three (n int); select 1/0;" }, async (folder) => {
      await assert.rejects(migrate(database.sql, { folder }), /division by zero/);
      assert.deepEqual(
        await database.sql.query("select to_regclass('three') as t, to_regclass('two') is null as two"),
        [
          { t: null, two: false },
        ],
      );
      await Deno.writeTextFile(join(folder, "0003_bad.sql"), "create table three (n int);");
      assert.deepEqual(await migrate(database.sql, { folder }), { applied: ["0003_bad"] });
    });
  } finally {
    await database.drop();
  }
});

Deno.test("A changed migration, one of a newer program and a doubled number are refused by name", async () => {
  const database = await emptyDatabase();
  try {
    await inFolder(TWO, async (folder) => {
      await migrate(database.sql, { folder });
      await Deno.writeTextFile(
        join(folder, "0002_two.sql"),
        TWO["0002_two.sql"].replaceAll("\n", "\r\n") + "--",
      );
      await assert.rejects(migrate(database.sql, { folder }), /0002_two was changed/);
      await Deno.remove(join(folder, "0002_two.sql"));
      await assert.rejects(migrate(database.sql, { folder }), /0002_two, which this program does not know/);
      await Deno.writeTextFile(join(folder, "0001_again.sql"), "");
      await assert.rejects(
        migrate(database.sql, { folder }),
        /same number: 0001_(again|one) and 0001_(again|one)/,
      );
    });
  } finally {
    await database.drop();
  }
});
