import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { LimitWindow, Noted } from "../actors/persona/platforms/port.ts";
import { testOn } from "../tests/database.ts";
import { platformUse, recordNoted, windowsOf } from "./platform_use.ts";
import type { Sql } from "./sql.ts";

const NOW = Date.now();
const HOUR = 3_600_000;

async function link(sql: Sql, id: string, stream: string): Promise<void> {
  await sql.query(
    `insert into connection (id, stream, platform, account_id, handle, service, disclosure, linked, health, linked_at)
      values ($1, $2, 'x', 'a', 'ada', 'https://x.example', 'none', true, 'ok', now())`,
    [id, stream],
  );
}

const window = (more: Partial<LimitWindow> = {}): LimitWindow => ({
  name: "posts in an hour",
  holds: "publish",
  limit: 100,
  remaining: 7,
  resetAt: NOW + HOUR,
  ...more,
});
const useOf = async (sql: Sql, id = "c") => (await platformUse(sql, [id], NOW)).get(id);

testOn(
  "embedded",
  "what an adapter notes: windows, costs by kind and month, the last call",
  async ({ sql }) => {
    await link(sql, "c", "p");
    const spent = { what: "post", count: 1, microUsd: 10_000 } as const;
    await recordNoted(sql, "p", "c", { windows: [window()], spent: [spent, spent], call: { ok: true } }, NOW);
    await recordNoted(sql, "p", "c", {
      windows: [window({ remaining: 9 })],
      spent: [spent],
      call: { ok: false, error: "503" },
    }, NOW + 1_000);
    deepStrictEqual(await useOf(sql), {
      windows: [window()],
      spent: [{ what: "post", count: 3, microUsd: 30_000 }],
      lastAt: new Date(NOW + 1_000).toISOString(),
      lastOkAt: new Date(NOW).toISOString(),
      error: "503",
    });
    deepStrictEqual(await windowsOf(sql, "p"), [
      { t: "windows", connectionId: "c", windows: [window()], lastAt: NOW + 1_000 },
    ]);
  },
);

testOn(
  "embedded",
  "calls that only we count: each takes from what is left, over restarts, until the window ends; a new figure keeps the count",
  async ({ sql }) => {
    await link(sql, "c", "p");
    const { remaining: _, ...day } = window({ name: "calls a day", holds: "any" });
    const take = async (calls: number, more: Partial<LimitWindow> = {}, now = NOW) =>
      await recordNoted(sql, "p", "c", { taken: [{ ...day, ...more, calls }] }, now);
    const left = async () => (await windowsOf(sql, "p"))[0]?.windows.map(({ remaining }) => remaining);
    await take(1);
    deepStrictEqual(await left(), [99]);
    // Another worker knows of no call before its own.
    await take(1);
    await take(8);
    deepStrictEqual(await left(), [90]);
    await take(1, { limit: 300 });
    deepStrictEqual(await left(), [289]);
    await take(1_000, { limit: 300 });
    deepStrictEqual(await left(), [0]);
    const one = { ...day, limit: 300, calls: 1 };
    const tomorrow = { ...one, resetAt: NOW + 3 * HOUR };
    await recordNoted(sql, "p", "c", { taken: [one, tomorrow, tomorrow] }, NOW + 2 * HOUR);
    deepStrictEqual(await left(), [298]);
    for (const wrong of [NaN, Infinity, null, "7", {}, undefined, -5]) {
      await recordNoted(sql, "p", "c", { taken: [{ ...tomorrow, calls: wrong as number }] }, NOW);
    }
    deepStrictEqual(await left(), [298]);
  },
);

testOn(
  "embedded",
  "what is noted for a connection of another persona, or of none: nothing is written",
  async ({ sql }) => {
    await link(sql, "c", "p");
    const noted: Noted = { windows: [window({ remaining: 0 })], call: { ok: true } };
    for (const [persona, connection] of [["q", "c"], ["p", "d"], ["p", "\0"]] as const) {
      await recordNoted(sql, persona, connection.replace("\0", "x"), noted, NOW);
    }
    deepStrictEqual(await useOf(sql), { windows: [], spent: [], lastAt: null, lastOkAt: null, error: null });
  },
);

testOn(
  "embedded",
  "hostile notes: what is no number, no kind, no name is passed over, the rest of them is kept",
  async ({ sql }) => {
    await link(sql, "c", "p");
    const numbers = [Number.NaN, Infinity, -Infinity, null, "7", {}, undefined];
    const windows = [
      ...numbers.flatMap((wrong, n) =>
        (["limit", "remaining", "resetAt"] as const).map((key) => ({
          ...window(),
          name: `w${n}${key}`,
          [key]: wrong,
        }))
      ),
      { ...window(), holds: "everything" },
      { ...window(), name: 7 },
      null,
      "window",
      window({ name: "huge", limit: 1e300, remaining: -5, resetAt: Date.UTC(9999, 1) }),
      window({ name: "n\0l\ud800" + "x".repeat(500) }),
      window({ name: "over", resetAt: NOW - 1 }),
    ];
    const spent = [
      ...numbers.map((wrong) => ({ what: "post", count: wrong, microUsd: 1 })),
      { what: "yacht", count: 1, microUsd: 1 },
      null,
      { what: "read", count: 1e300, microUsd: -3 },
      { what: "reply", count: 1, microUsd: 5 },
    ];
    const noted = { windows, spent, call: { ok: false, error: "a\0b\ud800" + "x".repeat(2_000) } };
    await recordNoted(sql, "p", "c", noted as unknown as Noted, NOW);
    const use = await useOf(sql);
    ok(use);
    deepStrictEqual(use.windows.map(({ name, limit, remaining }) => [name.slice(0, 4), limit, remaining]), [
      ["huge", 1_000_000_000, 0],
      ["nl\ufffdx", 100, 7],
    ]);
    ok(use.windows.every(({ resetAt }) => resetAt <= NOW + 25 * HOUR));
    deepStrictEqual(use.spent, [
      { what: "read", count: 1_000_000_000, microUsd: 0 },
      { what: "reply", count: 1, microUsd: 5 },
    ]);
    strictEqual(use.error?.length, 499);
    for (
      const nothing of [null, 7, "x", {}, { windows: 3, spent: "x", call: { ok: "yes" } }, { call: null }]
    ) {
      await recordNoted(sql, "p", "c", nothing as unknown as Noted, NOW);
    }
    deepStrictEqual(await useOf(sql), use);
  },
);

testOn(
  "embedded",
  "windows by ever new names: at most twice twenty of a connection are kept",
  async ({ sql }) => {
    await link(sql, "c", "p");
    for (let round = 0; round < 10; round++) {
      const windows = Array.from({ length: 20 }, (_, n) => window({ name: `w${round}-${n}` }));
      await recordNoted(sql, "p", "c", { windows }, NOW);
    }
    ok((await useOf(sql))?.windows.length === 20);
    // Those that are over make room.
    await recordNoted(
      sql,
      "p",
      "c",
      { windows: [window({ name: "new", resetAt: NOW + 3 * HOUR })] },
      NOW + 2 * HOUR,
    );
    deepStrictEqual((await useOf(sql))?.windows.map(({ name }) => name), ["new"]);
  },
);
