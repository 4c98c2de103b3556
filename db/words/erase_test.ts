import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { createHash } from "node:crypto";
import pg from "pg";
import { type FreshDatabase, testOn } from "../../tests/database.ts";
import type { ForeignWords } from "../log/log.ts";
import { appendTo, committed, openOn, TABLES, until } from "../log/testing.ts";
import { isOptedOut } from "../opt_outs.ts";
import { authorHash, eraseAuthor, findAuthor, lastErasures } from "./erase.ts";

const NOW = Date.UTC(2026, 0, 5, 12);
const ask = { by: "user:ann", reason: "Asked for it by mail.", now: NOW };
const NO_POSTS = { ownPosts: 0, ownPostIds: [] };

function said(stream: string, authorId: string, authorHandle: string, platform = "bluesky"): ForeignWords {
  return {
    id: crypto.randomUUID(),
    stream,
    kind: "interaction",
    platform,
    author: authorId,
    content: { id: "1", authorId, authorHandle, text: "Is it bad for the tree?", url: "https://a.example/1" },
    purgeAt: null,
  };
}

function quoting(stream: string, ...quotes: string[]): ForeignWords {
  return {
    ...said(stream, "", ""),
    kind: "prompt",
    platform: "model",
    author: null,
    content: "He asked …",
    quotes,
  };
}

/** Two personas; Ada speaks to both, Bo to one; prompts quote Ada, Bo, both, and a prompt that quotes Ada. */
async function scene(database: FreshDatabase) {
  await database.sql.query(TABLES);
  const log = await openOn(database);
  try {
    const [ada1, ada2, bo, other] = [
      said("p1", "did:ada", "Ada.example"),
      said("p2", "did:ada", "ada.other"),
      said("p1", "did:bo", "bo.example"),
      said("p1", "did:ada", "ada.example", "sandbox"),
    ];
    const words = [ada1, ada2, bo, other];
    committed(await log.append(appendTo("s", 0, [{ type: "Noted", schema: 1, data: {} }], { words })));
    const ofAda = quoting("p1", ada1.id);
    const ofBoth = quoting("p1", bo.id, ada2.id);
    const ofBo = quoting("p1", bo.id);
    committed(
      await log.append(
        appendTo("s", 1, [{ type: "Noted", schema: 1, data: {} }], { words: [ofAda, ofBoth, ofBo] }),
      ),
    );
    const memory = quoting("p2", ofAda.id);
    committed(
      await log.append(appendTo("s", 2, [{ type: "Noted", schema: 1, data: {} }], { words: [memory] })),
    );
    return { words: { ada1, ada2, bo, other, ofAda, ofBoth, ofBo, memory }, head: log.head };
  } finally {
    await log.close();
  }
}

async function kept({ sql }: FreshDatabase, words: Record<string, ForeignWords>): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    "select id from foreign_words where removed_at is null and content is not null",
  );
  const ids = new Set(rows.map(({ id }) => id));
  return Object.entries(words).filter(([, { id }]) => ids.has(id)).map(([name]) => name).sort();
}

testOn(
  "embedded",
  "an erasure takes an author's words, and what quotes them, from all personas",
  async (database) => {
    const { sql } = database;
    const { words } = await scene(database);
    const found = { words: 2, quoting: 3, personas: 2, ...NO_POSTS };
    deepEqual(await findAuthor(sql, { platform: "bluesky", authorId: "did:ada" }), found);
    equal((await kept(database, words)).length, 8, "looking erases nothing");
    deepEqual(await eraseAuthor(sql, { platform: "bluesky", authorId: "did:ada", ...ask }), found);
    deepEqual(await kept(database, words), ["bo", "ofBo", "other"]);
    const gone = await sql.query(
      "select distinct author, content, removed_at, rule from foreign_words where removed_at is not null",
    );
    const removed_at = new Date(NOW).toISOString();
    deepEqual(gone, [{ author: null, content: null, removed_at, rule: "erasure:author" }]);
  },
);

testOn(
  "embedded",
  "an erasure by handle finds what its account said under other handles, in any case",
  async (database) => {
    const { sql } = database;
    const { words } = await scene(database);
    const ada = { platform: "bluesky", handle: "@ADA.example" } as const;
    deepEqual(await findAuthor(sql, ada), { words: 2, quoting: 3, personas: 2, ...NO_POSTS });
    await eraseAuthor(sql, { ...ada, ...ask });
    deepEqual(await kept(database, words), ["bo", "ofBo", "other"]);
    deepEqual((await lastErasures(sql)).map((one) => one.authorHash), [authorHash("bluesky", "did:ada")]);
  },
);

testOn("embedded", "an erasure is done once, and its record names nobody", async (database) => {
  const { sql } = database;
  await scene(database);
  const nothing = { words: 0, quoting: 0, personas: 0, ...NO_POSTS };
  const ada = { platform: "bluesky", authorId: "did:ada", ...ask } as const;
  await eraseAuthor(sql, ada);
  deepEqual(await eraseAuthor(sql, { ...ada, now: NOW + 1_000 }), nothing);
  const authorHash = createHash("sha256").update("bluesky\ndid:ada").digest("hex");
  const record = {
    platform: "bluesky",
    authorHash,
    at: new Date(NOW).toISOString(),
    by: ask.by,
    reason: ask.reason,
  };
  deepEqual(await lastErasures(sql), [{ ...record, rows: 5 }]);
  const tables = await sql.query<{ all: string }>(
    "select (select string_agg(e::text, '') from erasure e) || (select string_agg(w::text, '') from foreign_words w " +
      "where platform <> 'sandbox') as all",
  );
  ok(!/ada/i.test(tables[0]?.all ?? "ada"));
  await rejects(eraseAuthor(sql, { ...ada, reason: "For DID:ada" }), RangeError);
  await rejects(eraseAuthor(sql, { platform: "x", handle: " @ ", ...ask }), RangeError);
  deepEqual(await eraseAuthor(sql, { platform: "x", handle: "@Nobody", ...ask }), nothing);
  equal(
    (await lastErasures(sql)).length,
    2,
    "also where nothing was kept, it is recorded that somebody asked",
  );
});

testOn(
  "embedded",
  "an erased author's new words are kept again, an opted-out one is listed",
  async (database) => {
    const { sql } = database;
    await scene(database);
    const log = await openOn(database);
    try {
      const bo = { platform: "bluesky", handle: "bo.example", ...ask } as const;
      await eraseAuthor(sql, { ...bo, optOut: true });
      await eraseAuthor(sql, { platform: "bluesky", authorId: "did:ada", ...ask });
      deepEqual(
        await isOptedOut(sql, "bluesky", ["did:bo", "@BO.example", "did:ada", "ada.example"]),
        new Set(["did:bo", "@BO.example"]),
      );
      const words = [said("p1", "did:ada", "ada.example")];
      committed(await log.append(appendTo("t", 0, [{ type: "Noted", schema: 1, data: {} }], { words })));
      equal((await findAuthor(sql, { platform: "bluesky", handle: "ada.example" })).words, 1);
    } finally {
      await log.close();
    }
  },
);

testOn(
  "embedded",
  "an erasure waits for a prompt that is being committed and takes it too",
  async (database) => {
    const { sql } = database;
    const { words } = await scene(database);
    const client = new pg.Client(database.config);
    await client.connect();
    try {
      const late = crypto.randomUUID();
      await client.query("begin");
      await client.query(
        `insert into foreign_words (id, stream, kind, platform, content, created_at, quotes)
       values ($1, 'p1', 'prompt', 'model', '"He asked …"', now(), array[$2])`,
        [late, words.ada1.id],
      );
      const erased = eraseAuthor(sql, { platform: "bluesky", authorId: "did:ada", ...ask });
      await until(async () => {
        const rows = await sql.query(
          "select 1 from pg_locks where not granted and relation = 'foreign_words'::regclass",
        );
        return rows.length > 0;
      }, "the erasure waits for the append");
      await client.query("commit");
      equal((await erased).quoting, 4);
      const [row] = await sql.query<{ rule: string }>("select rule from foreign_words where id = $1", [late]);
      equal(row?.rule, "erasure:author");
    } finally {
      await client.end();
    }
  },
);
