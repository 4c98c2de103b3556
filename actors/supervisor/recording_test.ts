/** Commands put aside and personas parked, in a real log, folded and decided as a worker does. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openPostgresLog, type PostgresLog } from "../../db/log/postgres_log.ts";
import { rebuildProjections } from "../../db/log/rebuild.ts";
import { projections } from "../../db/projections/all.ts";
import { listDeadLetters } from "../../db/read/dead_letters.ts";
import { personasWithDue } from "../../db/read/due.ts";
import { listEvents } from "../../db/read/events.ts";
import { parkedPersona } from "../../db/read/parked.ts";
import { getPost } from "../../db/read/posts.ts";
import { type FreshDatabase, testOn } from "../../tests/database.ts";
import { type InProcessSupervisor, inProcessSupervisor } from "../../tests/in_process_supervisor.ts";
import type { Command } from "../persona/commands.ts";
import { emptyIdentity } from "../persona/identity.ts";
import type { ForeignWords, Json } from "../wire.ts";
import type { Letter } from "./mailbox.ts";
import { recordParked, recordUnparked } from "./parking.ts";
import { type Place, recordDeadLetter } from "./recording.ts";

interface World {
  database: FreshDatabase;
  log: PostgresLog;
  supervisor: InProcessSupervisor;
  id: string;
  connectionId: string;
  /** A post whose sending is under way. */
  sending(): Promise<string>;
  give(command: Command): Promise<void>;
  fails(command: Command, more?: Partial<Letter>): ReturnType<typeof recordDeadLetter>;
  place(): Promise<Place>;
}

function recordingTest(name: string, test: (world: World) => Promise<void>): void {
  testOn("embedded", name, async (database) => {
    const log = await openPostgresLog({ connection: database.config, projections });
    try {
      await test(await world(database, log));
    } finally {
      await log.close();
    }
  });
}

async function world(database: FreshDatabase, log: PostgresLog): Promise<World> {
  const supervisor = inProcessSupervisor({ log });
  const id = crypto.randomUUID();
  const connectionId = crypto.randomUUID();
  const give = async (command: Command) => {
    const answer = await supervisor.internal(id, command);
    ok(answer.kind === "committed", JSON.stringify(answer));
  };
  await give({ type: "create", identity: { ...emptyIdentity, name: "Ada" }, origin: "form" });
  await give({
    type: "link",
    connection: {
      connectionId,
      platform: "sandbox",
      accountId: "a",
      handle: "ada",
      service: "sandbox:",
      disclosure: "none",
    },
  });
  const place = async () => {
    const { version } = await supervisor.state(id);
    return { log, stream: id, version };
  };
  return {
    database,
    log,
    supervisor,
    id,
    connectionId,
    give,
    place,
    async sending() {
      const postId = crypto.randomUUID();
      await give({ type: "compose", platform: "sandbox", brief: "b", postId });
      await supervisor.write(id, postId, "Frost.");
      const contentHash = (await supervisor.state(id)).posts[postId]?.contentHash ?? "";
      await give({ type: "approve", postId, contentHash, then: { kind: "publish" } });
      await give({ type: "begin_attempt", postId });
      return postId;
    },
    async fails(command, more = {}) {
      const letter: Letter = {
        commandId: crypto.randomUUID(),
        command,
        by: `actor:${id}`,
        cause: null,
        words: [],
        bodyHash: null,
        crashes: 2,
        answer: () => {},
        ...more,
      };
      return await recordDeadLetter(await place(), letter, "it threw");
    },
  };
}

const retry = (deadLetterId: unknown): Command => ({
  type: "retry_dead_letter",
  deadLetterId: String(deadLetterId),
});

recordingTest(
  "a dead-lettered outcome: its post is in doubt and due to be looked for; its retry ends the doubt",
  async ({
    database: { sql },
    sending,
    fails,
    give,
    supervisor,
    id,
  }) => {
    const postId = await sending();
    const outcome: Command = {
      type: "outcome",
      postId,
      attempt: 1,
      outcome: { kind: "sent", sent: [{ id: "1", url: "http://127.0.0.1/1" }] },
    };
    const { events, trouble } = await fails(outcome);
    strictEqual(trouble, null);
    deepStrictEqual(events.map(({ type, schema, by }) => [type, schema, by]), [
      ["CommandDeadLettered", 2, "system"],
      ["PublishUncertain", 1, "system"],
    ]);
    strictEqual((await getPost(sql, postId))?.status, "uncertain");
    const due = await sql.query("select reason from due where ref = $1", [postId]);
    deepStrictEqual(due.map(({ reason }) => reason), ["reconcile"]);

    const [letter] = (await listDeadLetters(sql, { persona: id, statuses: ["open"] })).items;
    deepStrictEqual([letter?.type, letter?.reason, letter?.crashes, letter?.command], [
      "outcome",
      "it threw",
      2,
      outcome,
    ]);
    await give(retry(letter?.id));
    strictEqual((await getPost(sql, postId))?.status, "published");
    deepStrictEqual((await listDeadLetters(sql, { persona: id })).items.map(({ status }) => status), [
      "retried",
    ]);
    deepStrictEqual((await supervisor.state(id)).deadLetters, {});
    deepStrictEqual(await sql.query("select reason from due where ref = $1", [postId]), [{
      reason: "measure",
    }]);
  },
);

recordingTest(
  "what was heard and put aside: its words lie in the log from then on, its retry takes it in",
  async ({
    log,
    database: { sql },
    fails,
    give,
    id,
    connectionId,
  }) => {
    const words: ForeignWords = {
      id: crypto.randomUUID(),
      stream: id,
      kind: "interaction",
      platform: "sandbox",
      author: "a1",
      content: { text: "a secret of somebody outside" },
      purgeAt: null,
    };
    const polled: Command = {
      type: "polled",
      connectionId,
      cursor: "2",
      items: [{
        interaction: { kind: "mention", about: null, at: 1 },
        sourceHash: "h",
        wordsRef: words.id,
      }],
    };
    const { events } = await fails(polled, { words: [words] });
    deepStrictEqual(events.map(({ type }) => type), ["CommandDeadLettered", "ListeningPaused"]);
    ok(!JSON.stringify(events).includes("somebody outside"));
    deepStrictEqual((await log.words([words.id])).get(words.id), { content: words.content as Json });
    await give(retry(events[0]?.data.deadLetterId));
    const [heard] = await sql.query("select words_ref from interaction where stream = $1", [id]);
    strictEqual(heard?.words_ref, words.id);
  },
);

recordingTest("a retry that fails twice as well: the same letter is back with its count", async ({
  database: { sql },
  fails,
  give,
  id,
}) => {
  const { events } = await fails({ type: "pause" }, { by: "user:ann" });
  const { events: again, trouble } = await fails(retry(events[0]?.data.deadLetterId), { by: "user:bob" });
  strictEqual(trouble, null);
  deepStrictEqual(again.map(({ type }) => type), ["CommandDeadLettered"]);
  const { items } = await listDeadLetters(sql, { persona: id });
  deepStrictEqual(items.map(({ type, by, crashes, status }) => [type, by, crashes, status]), [
    ["pause", "user:ann", 4, "open"],
  ]);
  await give(retry(items[0]?.id));
  strictEqual((await listEvents(sql, { stream: id, types: ["PersonaPaused"] })).items.length, 1);
});

recordingTest(
  "what cannot be stored, or what was put aside by an older version: told and dropped, never lost without a word",
  async ({
    log,
    database: { sql },
    fails,
    give,
    id,
    place,
  }) => {
    const large = await fails({ type: "compose", platform: "sandbox", brief: "x".repeat(300_000) });
    deepStrictEqual(large.events.map(({ type, data }) => [type, data.command]), [[
      "CommandDeadLettered",
      null,
    ]]);
    ok(/without being kept: .*larger than/.test(large.trouble ?? ""), String(large.trouble));
    const odd = await fails({ type: "compose", platform: "sandbox", brief: "a\0b\ud800" });
    strictEqual(odd.trouble, null);
    await give({ type: "drop_dead_letter", deadLetterId: String(odd.events[0]?.data.deadLetterId) });

    const { version } = await place();
    const old = await log.append({
      stream: id,
      expectedVersion: version,
      by: "system",
      events: [{
        type: "CommandDeadLettered",
        schema: 1,
        data: { commandId: "c", command: "pause", reason: "r" },
      }],
    });
    strictEqual(old.kind, "invalid", "the older shape is written no more");
    await sql.query(
      `insert into event (position, stream, version, type, schema, at, id, by, data)
       select head + 1, $1, $2, 'CommandDeadLettered', 1, now(), gen_random_uuid(), 'system',
         '{"commandId": "c-old", "command": "pause", "reason": "r"}' from writer`,
      [id, version + 1],
    );
    await sql.query("update writer set head = head + 1");
    const [lifted] = await log.readStream(id, version, 1);
    deepStrictEqual(lifted?.data, {
      deadLetterId: "c-old",
      commandId: "c-old",
      type: "pause",
      command: null,
      by: "system",
      cause: null,
      reason: "r",
      crashes: 2,
    });
  },
);

recordingTest("an actor that is behind its log: what is put aside stands behind what was added", async ({
  give,
  place,
  log,
}) => {
  const behind = await place();
  await give({ type: "pause" });
  const letter: Letter = {
    commandId: "c",
    command: { type: "resume" },
    by: "user:ann",
    cause: null,
    words: [],
    bodyHash: null,
    crashes: 2,
    answer: () => {},
  };
  const { events, trouble } = await recordDeadLetter(behind, letter, "it threw");
  deepStrictEqual([trouble, events[0]?.version], [null, behind.version + 2]);
  await log.close();
  const closed = await recordDeadLetter(behind, letter, "it threw");
  ok(closed.events.length === 0 && closed.trouble !== null, "a log that is away is told");
});

recordingTest(
  "a parked persona: it says so after a restart, and nothing that is due wakes it until it is unparked",
  async ({
    database: { sql },
    sending,
    supervisor,
    place,
    id,
  }) => {
    const postId = await sending();
    const soon = new Date(Date.now() + 60_000).toISOString();
    deepStrictEqual(await personasWithDue(sql, soon, []), [id]);
    strictEqual(await parkedPersona(sql, id), null);
    const { events, trouble } = await recordParked(await place(), "system", "6 crashes\0 in 60 s");
    deepStrictEqual([events.map(({ type, by }) => [type, by]), trouble], [[["ActorParked", "system"]], null]);
    deepStrictEqual(await parkedPersona(sql, id), {
      at: events[0]?.at,
      by: "system",
      reason: "6 crashes in 60 s",
    });
    deepStrictEqual(await personasWithDue(sql, soon, []), []);
    strictEqual((await supervisor.state(id)).posts[postId]?.status, "publishing");
    await recordUnparked(await place(), "user:ann");
    strictEqual(await parkedPersona(sql, id), null);
    deepStrictEqual(await personasWithDue(sql, soon, []), [id]);
    strictEqual(await parkedPersona(sql, "nobody"), null);
  },
);

testOn(
  "embedded",
  "a rebuild makes the same letters and the same parked personas again",
  async (database) => {
    const log = await openPostgresLog({ connection: database.config, projections });
    const { fails, give, place } = await world(database, log);
    const { events } = await fails({ type: "pause" });
    await fails({ type: "resume" });
    const third = await fails({ type: "retire" });
    await give(retry(events[0]?.data.deadLetterId));
    await give({ type: "drop_dead_letter", deadLetterId: String(third.events[0]?.data.deadLetterId) });
    await recordParked(await place(), "user:ann", "it repeats itself");
    await log.close();
    const rows = async () => [
      await database.sql.query("select * from dead_letter order by position"),
      await database.sql.query("select id, parked from persona"),
    ];
    const before = await rows();
    deepStrictEqual(before[0]?.map(({ status }) => status), ["retried", "open", "dropped"]);
    await rebuildProjections({ connection: database.config, projections });
    deepStrictEqual(await rows(), before);
  },
);
