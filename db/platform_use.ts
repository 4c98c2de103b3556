/** What platforms say of their limits, what calls cost, and how the last one went: per connection, over restarts. */
import type { LimitWindow, Noted, Spent, Taken } from "../actors/persona/platforms/port.ts";
import type { Down } from "../actors/persona/protocol.ts";
import { MAX_WINDOW_MS } from "../actors/persona/platforms/limits.ts";
import { storable } from "../actors/persona/text.ts";
import type { Sql } from "./sql.ts";

/** Longest explanation of a failed call that is kept. */
const MAX_ERROR = 500;
/** Longest name of a window that is kept. */
const MAX_NAME = 100;
/** Windows of one connection that are kept. */
const MAX_WINDOWS = 20;
/** Largest count, and largest sum in millionths of a dollar, that is believed of one call. */
const MAX_COUNT = 1_000_000_000;
const HOLDS: ReadonlySet<unknown> = new Set<LimitWindow["holds"]>(["publish", "read", "any"]);
const WHATS: ReadonlySet<unknown> = new Set<Spent["what"]>([
  "post",
  "reply",
  "read",
  "delete",
  "media",
  "other",
]);

/**
 * `now` in ms since the epoch. A connection of another persona is left as it is. What is not as it should be is passed over,
 * and numbers are bounded.
 */
export async function recordNoted(
  sql: Sql,
  personaId: string,
  connectionId: string,
  noted: Noted,
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString();
  const own = await sql.query(`select from connection where id = $1 and stream = $2`, [
    String(connectionId),
    personaId,
  ]);
  if (own.length === 0) return;
  const { windows, taken, spent, call } = readNoted(noted, now);
  await keepWindows(sql, personaId, connectionId, { windows, counted: false, at });
  const left = taken.map(({ calls, ...window }) => ({
    ...window,
    remaining: Math.max(0, window.limit - calls),
  }));
  await keepWindows(sql, personaId, connectionId, { windows: left, counted: true, at });
  if (spent.length > 0) {
    await sql.query(
      `insert into platform_spend (connection_id, day, what, stream, count, micro_usd)
        select $1, $2::date, what, $3, count, micro_usd
        from unnest($4::text[], $5::bigint[], $6::bigint[]) as told (what, count, micro_usd)
        on conflict (connection_id, day, what) do update
          set count = platform_spend.count + excluded.count, micro_usd = platform_spend.micro_usd + excluded.micro_usd`,
      [
        connectionId,
        at.slice(0, 10),
        personaId,
        spent.map(({ what }) => what),
        spent.map(({ count }) => count),
        spent.map(({ microUsd }) => microUsd),
      ],
    );
  }
  if (call === undefined) return;
  await sql.query(
    `insert into platform_call (connection_id, stream, last_at, last_ok_at, error, error_at)
      values ($1, $2, $3, case when $4 then $3::timestamptz end, $5, case when $4 then null else $3::timestamptz end)
      on conflict (connection_id) do update set last_at = excluded.last_at,
        last_ok_at = coalesce(excluded.last_ok_at, platform_call.last_ok_at),
        error = case when $4 then null else excluded.error end,
        error_at = coalesce(excluded.error_at, platform_call.error_at)`,
    [connectionId, personaId, at, call.ok, call.ok ? null : call.error],
  );
}

/**
 * Within one window there is only ever less. `counted`: nobody but us counts it, so what is gone of each of the `windows` goes
 * from what is left.
 */
async function keepWindows(
  sql: Sql,
  personaId: string,
  connectionId: string,
  { windows, counted, at }: { windows: LimitWindow[]; counted: boolean; at: string },
): Promise<void> {
  if (windows.length === 0) return;
  await sql.query(`delete from platform_window where connection_id = $1 and reset_at <= $2`, [
    connectionId,
    at,
  ]);
  await sql.query(
    `insert into platform_window (connection_id, name, stream, holds, max, remaining, reset_at)
      select $1, name, $2, holds, max, remaining, reset_at
      from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::timestamptz[]) as told (name, holds, max, remaining, reset_at)
      where name in (select name from platform_window where connection_id = $1)
        or (select count(*) from platform_window where connection_id = $1) < $8
      on conflict (connection_id, name) do update set holds = excluded.holds, max = excluded.max,
        remaining = case when platform_window.reset_at <> excluded.reset_at then excluded.remaining
          when $9 then greatest(0, excluded.remaining - (platform_window.max - platform_window.remaining))
          else least(platform_window.remaining, excluded.remaining) end,
        reset_at = excluded.reset_at`,
    [
      connectionId,
      personaId,
      windows.map(({ name }) => name),
      windows.map(({ holds }) => holds),
      windows.map(({ limit }) => limit),
      windows.map(({ remaining }) => remaining),
      windows.map(({ resetAt }) => new Date(resetAt).toISOString()),
      MAX_WINDOWS,
      counted,
    ],
  );
}

const short = (text: unknown, most: number) => storable(String(text).slice(0, most));

/** A whole number from 0; null for what is no number. */
function count(value: unknown): number | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  return Math.min(Math.max(Math.round(value), 0), MAX_COUNT);
}

/** What of it can be kept: a worker says it, and a platform through it. */
export function readNoted(
  noted: unknown,
  now: number,
): Required<Omit<Noted, "call">> & Pick<Noted, "call"> {
  const { windows, taken, spent, call } = (noted ?? {}) as Record<string, unknown>;
  const { ok, error } = (call ?? {}) as Record<string, unknown>;
  const told: Noted["call"] = ok === true
    ? { ok }
    : ok === false
    ? { ok, error: short(error, MAX_ERROR) }
    : undefined;
  return {
    windows: readWindows(windows, now),
    taken: sumTaken(
      listOf(taken).flatMap((one) => {
        const [window, calls] = [readWindow(one, now), count(one.calls)];
        return window === null || calls === null ? [] : [{ ...window, calls }];
      }),
    ),
    spent: readSpent(spent),
    ...(told && { call: told }),
  };
}

/** The last that was told of each window, at most `MAX_WINDOWS`. */
function readWindows(told: unknown, now: number): LimitWindow[] {
  const windows = new Map<string, LimitWindow>();
  for (const one of listOf(told)) {
    const [window, remaining] = [readWindow(one, now), count(one.remaining)];
    if (window !== null && remaining !== null) windows.set(window.name, { ...window, remaining });
  }
  return [...windows.values()].slice(-MAX_WINDOWS);
}

function readWindow(told: Record<string, unknown>, now: number): Omit<LimitWindow, "remaining"> | null {
  const { name, holds, resetAt } = told;
  const limit = count(told.limit);
  if (typeof name !== "string" || !holdsSomething(holds) || limit === null) return null;
  if (typeof resetAt !== "number" || !Number.isFinite(resetAt) || resetAt <= now) return null;
  return { name: short(name, MAX_NAME), holds, limit, resetAt: Math.min(resetAt, now + MAX_WINDOW_MS) };
}

const holdsSomething = (value: unknown): value is LimitWindow["holds"] => HOLDS.has(value);

const listOf = (told: unknown): Record<string, unknown>[] =>
  (Array.isArray(told) ? told : []).map((one) => typeof one === "object" && one !== null ? one : {});

/** The calls of each window, of the day that was told last, at most `MAX_WINDOWS`. */
export function sumTaken(told: Taken[]): Taken[] {
  const taken = new Map<string, Taken>();
  for (const one of told) {
    const before = taken.get(one.name);
    const calls = before?.resetAt === one.resetAt ? before.calls + one.calls : one.calls;
    taken.set(one.name, { ...one, calls: Math.min(calls, MAX_COUNT) });
  }
  return [...taken.values()].slice(-MAX_WINDOWS);
}

/** The sum of each kind. */
function readSpent(told: unknown): Spent[] {
  const spent = new Map<Spent["what"], Spent>();
  for (const one of Array.isArray(told) ? told : []) {
    const [times, microUsd] = [count(one?.count), count(one?.microUsd)];
    if (!WHATS.has(one?.what) || times === null || microUsd === null) continue;
    const { what } = one as Spent;
    const before = spent.get(what) ?? { what, count: 0, microUsd: 0 };
    spent.set(what, {
      what,
      count: Math.min(before.count + times, MAX_COUNT),
      microUsd: Math.min(before.microUsd + microUsd, MAX_COUNT),
    });
  }
  return [...spent.values()];
}

interface WindowRow {
  connection_id: string;
  name: string;
  holds: LimitWindow["holds"];
  max: string | number;
  remaining: string | number;
  reset_at: string;
}

/** What a persona's worker is told at its start: of each connection that was ever spoken to. */
export async function windowsOf(
  sql: Sql,
  personaId: string,
): Promise<Extract<Down, { t: "windows" }>[]> {
  const [rows, calls] = await Promise.all([
    sql.query<WindowRow>(
      `select connection_id, name, holds, max, remaining, reset_at from platform_window
        where stream = $1 and reset_at > now() order by connection_id, name`,
      [personaId],
    ),
    sql.query<{ connection_id: string; last_at: string }>(
      `select connection_id, last_at from platform_call where stream = $1`,
      [personaId],
    ),
  ]);
  const ids = new Set([...rows, ...calls].map((row) => row.connection_id));
  return [...ids].sort().map((connectionId) => {
    const last = calls.find((call) => call.connection_id === connectionId);
    return {
      t: "windows",
      connectionId,
      windows: rows.filter((row) => row.connection_id === connectionId).map(windowOf),
      lastAt: last === undefined ? null : Date.parse(last.last_at),
    };
  });
}

function windowOf(row: WindowRow): LimitWindow {
  return {
    name: row.name,
    holds: row.holds,
    limit: Number(row.max),
    remaining: Number(row.remaining),
    resetAt: Date.parse(row.reset_at),
  };
}

/** How a connection is doing, for people. Times are ISO. */
export interface PlatformUse {
  windows: LimitWindow[];
  /** Of this month, by what it was for. */
  spent: Spent[];
  lastAt: string | null;
  lastOkAt: string | null;
  /** Of the last call; null where it went well. */
  error: string | null;
}

/** `now` in ms since the epoch; by connection. */
export async function platformUse(
  sql: Sql,
  connectionIds: string[],
  now: number,
): Promise<Map<string, PlatformUse>> {
  const month = new Date(now).toISOString().slice(0, 7) + "-01";
  const [windows, spent, calls] = await Promise.all([
    sql.query<WindowRow>(
      `select connection_id, name, holds, max, remaining, reset_at from platform_window
        where connection_id = any($1) and reset_at > $2 order by name`,
      [connectionIds, new Date(now).toISOString()],
    ),
    sql.query<{ connection_id: string; what: Spent["what"]; count: string; micro_usd: string }>(
      `select connection_id, what, sum(count) as count, sum(micro_usd) as micro_usd from platform_spend
        where connection_id = any($1) and day >= $2::date group by connection_id, what order by what`,
      [connectionIds, month],
    ),
    sql.query<{ connection_id: string; last_at: string; last_ok_at: string | null; error: string | null }>(
      `select connection_id, last_at, last_ok_at, error from platform_call where connection_id = any($1)`,
      [connectionIds],
    ),
  ]);
  return new Map(connectionIds.map((id) => {
    const call = calls.find((one) => one.connection_id === id);
    return [id, {
      windows: windows.filter((one) => one.connection_id === id).map(windowOf),
      spent: spent.filter((one) => one.connection_id === id).map(({ what, count, micro_usd }) => ({
        what,
        count: Number(count),
        microUsd: Number(micro_usd),
      })),
      lastAt: call?.last_at ?? null,
      lastOkAt: call?.last_ok_at ?? null,
      error: call?.error ?? null,
    }];
  }));
}
