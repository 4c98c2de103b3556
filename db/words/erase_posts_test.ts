/** Erasure beside what personas published, in the tables that a real log fills. */
import { deepEqual, equal, ok, strictEqual } from "node:assert/strict";
import { authorHash, type Content, contentHash } from "../../actors/persona/content.ts";
import { event, type PersonaEvent } from "../../actors/persona/events.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import { type FreshDatabase, testOn } from "../../tests/database.ts";
import type { ForeignWords } from "../log/log.ts";
import { openPostgresLog } from "../log/postgres_log.ts";
import { projections } from "../projections/all.ts";
import { eraseAuthor, findAuthor } from "./erase.ts";
import { purgeDue } from "./purge.ts";

const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const ask = { by: "user:ann", reason: "Asked for it by mail.", now: NOW + 25 * HOUR };

interface Persona {
  /** Somebody says something to it, and a prompt quotes it; answers the id of the interaction. */
  hears(authorId: string, handle: string): Promise<string>;
  /** Publishes a post; answers its id. */
  posts(named: { handle: string; accountId: string } | null, answering?: string): Promise<string>;
  removes(postId: string): Promise<void>;
}

function erasureTest(
  name: string,
  platform: Platform,
  test: (database: FreshDatabase, one: Persona) => Promise<void>,
) {
  testOn("embedded", name, async (database) => {
    const log = await openPostgresLog({ connection: database.config, projections });
    let version = 0;
    const append = async (events: PersonaEvent[], words: ForeignWords[] = []) => {
      const stored = events.map(({ type, data }) => ({
        type,
        schema: 1,
        data: JSON.parse(JSON.stringify(data)),
      }));
      const by = "user:ann";
      const result = await log.append({ stream: "p1", expectedVersion: version, by, events: stored, words });
      strictEqual(result.kind, "committed", JSON.stringify(result));
      version += events.length;
    };
    const connectionId = "c1";
    const one: Persona = {
      async hears(authorId, handle) {
        const [interactionId, wordsRef, prompt] = [
          crypto.randomUUID(),
          crypto.randomUUID(),
          crypto.randomUUID(),
        ];
        const received = event("InteractionReceived", {
          interactionId,
          connectionId,
          kind: "reply",
          postId: null,
          sourceHash: interactionId,
          wordsRef,
          saidAt: NOW,
          authorHash: authorHash(platform, authorId),
        });
        const kept = { stream: "p1", purgeAt: iso(NOW + 48 * HOUR) };
        await append([received], [{
          ...kept,
          id: wordsRef,
          kind: "interaction",
          platform,
          author: authorId,
          content: {
            id: `${authorId}/1`,
            authorId,
            authorHandle: handle,
            text: "My number is 555",
            url: "u",
          },
          profilePurgeAt: iso(NOW + 24 * HOUR),
        }]);
        await append([event("PollCompleted", { connectionId, cursor: prompt })], [{
          ...kept,
          id: prompt,
          kind: "prompt",
          platform: "model",
          author: null,
          content: "They said: My number is 555",
          quotes: [wordsRef],
        }]);
        return interactionId;
      },
      async posts(named, answering) {
        const postId = crypto.randomUUID();
        const content: Content = {
          connectionId,
          accountId: "me",
          parts: [{
            text: "Thank you",
            facets: named === null ? [] : [{ kind: "mention", start: 0, end: 1, ...named }],
          }],
          replyTarget: answering === undefined ? null : { interactionId: answering, id: "at://someone/1" },
          labels: [],
          disclosure: "profile_label",
          language: "en",
        };
        const hash = contentHash(content);
        await append([
          event("DraftWritten", {
            postId,
            connectionId,
            platform,
            brief: "",
            ...(answering === undefined
              ? {}
              : { answering: { interactionId: answering, kind: "reply" as const, wordsRef: "w" } }),
            content,
            contentHash: hash,
            verdicts: [],
            prepared: true,
          }),
          event("PublishRequested", { postId, contentHash: hash, payload: { keys: [], records: [] } }),
          event("PublishAttempted", { postId, attempt: 1 }),
          event("PostPublished", {
            postId,
            attempt: 1,
            sent: [{ id: postId, url: `https://n.example/${postId}` }],
            how: "sent",
          }),
        ]);
        return postId;
      },
      async removes(postId) {
        await append([event("PostRemoved", { postId })]);
      },
    };
    try {
      await test(database, one);
    } finally {
      await log.close();
    }
  });
}

const left = async ({ sql }: FreshDatabase, text: string) =>
  (await sql.query<{ id: string }>("select id from foreign_words f where f::text like '%' || $1 || '%'", [
    text,
  ])).length;

erasureTest(
  "an erasure finds words whose author went before them",
  "linkedin",
  async (database, one) => {
    const { sql } = database;
    await one.hears("urn:li:person:zoe", "Zoe");
    await one.hears("urn:li:person:bo", "Bo");
    deepEqual(await purgeDue(sql, iso(NOW + 24 * HOUR + 1)), { texts: 2, profiles: 2 });
    equal(
      await left(database, "urn:li:person:zoe"),
      1,
      "the id of the comment, which here names them, is still kept",
    );
    const zoe = { platform: "linkedin", authorId: "urn:li:person:zoe" } as const;
    const { words, personas } = await findAuthor(sql, zoe);
    deepEqual([words, personas], [1, 1]);
    equal((await eraseAuthor(sql, { ...zoe, ...ask })).words, 1);
    equal(await left(database, "My number is 555"), 1, "what the other one said is still kept");
    equal(await left(database, "urn:li:person:zoe"), 0);
    equal((await findAuthor(sql, zoe)).words, 0);
  },
);

erasureTest(
  "an erasure tells which posts still name or answer the person; those stay, and nothing else that can go",
  "bluesky",
  async (database, one) => {
    const { sql } = database;
    const heard = await one.hears("did:plc:zoe", "Zoe.example");
    const other = await one.hears("did:plc:bo", "bo.example");
    const named = await one.posts({ handle: "zoe.example", accountId: "did:plc:zoe" });
    const answer = await one.posts(null, heard);
    const both = await one.posts({ handle: "zoe.example", accountId: "did:plc:zoe" }, heard);
    await one.posts({ handle: "bo.example", accountId: "did:plc:bo" }, other);
    await one.posts(null);
    const zoe = { platform: "bluesky", handle: "@zoe.EXAMPLE" } as const;
    const posts = { ownPosts: 3, ownPostIds: [both, answer, named] };
    const found = { words: 1, quoting: 1, personas: 1, ...posts };
    deepEqual(await findAuthor(sql, zoe), found);
    deepEqual(await eraseAuthor(sql, { ...zoe, ...ask }), found);
    // By id it is told again, for whoever wants to delete them later.
    const byId = { platform: "bluesky", authorId: "did:plc:zoe" } as const;
    deepEqual(await findAuthor(sql, byId), { words: 0, quoting: 0, personas: 0, ...posts });
    await one.removes(both);
    deepEqual((await findAuthor(sql, byId)).ownPostIds, [answer, named]);

    // Where the person is left is what the pages about erasure say: events, and the projections of the persona's own posts.
    const tables = await sql.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = current_schema()",
    );
    const holding: string[] = [];
    for (const { name } of tables) {
      const rows = await sql.query(`select 1 from "${name}" r where r::text ~* 'zoe' limit 1`);
      if (rows.length > 0) holding.push(name);
    }
    deepEqual(holding.sort(), ["event", "post"]);
    const [events] = await sql.query<{ types: string[] }>(
      "select array_agg(distinct type) as types from event where data::text ~* 'zoe'",
    );
    deepEqual(events?.types, ["DraftWritten"]);
    ok(await left(database, "did:plc:bo") === 1);
  },
);
