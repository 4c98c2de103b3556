/** Accounts of personas, as pages and the API show them. */
import type { ConnectionRow } from "../projections/connections.ts";
import type { Sql } from "../sql.ts";

export interface ConnectionRead {
  id: string;
  persona: string;
  platform: ConnectionRow["platform"];
  accountId: string;
  handle: string;
  service: string;
  disclosure: ConnectionRow["disclosure"];
  /** False once it was unlinked; posts of then still name it. */
  linked: boolean;
  health: ConnectionRow["health"];
  /** Why it is lost. */
  reason: string | null;
  linkedAt: string;
  /** Whether what others say there may be shown to a model; null: as the platform's limits say. */
  wordsToModel: boolean | null;
  checkedAt: string | null;
  /** A person waits to hear whether it works. */
  checking: boolean;
}

/** More than any persona has: one linked account a platform, and those unlinked. */
const MAX_CONNECTIONS = 200;

const COLUMNS =
  `id, stream as persona, platform, account_id as "accountId", handle, service, disclosure, linked, health,
  reason, linked_at as "linkedAt",
  words_to_model as "wordsToModel", checked_at as "checkedAt", checking`;

/** The persona's accounts, linked ones first, the newest first; at most 200. `linked` true leaves out those unlinked. */
export async function listConnections(
  sql: Sql,
  persona: string,
  options: { linked?: boolean } = {},
): Promise<ConnectionRead[]> {
  return await sql.query<ConnectionRead>(
    `select ${COLUMNS} from connection where stream = $1 and (linked or not $2::boolean)
     order by linked desc, linked_at desc, id limit $3`,
    [persona, options.linked ?? false, MAX_CONNECTIONS],
  );
}

export async function getConnection(sql: Sql, id: string): Promise<ConnectionRead | null> {
  return (await sql.query<ConnectionRead>(`select ${COLUMNS} from connection where id = $1`, [id]))[0] ??
    null;
}

/** The linked accounts of several personas, by persona. */
export async function linkedConnections(
  sql: Sql,
  personas: string[],
): Promise<Map<string, ConnectionRead[]>> {
  const rows = await sql.query<ConnectionRead>(
    `select ${COLUMNS} from connection where stream = any($1::text[]) and linked order by linked_at, id`,
    [personas],
  );
  return Map.groupBy(rows, (row) => row.persona);
}
