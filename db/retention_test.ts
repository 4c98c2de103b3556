/** Purging on time, on a clock that the test moves. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { HandClock, settled } from "../actors/hand_clock.ts";
import { testOn } from "../tests/database.ts";
import { openMemoryLog } from "./log/memory_log.ts";
import { appendTo, committed, counted, openOn, TABLES, until } from "./log/testing.ts";
import { keepRetention } from "./retention.ts";
import type { Sql } from "./sql.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A log in memory whose words end after the given times; `sweeps` counts how often the rest was cleaned. */
function scene() {
  const clock = new HandClock();
  const log = openMemoryLog({ clock });
  const lines: string[] = [];
  const times = { sweeps: 0, purges: 0 };
  /** Up to when connections that were never made went; ISO 8601. */
  const unconnected: string[] = [];
  let fails = false;
  const sql: Sql = {
    query: (text, values = []) => {
      if (text.startsWith("delete from oauth_state")) unconnected.push(String(values[0]));
      return Promise.resolve([]);
    },
    transaction: () => {
      times.sweeps++;
      return Promise.resolve(undefined as never);
    },
  };
  const words = {
    purgeWords: (now: string) => {
      times.purges++;
      return fails ? Promise.reject(new Error("away")) : log.purgeWords(now);
    },
    nextPurge: () => log.nextPurge(),
  };
  const start = () => keepRetention(words, sql, (line) => void lines.push(line), clock);
  let version = 0;
  return {
    clock,
    log,
    lines,
    times,
    unconnected,
    start,
    fail: (now: boolean) => void (fails = now),
    async say(...endsInMs: number[]): Promise<string[]> {
      const rows = endsInMs.map((ms) => ({
        id: crypto.randomUUID(),
        stream: "s",
        kind: "interaction",
        platform: "linkedin",
        author: "a",
        content: { authorHandle: "ada", text: "Hello" },
        purgeAt: new Date(clock.now() + ms).toISOString(),
        profilePurgeAt: new Date(clock.now() + ms / 2).toISOString(),
      }));
      committed(await log.append(appendTo("s", version++, [counted()], { words: rows })));
      return rows.map(({ id }) => id);
    },
    /** When the words went, in ms since the scene began; null while they are kept. */
    async wentAt(id: string): Promise<number | null> {
      const found = (await log.words([id])).get(id);
      return found && "rule" in found ? Date.parse(found.removedAt) - Date.UTC(2026, 0, 5, 8) : null;
    },
    async isNamed(id: string): Promise<boolean> {
      return JSON.stringify((await log.words([id])).get(id)).includes("ada");
    },
  };
}

Deno.test("words with hours to live go in the second in which their time comes, who said them before", async () => {
  const { clock, say, start, wentAt, isNamed, times } = scene();
  const [id = ""] = await say(48 * HOUR_MS);
  const stop = start();
  await clock.pass(24 * HOUR_MS - 1);
  ok(await isNamed(id));
  await clock.pass(1);
  ok(!await isNamed(id));
  await clock.pass(24 * HOUR_MS - 1);
  equal(await wentAt(id), null);
  await clock.pass(1);
  equal(await wentAt(id), 48 * HOUR_MS);
  ok(times.purges <= 48 * 60 + 10, `${times.purges} looks`);
  stop();
});

Deno.test("words that come after the last look, with less than a minute to live, go within the minute", async () => {
  const { clock, say, start, wentAt } = scene();
  const stop = start();
  await clock.pass(10_000);
  const [id = ""] = await say(5_000);
  await clock.pass(MINUTE_MS);
  equal(await wentAt(id), MINUTE_MS);
  stop();
});

Deno.test("words whose time came while the program was down go at its start", async () => {
  const { clock, say, start, wentAt, lines } = scene();
  const [id = ""] = await say(HOUR_MS);
  await clock.pass(5 * HOUR_MS);
  const stop = start();
  await settled();
  equal(await wentAt(id), 5 * HOUR_MS);
  match(lines.join("\n"), /^1 texts of others were purged/);
  stop();
});

Deno.test("many words that fall due one by one are purged at most once a second", async () => {
  const { clock, say, start, times, wentAt } = scene();
  const ids = await say(...Array.from({ length: 100 }, (_, n) => MINUTE_MS + n * 20));
  const stop = start();
  await clock.pass(2 * MINUTE_MS);
  for (const [n, id] of ids.entries()) {
    const late = (await wentAt(id) ?? Infinity) - (MINUTE_MS + n * 20);
    ok(late >= 0 && late <= 1_000, `${late} ms late`);
  }
  ok(times.purges < 15, `${times.purges} purges`);
  stop();
});

Deno.test("accounts that answered and were never connected go within a minute of their time, not hourly", async () => {
  const { clock, start, unconnected } = scene();
  const begun = clock.now();
  const stop = start();
  await clock.pass(10 * MINUTE_MS);
  stop();
  deepEqual(unconnected, Array.from({ length: 11 }, (_, n) => new Date(begun + n * MINUTE_MS).toISOString()));
});

Deno.test("a purge that fails is told and tried again within a minute; the rest is cleaned hourly; stopped is stopped", async () => {
  const { clock, say, start, wentAt, fail, lines, times } = scene();
  const [id = ""] = await say(HOUR_MS);
  fail(true);
  const stop = start();
  await clock.pass(HOUR_MS);
  equal(await wentAt(id), null);
  deepEqual([...new Set(lines)], ["what is over could not be removed: away"]);
  fail(false);
  await clock.pass(MINUTE_MS);
  ok(await wentAt(id) !== null);
  await clock.pass(10 * HOUR_MS);
  ok(times.sweeps >= 11 && times.sweeps <= 12, `${times.sweeps}`);
  stop();
  const before = { ...times };
  await clock.pass(10 * HOUR_MS);
  deepEqual(times, before);
});

testOn(
  "embedded",
  "on a real database words past their time are gone a moment after the start",
  async (database) => {
    await database.sql.query(TABLES);
    const log = await openOn(database);
    const lines: string[] = [];
    try {
      const row = (content: string, purgeAt: string) => (
        {
          id: crypto.randomUUID(),
          stream: "s",
          kind: "interaction",
          platform: "x",
          author: "1",
          content,
          purgeAt,
        }
      );
      const over = Array.from({ length: 450 }, () => row("over", "2026-01-01T00:00:00.000Z"));
      for (let n = 0; n < 5; n++) {
        const words = over.map((one) => ({ ...one, id: crypto.randomUUID() }));
        committed(await log.append(appendTo("s", n, [counted()], { words })));
      }
      committed(
        await log.append(appendTo("s", 5, [counted()], { words: [row("kept", "2999-01-01T00:00:00.000Z")] })),
      );
      const stop = keepRetention(log, database.sql, (line) => void lines.push(line));
      await until(() => lines.length > 0, "the purge is told");
      stop();
      equal(lines[0], "2250 texts of others were purged: their time was over");
      deepEqual(
        await database.sql.query("select content, author from foreign_words where removed_at is null"),
        [
          { content: "kept", author: "1" },
        ],
      );
      equal(await log.nextPurge(), "2999-01-01T00:00:00.000Z");
    } finally {
      await log.close();
    }
  },
);
