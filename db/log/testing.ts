/** What the tests of the log share: the three kinds of log, projections to test with, small builders. */
import { type FreshDatabase, freshDatabase, type Server, skips } from "../../tests/database.ts";
import type { Row } from "../projections/engine.ts";
import type { Projection } from "../projections/projection.ts";
import type { LogOptions } from "./event_log.ts";
import type { Append, AppendResult, EventLog, Json, NewEvent, StoredEvent } from "./log.ts";
import { openMemoryLog } from "./memory_log.ts";
import { openPostgresLog } from "./postgres_log.ts";
import type { WordKeeping } from "./store.ts";

export const TABLES = `
create table test_tally (
  stream text primary key, count smallint not null, position bigint not null, at timestamptz not null, detail jsonb
);
create table test_open (stream text, item text, since bigint not null, primary key (stream, item));
`;

/** Counts `Counted` events a stream; throws on `{explode: true}`; `{count}` sets the number, which Postgres may refuse. */
export const tally: Projection = {
  table: "test_tally",
  key: ["stream"],
  types: ["Counted"],
  touches: (event) => [{ stream: event.stream }],
  fold(row, event) {
    if (event.data.explode === true) throw new Error("a projection that fails");
    const before = typeof row?.count === "number" ? row.count : 0;
    const count = typeof event.data.count === "number" ? event.data.count : before + 1;
    const detail = { last: event.data.text ?? null, before };
    return { stream: event.stream, count, position: event.position, at: event.at, detail };
  },
};

/** One row for each item that was `Opened` and not `Closed`. */
export const open: Projection = {
  table: "test_open",
  key: ["stream", "item"],
  types: ["Opened", "Closed"],
  touches: (event) => [{ stream: event.stream, item: event.data.item }],
  fold: (_row, event, key) => event.type === "Closed" ? null : { ...key, since: event.position },
};

export interface OpenedLog {
  log: EventLog & WordKeeping;
  /** The rows of a projection's table, ordered by key. */
  rows(table: string): Promise<Row[]>;
  database: FreshDatabase | null;
}

export type LogKind = "memory" | Server;
export const POSTGRES: Server[] = ["embedded", "debian15"];
export const LOG_KINDS: LogKind[] = ["memory", ...POSTGRES];

/** A database with the tables of the test projections. */
export async function testDatabase(server: Server): Promise<FreshDatabase> {
  const database = await freshDatabase(server);
  await database.sql.query(TABLES);
  return database;
}

export async function tableRows(database: FreshDatabase, table: string): Promise<Row[]> {
  return await database.sql.query<Row>(`select * from ${table} order by 1, 2`);
}

const quiet = { projections: [tally, open], report: () => {} };

export async function openOn(database: FreshDatabase, options: LogOptions & { takeOver?: boolean } = {}) {
  return await openPostgresLog({ connection: database.config, ...quiet, ...options });
}

/** A test of one kind of log, on an empty one. */
export function testLog(
  kind: LogKind,
  name: string,
  test: (opened: OpenedLog) => Promise<void>,
  options: LogOptions = {},
): void {
  Deno.test(`log ${name} [${kind}]`, async () => {
    if (kind === "memory") {
      const log = openMemoryLog({ ...quiet, ...options });
      const rows = (table: string) =>
        Promise.resolve(log.rows(table).sort((a, b) => sortKey(a) < sortKey(b) ? -1 : 1));
      await test({ log, rows, database: null });
      return await log.close();
    }
    if (await skips(kind)) return;
    const database = await testDatabase(kind);
    try {
      const log = await openOn(database, options);
      try {
        await test({ log, rows: (table) => tableRows(database, table), database });
      } finally {
        await log.close();
      }
    } finally {
      await database.drop();
    }
  });
}

const sortKey = (row: Row): string => `${row.stream}\u0001${row.item ?? ""}`;

export function counted(data: { [key: string]: Json } = {}, more: Partial<NewEvent> = {}): NewEvent {
  return { type: "Counted", schema: 1, data, ...more };
}

export function appendTo(
  stream: string,
  expectedVersion: number,
  events: NewEvent[],
  more: Partial<Append> = {},
): Append {
  return { stream, expectedVersion, by: "system", events, ...more };
}

/** The events of a committed append; fails the test for any other answer. */
export function committed(result: AppendResult): StoredEvent[] {
  if (result.kind !== "committed") throw new Error(`not committed: ${JSON.stringify(result)}`);
  return result.events;
}

/** Every event, by pages. */
export async function readAll(log: Pick<EventLog, "read">, page = 1_000): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const events = await log.read(all.at(-1)?.position ?? 0, page);
    all.push(...events);
    if (events.length < page) return all;
  }
}

/** Waits until `condition` holds, or fails after `ms`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  ms = 20_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One counter for both: equal runs give equal times and ids. */
export function countedTimeAndIds(): Required<Pick<LogOptions, "clock" | "ids">> {
  let ticks = 0;
  return {
    clock: { now: () => Date.UTC(2026, 0, 1) + ticks++ },
    ids: { uuid: () => `00000000-0000-4000-8000-${(ticks++).toString(16).padStart(12, "0")}` },
  };
}
