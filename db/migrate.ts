import { createHash } from "node:crypto";
import { join } from "node:path";
import { MIGRATION_LOCK_KEY } from "./lock.ts";
import type { Sql } from "./sql.ts";

/** The database and this program do not fit together; the message says what to do. */
export class MigrationRefused extends Error {
  override name = "MigrationRefused";
}

export interface MigrateOptions {
  /** Where the files are. @default this folder's `migrations` */
  folder?: string;
  /** The number of the last one to apply, for restoring an older backup. @default all */
  upTo?: number;
}

const FOLDER = join(import.meta.dirname ?? ".", "migrations");

interface Migration {
  number: number;
  name: string;
  checksum: string;
  text: string;
}

/** What the database remembers of a migration. */
export type Applied = Omit<Migration, "text">;

/** What was applied, by number; empty for a database that was never migrated. */
export async function appliedMigrations(sql: Sql): Promise<Applied[]> {
  return await readApplied(sql) ?? [];
}

/**
 * Brings the database to this program's form: the numbered files of `db/migrations` in order, each in a transaction of its own.
 * Two small queries when there is nothing to do. Throws MigrationRefused for a database that a newer program has migrated, and for a
 * file that was changed after it had been applied.
 */
export async function migrate(sql: Sql, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const { folder = FOLDER, upTo = Infinity } = options;
  const migrations = (await readMigrations(folder)).filter(({ number }) => number <= upTo);
  let before = await readApplied(sql);
  if (before === null) {
    await createTable(sql);
    before = [];
  }
  const applied: string[] = [];
  for (const migration of pending(migrations, before)) {
    if (await apply(sql, migration, migrations)) applied.push(migration.name);
  }
  return { applied };
}

/** The names of all tables that our migrations make, and that of their own list. */
export async function tablesMade(folder: string = FOLDER): Promise<Set<string>> {
  const made = (await readMigrations(folder)).flatMap(({ text }) =>
    [...text.matchAll(/^create table ([a-z_]+)/gm)].map((match) => match[1] ?? "")
  );
  return new Set(["migration", ...made]);
}

/** The files, by number. Throws MigrationRefused when two have the same number. */
async function readMigrations(folder: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (number === undefined) continue;
    const text = (await Deno.readTextFile(join(folder, name))).replaceAll("\r\n", "\n");
    const checksum = createHash("sha256").update(text).digest("hex");
    migrations.push({ number: Number(number), name: name.slice(0, -".sql".length), checksum, text });
  }
  migrations.sort((a, b) => a.number - b.number);
  for (const [index, migration] of migrations.entries()) {
    const next = migrations[index + 1];
    if (next?.number === migration.number) {
      throw new MigrationRefused(`Two migrations have the same number: ${migration.name} and ${next.name}.`);
    }
  }
  return migrations;
}

async function readApplied(sql: Sql): Promise<Applied[] | null> {
  const [table] = await sql.query<{ there: boolean }>("select to_regclass('migration') is not null as there");
  if (table?.there !== true) return null;
  return await sql.query<Applied>("select number, name, checksum from migration order by number");
}

function createTable(sql: Sql): Promise<void> {
  return sql.transaction(async (tx) => {
    await lock(tx);
    await tx.query(
      `create table if not exists migration (
         number integer primary key,
         name text not null,
         checksum text not null,
         at timestamptz not null default now()
       )`,
    );
  });
}

/** What is left to apply. Throws MigrationRefused when what was applied is not what we have. */
function pending(migrations: Migration[], applied: Applied[]): Migration[] {
  const ours = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of applied) {
    const migration = ours.get(number);
    if (migration === undefined) {
      throw new MigrationRefused(
        `The database has the migration ${name}, which this program does not know: start the newer digi-persona, ` +
          `or restore a backup made by this one.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationRefused(
        `The migration ${name} was changed after it had been applied: put the file back as it was, and add a new one.`,
      );
    }
  }
  const done = new Set(applied.map(({ number }) => number));
  return migrations.filter(({ number }) => !done.has(number));
}

/** False when another program applied it while we waited for the lock. */
function apply(sql: Sql, migration: Migration, all: Migration[]): Promise<boolean> {
  return sql.transaction(async (tx) => {
    await lock(tx);
    const left = pending(all, await readApplied(tx) ?? []);
    if (!left.some(({ number }) => number === migration.number)) return false;
    await tx.query(migration.text);
    await tx.query("insert into migration (number, name, checksum) values ($1, $2, $3)", [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    return true;
  });
}

async function lock(tx: Sql): Promise<void> {
  await tx.query("set local statement_timeout = 0");
  await tx.query("select pg_advisory_xact_lock($1, $2)", [...MIGRATION_LOCK_KEY]);
}
