import { deepEqual, equal } from "node:assert/strict";
import { testOn } from "../tests/database.ts";
import { sweep } from "./persona_files.ts";
import { importKey, openVault } from "./vault/vault.ts";

testOn(
  "embedded",
  "the secret of an unlinked connection goes, its version stays; one that is linked or was written just now stays whole",
  async ({ sql }) => {
    const vault = openVault(sql, await importKey(new Uint8Array(32).fill(1).toBase64(), "k"));
    for (const [id, linked] of [["linked", true], ["unlinked", false], ["now", false]] as const) {
      await sql.query(
        `insert into connection (id, stream, platform, account_id, handle, service, disclosure, linked, health, linked_at)
         values ($1, 'p1', 'x', $1, 'ada', 'https://api.x.com', 'none', $2, 'ok', now())`,
        [id, linked],
      );
      await vault.put(`connection:${id}`, 0, "the secret");
    }
    await sql.query(
      "update vault set updated_at = now() - interval '11 minutes' where id <> 'connection:now'",
    );
    await sweep(sql);
    equal((await vault.get("connection:linked"))?.value, "the secret");
    equal((await vault.get("connection:now"))?.value, "the secret");
    equal(await vault.get("connection:unlinked"), null);
    deepEqual(await vault.put("connection:unlinked", 1, "late"), { ok: false, version: 0 });
    deepEqual(await vault.put("connection:unlinked", 0, "another"), { ok: true, version: 2 });
  },
);

testOn(
  "embedded",
  "of a deleted persona neither others' words nor who said them are kept",
  async ({ sql }) => {
    await sql.query(
      `insert into event (position, version, schema, id, at, stream, type, by, data)
     values (1, 1, 1, gen_random_uuid(), now(), 'gone', 'PersonaDeleted', 'system', '{}')`,
    );
    for (const stream of ["gone", "stays"]) {
      await sql.query(
        `insert into foreign_words (id, stream, kind, platform, author, content, created_at)
       values (gen_random_uuid(), $1, 'interaction', 'bluesky', 'did:plc:someone', '"Hello"', now())`,
        [stream],
      );
    }
    await sweep(sql);
    deepEqual(await sql.query("select stream, author, content from foreign_words order by stream"), [
      { stream: "gone", author: null, content: null },
      { stream: "stays", author: "did:plc:someone", content: "Hello" },
    ]);
  },
);
