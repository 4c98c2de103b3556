import { deepEqual } from "node:assert/strict";
import { testOn } from "../tests/database.ts";
import { sweep } from "./persona_files.ts";

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
