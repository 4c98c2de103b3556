import { join } from "node:path";
import type { Sql } from "./sql.ts";

/**
 * "first": a database without events, taken as ours. "same": the one this DATA_DIR was last run with, on the same server.
 * "restored": its facts come from elsewhere, or DATA_DIR does: nothing may go out before a person has looked.
 */
export type InstanceCheck =
  | { kind: "first" }
  | { kind: "same" }
  | { kind: "restored"; lastEventAt: string | null };

interface Mark {
  id: string;
  systemIdentifier: string | null;
  databaseOid: number;
}

const FILE = "instance.id";

/**
 * Is this the database that we ran with last? Three things must agree: the id in the database, the id in `DATA_DIR/instance.id`, and
 * the server's own identity. The file also knows its own inode, which a copy of the folder does not keep. What it cannot see is
 * a copy of the whole disk.
 */
export async function checkInstance(sql: Sql, dataDir: string): Promise<InstanceCheck> {
  const server = await serverIdentity(sql);
  const [row] = await sql.query<Mark>(
    `select id, system_identifier as "systemIdentifier", database_oid as "databaseOid" from instance`,
  );
  const [last] = await sql.query<{ at: string }>("select at from event order by position desc limit 1");
  if (row === undefined && last === undefined) {
    await acceptInstance(sql, dataDir);
    return { kind: "first" };
  }
  const same = row !== undefined && row.id === await readFile(dataDir) &&
    row.systemIdentifier === server.systemIdentifier && row.databaseOid === server.databaseOid;
  return same ? { kind: "same" } : { kind: "restored", lastEventAt: last?.at ?? null };
}

/**
 * From now on this database and this DATA_DIR are each other's. Call it for a restored database only once everything outward is
 * durably stopped. The file goes first: after a crash in between it is still seen as restored.
 */
export async function acceptInstance(
  sql: Sql,
  dataDir: string,
  newId: () => string = () => crypto.randomUUID(),
): Promise<void> {
  const id = newId();
  const server = await serverIdentity(sql);
  await writeFile(dataDir, id);
  await sql.query(
    `insert into instance (id, system_identifier, database_oid) values ($1, $2, $3)
     on conflict (only_row) do update set id = excluded.id, system_identifier = excluded.system_identifier,
       database_oid = excluded.database_oid, accepted_at = now()`,
    [id, server.systemIdentifier, server.databaseOid],
  );
}

async function serverIdentity(sql: Sql): Promise<Omit<Mark, "id">> {
  const [database] = await sql.query<{ oid: number }>(
    "select oid::bigint as oid from pg_database where datname = current_database()",
  );
  if (database === undefined) throw new Error("the database does not know itself");
  const [may] = await sql.query<{ may: boolean }>(
    "select has_function_privilege('pg_control_system()', 'execute') as may",
  );
  if (may?.may !== true) return { systemIdentifier: null, databaseOid: database.oid };
  const [system] = await sql.query<{ id: string }>(
    "select system_identifier::text as id from pg_control_system()",
  );
  return { systemIdentifier: system?.id ?? null, databaseOid: database.oid };
}

/** The id in the file; null when there is none, or when the file is a copy. */
async function readFile(dataDir: string): Promise<string | null> {
  const path = join(dataDir, FILE);
  try {
    const [id, inode] = (await Deno.readTextFile(path)).split(/\s+/);
    return inode === String((await Deno.stat(path)).ino) ? id ?? null : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function writeFile(dataDir: string, id: string): Promise<void> {
  const path = join(dataDir, FILE);
  const unfinished = `${path}.new`;
  const file = await Deno.open(unfinished, { write: true, create: true, truncate: true, mode: 0o600 });
  try {
    await file.write(new TextEncoder().encode(`${id} ${(await file.stat()).ino}\n`));
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(unfinished, path);
}
