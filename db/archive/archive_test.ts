import assert from "node:assert/strict";
import { join } from "node:path";
import {
  emptyDatabase,
  type FreshDatabase,
  freshDatabase,
  type Server,
  skips,
} from "../../tests/database.ts";
import { acceptInstance, checkInstance } from "../instance.ts";
import { WRITER_LOCK_KEY } from "../lock.ts";
import { addOptOut, isOptedOut, listOptOuts } from "../opt_outs.ts";
import { projections as all } from "../projections/all.ts";
import { importKey, openVault } from "../vault/vault.ts";
import { eraseAuthor, lastErasures } from "../words/erase.ts";
import { readBackup } from "./read.ts";
import { quoted, tablesToKeep } from "./tables.ts";
import { writeBackup } from "./write.ts";

const projections = all.map(({ table }) => table);
const SECRET = "planted-secret-77aa";
const createdAt = "2026-11-22T12:00:00.000Z";
const EVENTS = 1_203;

/** Rows that a careless copy would change: odd numbers, quotes, line ends, arrays, bytes, microseconds, nulls. */
async function plant({ sql }: FreshDatabase): Promise<void> {
  await sql.query(
    `insert into event (position, version, schema, id, at, stream, type, by, data)
     select n, n, 1, gen_random_uuid(), timestamptz '2026-01-02 03:04:05.123456+00' + n * interval '1 second', 's', 'Noted', 'system',
       jsonb_build_object('n', 12345678901234567890.123::numeric, 'text', E'"\\\\ \\n, {ж😀}\\t', 'none', null, 'i', n)
     from generate_series(1, ${EVENTS}) n`,
  );
  await sql.query(`update writer set head = ${EVENTS}, epoch = 7`);
  await sql.query(
    `insert into foreign_words (id, stream, kind, platform, content, created_at) values
     (gen_random_uuid(), 's', 'prompt', 'model', '["a", 1.10, null]', now())`,
  );
  const user = crypto.randomUUID();
  await sql.query(
    `insert into access_user (id, name, name_key, role, password_hash, created_at, password_changed_at)
     values ($1, 'Ada', 'ada', 'owner', '$argon2id$x', now(), now())`,
    [user],
  );
  await sql.query(
    `insert into access_token (id, name, hash, scopes, user_id, created_at)
     values ('t', 'a "b", {c}', 'h', array['approve', 'a,b', '', 'NULL'], $1, now())`,
    [user],
  );
  const vault = openVault(sql, await importKey(new Uint8Array(32).fill(1).toBase64(), "k"));
  await vault.put("c1", 0, SECRET);
  await vault.put("c2", 0, SECRET);
  await vault.delete("c2");
}

async function contents({ sql }: FreshDatabase): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const { name } of await tablesToKeep(sql, projections)) {
    tables[name] = await sql.query(`select t::text as row from ${quoted(name)} t order by 1`);
  }
  tables.writer = await sql.query("select head from writer");
  return tables;
}

async function isEmpty({ sql }: FreshDatabase): Promise<boolean> {
  const [row] = await sql.query<{ n: number }>(
    "select count(*) as n from pg_class where relnamespace = 'public'::regnamespace",
  );
  return row?.n === 0;
}

/** Databases and a folder that are removed whatever happens. */
async function scene(
  work: (make: (server: Server, empty?: "empty") => Promise<FreshDatabase>, folder: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir({ prefix: "digi-persona-archive-" });
  const made: FreshDatabase[] = [];
  try {
    await work(async (server, empty) => {
      const database = empty ? await emptyDatabase(server) : await freshDatabase(server);
      made.push(database);
      return database;
    }, folder);
  } finally {
    for (const database of made) await database.drop();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("A backup goes from the embedded server to Debian's and back with identical tables", async () => {
  if (await skips("embedded") || await skips("debian15")) return;
  await scene(async (make, folder) => {
    const [first, second, third] = [
      await make("embedded"),
      await make("debian15", "empty"),
      await make("embedded"),
    ];
    await plant(first);
    const before = await contents(first);
    await writeBackup(first.sql, { path: join(folder, "1"), projections, createdAt });
    assert.equal((await Deno.stat(join(folder, "1"))).mode! & 0o777, 0o600);
    const restored = await readBackup(second.sql, { path: join(folder, "1"), projections });
    assert.equal(restored.head, EVENTS);
    assert.deepEqual(await contents(second), before);
    await writeBackup(second.sql, { path: join(folder, "2"), projections, createdAt });
    await readBackup(third.sql, { path: join(folder, "2"), projections });
    assert.deepEqual(await contents(third), before);
    assert.equal(before.event?.length, EVENTS);
    const [writer] = await third.sql.query<{ epoch: number }>("select epoch from writer");
    assert.ok(writer && writer.epoch > 7);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["1", "2"]);
  });
});

Deno.test("A damaged, cut or foreign file is refused with nothing written", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const source = await make("embedded");
    const target = await make("embedded", "empty");
    await plant(source);
    const path = join(folder, "good");
    await writeBackup(source.sql, { path, projections, createdAt });
    const good = await Deno.readFile(path);
    const text = await new Response(new Blob([good]).stream().pipeThrough(new DecompressionStream("gzip")))
      .text();
    const zipped = (lines: string) =>
      new Response(new Blob([lines]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
    const flipped = good.slice();
    flipped[good.length >> 1]! ^= 0x10;
    const lines = text.trimEnd().split("\n");
    const bad: Record<string, Uint8Array> = {
      empty: new Uint8Array(),
      foreign: new TextEncoder().encode("hello"),
      cut: good.slice(0, good.length - 300),
      "cut early": good.slice(0, 40),
      flipped,
      "another text": await zipped(text.replace("Noted", "Notes")),
      "without its end": await zipped(lines.slice(0, -1).join("\n") + "\n"),
      "a row less": await zipped([...lines.slice(0, 9), ...lines.slice(10)].join("\n") + "\n"),
      "a row after the end": await zipped([...lines, lines[9]].join("\n") + "\n"),
      "a last line without its end": await zipped(lines.join("\n").slice(0, -5)),
      "a hostile table": await zipped(text.replace('"name":"event"', '"name":"event\\"; drop table x; --"')),
      "a newer format": await zipped(text.replace('"version":1', '"version":2')),
      "no header": await zipped(lines.slice(1).join("\n")),
      "a null header": await zipped("null\n"),
    };
    for (const [name, bytes] of Object.entries(bad)) {
      const badPath = join(folder, name);
      await Deno.writeFile(badPath, bytes);
      await assert.rejects(
        readBackup(target.sql, { path: badPath, projections }),
        (error: Error) => error.name === "BackupUnusable",
        name,
      );
      assert.ok(await isEmpty(target), name);
    }
    await readBackup(target.sql, { path, projections });
  });
});

Deno.test("A restore is refused into a filled database, beside a writer and into tables of something else", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const source = await make("embedded");
    await plant(source);
    const path = join(folder, "file");
    await writeBackup(source.sql, { path, projections, createdAt });
    const before = await contents(source);
    await assert.rejects(readBackup(source.sql, { path, projections }), /not empty/);
    assert.deepEqual(await contents(source), before);
    const target = await make("embedded", "empty");
    await target.sql.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1, $2)", [...WRITER_LOCK_KEY]);
      await assert.rejects(readBackup(target.sql, { path, projections }), /running on this database/);
    });
    await target.sql.query("create table theirs (n int)");
    await assert.rejects(readBackup(target.sql, { path, projections }), /something else/);
    // Other programs have a table of this name, too.
    await target.sql.query("create table migration (id int)");
    await assert.rejects(readBackup(target.sql, { path, projections }), /something else/);
    const shared = await make("embedded");
    await shared.sql.query("create table theirs (n int)");
    await assert.rejects(readBackup(shared.sql, { path, projections }), /something else/);
    await assert.rejects(
      writeBackup(source.sql, { path, projections, createdAt }),
      Deno.errors.AlreadyExists,
    );
  });
});

Deno.test("A restore brings back opt-outs and erasures, and no words whose time came since the backup", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const source = await make("embedded");
    await plant(source);
    const now = Date.UTC(2026, 10, 22);
    const asked = { platform: "x", handle: "ada", by: "user:ann", now } as const;
    await addOptOut(source.sql, { ...asked, accountId: "42", note: "asked" });
    await eraseAuthor(source.sql, { ...asked, reason: "asked" });
    const [over, named, quoting, kept] = Array.from({ length: 4 }, () => crypto.randomUUID());
    await source.sql.query(
      `insert into foreign_words (id, stream, kind, platform, author, content, created_at, purge_at, profile_purge_at, quotes) values
       ($1, 's', 'interaction', 'linkedin', 'bo', '{"text": "over", "authorHandle": "bo"}', now(), now() - interval '1 s', null, '{}'),
       ($2, 's', 'interaction', 'linkedin', 'bo', '{"text": "kept", "authorHandle": "bo"}', now(), now() + interval '1 day', now(), '{}'),
       ($3, 's', 'prompt', 'model', null, '"over"', now(), now() - interval '1 s', null, array[$1::text]),
       ($4, 's', 'interaction', 'x', 'bo', '"kept"', now(), null, null, array[$2::text, $1::text])`,
      [over, named, quoting, kept],
    );
    const path = join(folder, "file");
    await writeBackup(source.sql, { path, projections, createdAt });
    const target = await make("embedded", "empty");
    await readBackup(target.sql, { path, projections });
    assert.deepEqual(await isOptedOut(target.sql, "x", ["42", "ADA", "bo"]), new Set(["42", "ADA"]));
    assert.deepEqual(await lastErasures(target.sql), await lastErasures(source.sql));
    const rows = await target.sql.query<{ id: string }>(
      "select id, author, content, rule, quotes from foreign_words where kind <> 'prompt' or rule is not null",
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const gone = { author: null, content: null, rule: "retention:linkedin" };
    assert.deepEqual(byId.get(over ?? ""), { id: over, ...gone, quotes: [] });
    assert.deepEqual(byId.get(quoting ?? ""), { id: quoting, ...gone, quotes: [over] });
    assert.deepEqual(byId.get(named ?? ""), {
      id: named,
      author: null,
      content: { text: "kept" },
      rule: null,
      quotes: [],
    });
    assert.deepEqual(byId.get(kept ?? ""), {
      id: kept,
      author: "bo",
      content: "kept",
      rule: null,
      quotes: [named, over],
    });
    // Numbers go on behind the restored ones.
    await addOptOut(target.sql, { ...asked, accountId: "43", handle: "bo", note: "" });
    assert.equal((await listOptOuts(target.sql)).items[0]?.accountId, "43");
    const wanted = await make("embedded");
    await addOptOut(wanted.sql, { ...asked, note: "asked" });
    await assert.rejects(readBackup(wanted.sql, { path, projections }), /not empty \(opt_out\)/);
  });
});

Deno.test("Sessions and one-time links are in no backup: what has ended since does not hold again", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const source = await make("embedded");
    await plant(source);
    await source.sql.query(
      `insert into access_session (key, user_id, created_at, last_seen_at, address, user_agent)
       select 'k', id, now(), now(), '127.0.0.1', 'x' from access_user`,
    );
    await source.sql.query(
      "insert into access_link (kind, hash, expires_at) values ('recovery', 'h', now())",
    );
    const path = join(folder, "file");
    await writeBackup(source.sql, { path, projections, createdAt });
    const target = await make("embedded", "empty");
    await readBackup(target.sql, { path, projections });
    for (const [table, rows] of [["access_user", 1], ["access_session", 0], ["access_link", 0]] as const) {
      assert.equal((await target.sql.query(`select from ${table}`)).length, rows, table);
    }
  });
});

Deno.test("A secret and the vault's key are nowhere in plain in a backup", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const source = await make("embedded");
    await plant(source);
    await writeBackup(source.sql, { path: join(folder, "file"), projections, createdAt });
    const stream = (await Deno.open(join(folder, "file"))).readable.pipeThrough(
      new DecompressionStream("gzip"),
    );
    const text = await new Response(stream).text();
    const hex = new TextEncoder().encode(SECRET).toHex();
    for (
      const planted of [SECRET, hex, btoa(SECRET), "01".repeat(32), new Uint8Array(32).fill(1).toBase64()]
    ) {
      assert.ok(!text.includes(planted));
    }
    assert.ok(text.includes("vault"));
  });
});

Deno.test("A backup is one snapshot: what is written meanwhile is not in it", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const [source, target] = [await make("embedded"), await make("embedded")];
    await plant(source);
    const backup = writeBackup(source.sql, { path: join(folder, "file"), projections, createdAt });
    for (let n = 1; n <= 40; n++) {
      await source.sql.transaction(async (tx) => {
        await tx.query("update writer set head = head + 1");
        await tx.query(
          `insert into event (position, version, schema, id, at, stream, type, by, data)
           select head, head, 1, gen_random_uuid(), now(), 's', 'Noted', 'system', '{}' from writer`,
        );
      });
    }
    const { head } = await backup;
    assert.ok(head < EVENTS + 40, "the backup must overlap with the writing");
    assert.equal((await readBackup(target.sql, { path: join(folder, "file"), projections })).head, head);
  });
});

Deno.test("A restored database is recognised until it is accepted, and so is a copied DATA_DIR", async () => {
  if (await skips("embedded")) return;
  await scene(async (make, folder) => {
    const [source, target] = [await make("embedded"), await make("embedded")];
    const [here, copy] = [join(folder, "here"), join(folder, "copy")];
    await Deno.mkdir(here);
    await Deno.mkdir(copy);
    assert.deepEqual(await checkInstance(source.sql, here), { kind: "first" });
    assert.deepEqual(await checkInstance(source.sql, here), { kind: "same" });
    await plant(source);
    assert.deepEqual(await checkInstance(source.sql, here), { kind: "same" });
    await writeBackup(source.sql, { path: join(folder, "file"), projections, createdAt });
    await readBackup(target.sql, { path: join(folder, "file"), projections });
    const restored = { kind: "restored", lastEventAt: "2026-01-02T03:24:08.123Z" };
    assert.deepEqual(await checkInstance(target.sql, here), restored);
    assert.deepEqual(await checkInstance(target.sql, here), restored);
    await Deno.copyFile(join(here, "instance.id"), join(copy, "instance.id"));
    assert.equal((await checkInstance(source.sql, copy)).kind, "restored");
    await acceptInstance(target.sql, copy);
    assert.deepEqual(await checkInstance(target.sql, copy), { kind: "same" });
    assert.deepEqual(await checkInstance(source.sql, here), { kind: "same" });
    assert.equal((await checkInstance(source.sql, copy)).kind, "restored");
  });
});
