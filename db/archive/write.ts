import type { Database } from "../database.ts";
import { appliedMigrations } from "../migrate.ts";
import type { Sql } from "../sql.ts";
import { type Header, LineHash, NOTE, type Trailer } from "./format.ts";
import { quoted, type TableShape, tablesToKeep, useExactTexts } from "./tables.ts";

export interface BackupOptions {
  path: string;
  /** Names of the tables that are made from events. */
  projections: string[];
  createdAt: string;
}

/** Rows that are held at once: as many as fit, judged by the largest of their table. */
const MAX_ROWS_AT_ONCE = 500;
const BYTES_AT_ONCE = 8_000_000;
/** Texts of bytes are twice as long as the bytes, and what is stored may be compressed. */
const GROWTH = 4;

/**
 * Writes everything that cannot be made anew into one file (format.ts), as it stands in one snapshot: a running program is not
 * disturbed. The file appears under its name when it is whole. Throws Deno.errors.AlreadyExists instead of replacing one.
 */
export async function writeBackup(
  database: Database,
  options: BackupOptions,
): Promise<{ head: number; rows: number }> {
  const { path } = options;
  const unfinished = `${path}.unfinished`;
  // Claimed first, so that nothing is written in vain.
  (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
  try {
    const file = await Deno.open(unfinished, { write: true, create: true, truncate: true, mode: 0o600 });
    const lines = new TransformStream<string, string>();
    const writer = lines.writable.getWriter();
    const written = lines.readable.pipeThrough(new TextEncoderStream()).pipeThrough(
      new CompressionStream("gzip"),
    )
      .pipeTo(file.writable);
    const [summary] = await Promise.all([dump(database, options, writer), written]);
    await sync(unfinished);
    await Deno.rename(unfinished, path);
    return summary;
  } catch (error) {
    for (const left of [unfinished, path]) await removeIfThere(left);
    throw error;
  }
}

async function dump(
  database: Database,
  { projections, createdAt }: BackupOptions,
  writer: WritableStreamDefaultWriter<string>,
): Promise<{ head: number; rows: number }> {
  try {
    return await database.transaction(async (tx) => {
      await tx.query("set transaction isolation level repeatable read, read only");
      await useExactTexts(tx);
      const header = await describe(tx, projections, createdAt);
      const hash = new LineHash();
      const write = async (line: string) => {
        hash.add(line);
        await writer.write(`${line}\n`);
      };
      await write(JSON.stringify(header));
      let rows = 0;
      for (const [index, table] of header.tables.entries()) rows += await dumpTable(tx, table, index, write);
      const trailer: Trailer = { end: true, rows, sha256: hash.hex() };
      await writer.write(`${JSON.stringify(trailer)}\n`);
      await writer.close();
      return { head: header.head, rows };
    });
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

async function describe(tx: Sql, projections: string[], createdAt: string): Promise<Header> {
  const tables = [];
  for (const shape of await tablesToKeep(tx, projections)) {
    const [count] = await tx.query<{ rows: number }>(`select count(*) as rows from ${quoted(shape.name)}`);
    tables.push({ ...shape, rows: count?.rows ?? 0 });
  }
  const [writer] = await tx.query<{ head: number; epoch: number }>("select head, epoch from writer");
  return {
    format: "digi-persona-backup",
    version: 1,
    createdAt,
    head: writer?.head ?? 0,
    epoch: writer?.epoch ?? 0,
    migrations: await appliedMigrations(tx),
    tables,
    note: NOTE,
  };
}

async function dumpTable(
  tx: Sql,
  { name, columns }: TableShape,
  index: number,
  write: (line: string) => Promise<void>,
): Promise<number> {
  const values = columns.map((column) => `${quoted(column.name)}::text`).join(", ");
  const order = await keyOrder(tx, name);
  const sizes = columns.map((column) => `coalesce(pg_column_size(${quoted(column.name)}), 0)`).join(" + ");
  const [largest] = await tx.query<{ bytes: number | null }>(
    `select max(${sizes})::bigint as bytes from ${quoted(name)}`,
  );
  const fitting = Math.floor(BYTES_AT_ONCE / (GROWTH * Math.max(1, largest?.bytes ?? 1)));
  const rowsAtOnce = Math.min(MAX_ROWS_AT_ONCE, Math.max(1, fitting));
  await tx.query(
    `declare dump no scroll cursor for select array[${values}] as row from ${quoted(name)} ${order}`,
  );
  let rows = 0;
  while (true) {
    const page = await tx.query<{ row: (string | null)[] }>(`fetch ${rowsAtOnce} from dump`);
    for (const { row } of page) await write(JSON.stringify([index, ...row]));
    rows += page.length;
    if (page.length < rowsAtOnce) break;
  }
  await tx.query("close dump");
  return rows;
}

/** By primary key, so that the same contents make the same lines. */
async function keyOrder(tx: Sql, table: string): Promise<string> {
  const keys = await tx.query<{ name: string }>(
    `select a.attname as name from pg_index i cross join unnest(i.indkey::int2[]) with ordinality as k(number, place)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
     where i.indisprimary and i.indrelid = $1::regclass order by k.place`,
    [quoted(table)],
  );
  return keys.length === 0 ? "" : `order by ${keys.map(({ name }) => quoted(name)).join(", ")}`;
}

async function sync(path: string): Promise<void> {
  const file = await Deno.open(path, { write: true });
  try {
    await file.sync();
  } finally {
    file.close();
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
