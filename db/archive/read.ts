import type { Database } from "../database.ts";
import { WRITER_LOCK_KEY } from "../lock.ts";
import { appliedMigrations, migrate, tablesMade } from "../migrate.ts";
import type { Sql } from "../sql.ts";
import { purgeDue } from "../words/purge.ts";
import {
  BackupUnusable,
  type Header,
  LineHash,
  parse,
  parseHeader,
  readLines,
  type RowLine,
  type Trailer,
} from "./format.ts";
import { quoted, type TableShape, tablesToKeep, useExactTexts } from "./tables.ts";

/** The database is not one that may be restored into; the message says what to do. */
export class RestoreRefused extends Error {
  override name = "RestoreRefused";
}

/** One statement inserts at most this many rows and, but for its last row, this many characters. */
const ROWS_AT_ONCE = 500;
const CHARACTERS_AT_ONCE = 2_000_000;

/** A database with a row in one of these holds something that must not be lost. */
const MUST_BE_EMPTY = ["event", "command", "foreign_words", "vault", "access_user", "opt_out", "erasure"];

/**
 * Fills an empty database from a backup, in one transaction: everything, or, when the file is damaged, nothing. The database takes
 * the backup's migrations, then the newer ones of this program. Projections are left empty: `rebuildProjections` makes them. The
 * row `instance` is left empty, too: that is how the next start knows that the database was restored.
 * Throws BackupUnusable for the file, RestoreRefused for the database.
 */
export async function readBackup(
  database: Database,
  options: { path: string; projections: string[] },
): Promise<{ head: number; rows: number }> {
  using file = await Deno.open(options.path);
  const lines = readLines(file.readable);
  try {
    return await database.transaction(async (tx) => {
      await useExactTexts(tx);
      await refuseBesideWriter(tx);
      const first = await lines.next();
      const header = parseHeader(first.done ? undefined : first.value);
      await clear(tx);
      await bringTo(tx, header);
      await checkTables(tx, header, options.projections);
      const rows = await fill(tx, header, first.value as string, lines);
      await finish(tx, header);
      await migrate(tx);
      // Words whose time came since the backup must not be back, not even until the next start.
      await purgeDue(tx, new Date().toISOString());
      return { head: header.head, rows };
    });
  } finally {
    await lines.return(undefined);
  }
}

async function refuseBesideWriter(tx: Sql): Promise<void> {
  const [lock] = await tx.query<{ taken: boolean }>("select pg_try_advisory_xact_lock($1, $2) as taken", [
    ...WRITER_LOCK_KEY,
  ]);
  if (lock?.taken !== true) {
    throw new RestoreRefused("digi-persona is running on this database: stop it first.");
  }
}

/** An empty database of ours is made anew in the backup's form. */
async function clear(tx: Sql): Promise<void> {
  const tables = await tx.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'",
  );
  const names = tables.map(({ name }) => name);
  const ours = await tablesMade();
  // They are dropped below: one that is not known here, beside ours or under a name like ours, must stop us.
  if (names.length > 0 && !(names.includes("writer") && names.every((name) => ours.has(name)))) {
    throw new RestoreRefused("The database holds tables of something else: restore into an empty one.");
  }
  for (const name of names.filter((name) => MUST_BE_EMPTY.includes(name))) {
    const [state] = await tx.query<{ filled: boolean }>(
      `select exists (select from ${quoted(name)}) as filled`,
    );
    if (state?.filled) {
      throw new RestoreRefused(`The database is not empty (${name}): restore into an empty one.`);
    }
  }
  if (names.length > 0) await tx.query(`drop table ${names.map(quoted).join(", ")}`);
}

async function bringTo(tx: Sql, header: Header): Promise<void> {
  await migrate(tx, { upTo: header.migrations.at(-1)?.number ?? 0 });
  const ours = await appliedMigrations(tx);
  const same = ours.length === header.migrations.length &&
    ours.every(({ number, checksum }, index) =>
      header.migrations[index]?.number === number && header.migrations[index]?.checksum === checksum
    );
  if (!same) {
    throw new BackupUnusable(
      "The backup was made by another digi-persona than this one can follow: restore it with the one that made it, or a newer one.",
    );
  }
}

/** Names and types come from the file: they are used only where the database has the very same. */
async function checkTables(tx: Sql, header: Header, projections: string[]): Promise<void> {
  const known = new Map((await tablesToKeep(tx, projections)).map((shape) => [shape.name, shape]));
  for (const table of header.tables) {
    const shape = known.get(table.name);
    if (shape === undefined || JSON.stringify(shape.columns) !== JSON.stringify(table.columns)) {
      throw new BackupUnusable(`The backup's table ${table.name} is not as this program knows it.`);
    }
  }
}

async function fill(tx: Sql, header: Header, first: string, lines: AsyncIterable<string>): Promise<number> {
  const hash = new LineHash();
  hash.add(first);
  const counts = header.tables.map(() => 0);
  let batch: (string | null)[][] = [];
  let characters = 0;
  let current = 0;
  let trailer: Trailer | null = null;
  const flush = async () => {
    const table = header.tables[current];
    if (table !== undefined && batch.length > 0) await insert(tx, table, batch);
    batch = [];
    characters = 0;
  };
  for await (const line of lines) {
    if (trailer !== null) throw new BackupUnusable("The backup has lines after its end.");
    const value = parse(line);
    if (!Array.isArray(value)) {
      trailer = value as Trailer;
      continue;
    }
    hash.add(line);
    const [index, ...row] = value as RowLine;
    const table = header.tables[index];
    if (table === undefined || index < current || row.length !== table.columns.length) {
      throw new BackupUnusable("A row of the backup is damaged.");
    }
    if (index !== current || batch.length >= ROWS_AT_ONCE || characters >= CHARACTERS_AT_ONCE) await flush();
    current = index;
    batch.push(row);
    characters += line.length;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  await flush();
  if (trailer?.end !== true) throw new BackupUnusable("The backup is cut off: its end is missing.");
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const counted = rows === trailer.rows &&
    header.tables.every((table, index) => table.rows === counts[index]);
  if (!counted || trailer.sha256 !== hash.hex()) {
    throw new BackupUnusable("The backup is damaged: its checksum is wrong.");
  }
  return rows;
}

async function insert(tx: Sql, table: TableShape, rows: (string | null)[][]): Promise<void> {
  const names = table.columns.map(({ name }) => quoted(name));
  const values = table.columns.map(({ name, type }) => `r.${quoted(name)}::${type}`);
  const arrays = table.columns.map((_, index) => `$${index + 1}::text[]`);
  try {
    await tx.query(
      `insert into ${quoted(table.name)} (${names.join(", ")}) overriding system value
       select ${values.join(", ")} from unnest(${arrays.join(", ")}) as r(${names.join(", ")})`,
      table.columns.map((_, index) => rows.map((row) => row[index] ?? null)),
    );
  } catch (error) {
    // The cause stays out: it may quote a row.
    const code = (error as { code?: string }).code;
    if (code === undefined || !/^2[23]/.test(code)) throw error;
    throw new BackupUnusable(`A row of the backup does not fit into the table ${table.name} (${code}).`);
  }
}

/** The head is the log's own check; the epoch only ever rises, so that what an older writer still holds stays void. */
async function finish(tx: Sql, header: Header): Promise<void> {
  const [log] = await tx.query<{ events: number; last: number }>(
    "select count(*) as events, coalesce(max(position), 0) as last from event",
  );
  if (log === undefined || log.events !== header.head || log.last !== header.head) {
    throw new BackupUnusable(
      `The backup's log is not whole: ${log?.events} events, the head is ${header.head}.`,
    );
  }
  await tx.query("update writer set head = $1, epoch = $2", [header.head, header.epoch + 1]);
  const sequences = await tx.query<{ table: string; column: string; sequence: string }>(
    `select c.relname as table, a.attname as column, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null`,
  );
  for (const { table, column, sequence } of sequences) {
    await tx.query(
      `select setval($1, coalesce(max(${quoted(column)}), 0) + 1, false) from ${quoted(table)}`,
      [sequence],
    );
  }
}
