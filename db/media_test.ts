import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { emptyDatabase, type FreshDatabase, testOn } from "../tests/database.ts";
import { readBackup } from "./archive/read.ts";
import { writeBackup } from "./archive/write.ts";
import { getMedia, getMediaOf, putMedia, sweepMedia, useMedia } from "./media.ts";
import { sweep } from "./persona_files.ts";
import { projections as all } from "./projections/all.ts";

/** Every byte there is, and more than a page of the database holds. */
const data = Uint8Array.from({ length: 70_000 }, (_, n) => n * 7 + (n >> 8));
const picture = { mime: "image/png", width: 3, height: 2, data };
const sha256 = createHash("sha256").update(data).digest("hex");

async function age({ sql }: FreshDatabase, days: number): Promise<void> {
  await sql.query("update media set created_at = now() - make_interval(days => $1)", [days]);
}

async function post({ sql }: FreshDatabase, id: string, content: unknown): Promise<void> {
  await sql.query(
    `insert into post (id, stream, connection_id, platform, brief, status, writing, content, prepared, verdicts, sent,
       attempts, created_at, updated_at, created_position, updated_position)
     values ($1, 'p', 'c', 'x', '', 'draft', 'done', $2, true, '[]', '[]', 0, now(), now(), 1, 1)`,
    [id, content === null ? null : JSON.stringify(content)],
  );
}

const showing = (...hashes: string[]) => ({
  parts: [{ text: "a", facets: [] }, {
    text: "b",
    facets: [],
    media: hashes.map((hash) => ({ sha256: hash })),
  }],
});

testOn("embedded", "a picture: comes back byte for byte under its hash", async ({ sql }) => {
  const info = { sha256, mime: "image/png", width: 3, height: 2, bytes: data.length };
  assert.deepEqual(await putMedia(sql, "a", picture), info);
  assert.deepEqual(await getMedia(sql, sha256), { ...info, data });
  assert.equal(await getMedia(sql, "0".repeat(64)), null);
});

testOn(
  "embedded",
  "a picture: the same bytes are one row, of one persona until another gives them",
  async ({ sql }) => {
    await putMedia(sql, "a", picture);
    await putMedia(sql, "a", picture);
    assert.deepEqual([...(await useMedia(sql, "a", [sha256])).keys()], [sha256]);
    assert.equal((await useMedia(sql, "b", [sha256])).size, 0);
    assert.equal(await getMediaOf(sql, "b", sha256), null);
    await putMedia(sql, "b", picture);
    await putMedia(sql, "c", picture);
    for (const persona of ["a", "b", "c"]) {
      assert.equal((await getMediaOf(sql, persona, sha256))?.bytes, data.length, persona);
    }
    assert.equal((await sql.query("select from media")).length, 1);
  },
);

testOn(
  "embedded",
  "a sweep: takes what no post has for a week, and nothing that one has",
  async (database) => {
    const { sql } = database;
    const hashes: string[] = [];
    for (let n = 0; n < 4; n++) {
      hashes.push((await putMedia(sql, "p", { ...picture, data: data.subarray(n + 1) })).sha256);
    }
    const [first = "", second = "", third = "", fourth = ""] = hashes;
    await post(database, "none", null);
    await post(database, "text", { parts: [{ text: first, facets: [] }] });
    await post(database, "one", showing(second));
    await post(database, "two", showing(second, third));
    await age(database, 6);
    assert.equal(await sweepMedia(sql), 0);
    await age(database, 8);
    assert.equal((await useMedia(sql, "p", [fourth])).size, 1, "used again just now");
    await sweep(sql);
    const left = await sql.query<{ sha256: string }>("select sha256 from media");
    assert.deepEqual(left.map((row) => row.sha256).sort(), [second, third, fourth].sort());
    await sql.query("delete from post where id = 'two'");
    await age(database, 8);
    assert.equal(await sweepMedia(sql), 2);
    assert.ok(await getMedia(sql, second));
  },
);

testOn("embedded", "a backup: holds pictures byte for byte", async (source) => {
  const target = await emptyDatabase("embedded");
  const folder = await Deno.makeTempDir({ prefix: "digi-persona-media-" });
  try {
    const projections = all.map(({ table }) => table);
    await putMedia(source.sql, "a", picture);
    await age(source, 3);
    await writeBackup(source.sql, {
      path: `${folder}/file`,
      projections,
      createdAt: new Date().toISOString(),
    });
    await readBackup(target.sql, { path: `${folder}/file`, projections });
    const rows = "select sha256, mime, width, height, bytes, data, persona, created_at from media";
    assert.deepEqual(await target.sql.query(rows), await source.sql.query(rows));
    assert.deepEqual((await getMedia(target.sql, sha256))?.data, data);
  } finally {
    await target.drop();
    await Deno.remove(folder, { recursive: true });
  }
});
