/** Removal of foreign words whose time has come: first who said them, where a rule asks for that, then all. */
import type { Sql } from "../sql.ts";
import { PROFILE_PARTS, retentionRule } from "./rules.ts";

/** Rows that are emptied by one statement, so that none holds its locks for long. */
const PURGED_AT_ONCE = 1_000;

export interface Purged {
  /** Rows that were emptied. */
  texts: number;
  /** Rows of which only the author was removed. */
  profiles: number;
}

type Query = Pick<Sql, "query">;

/**
 * Empties every row whose time has come by `now` (ISO 8601). What quotes a row that ended goes under that row's rule: of
 * several, that of one which quotes nothing itself, so the rule of the platform and not that of another prompt.
 */
export async function purgeDue(sql: Query, now: string): Promise<Purged> {
  const texts = await inBatches(
    sql,
    `update foreign_words f set content = null, author = null, removed_at = $1::timestamptz, rule = coalesce((
       select coalesce(q.rule, $3 || q.platform) from foreign_words q
       where q.id = any (f.quotes::uuid[])
         and (q.removed_at is not null or q.purge_at <= $1::timestamptz or q.profile_purge_at <= $1::timestamptz)
       order by q.quotes <> '{}', least(q.removed_at, q.purge_at, q.profile_purge_at), q.id limit 1
     ), $3 || f.platform)
     where id in (
       select id from foreign_words where removed_at is null and purge_at <= $1::timestamptz order by purge_at limit $2
     )`,
    [now, PURGED_AT_ONCE, retentionRule("")],
  );
  const profiles = await inBatches(
    sql,
    `update foreign_words set author = null, profile_removed_at = $1::timestamptz,
       content = case jsonb_typeof(content) when 'object' then content - $3::text[] else content end
     where id in (
       select id from foreign_words
       where removed_at is null and profile_removed_at is null and profile_purge_at <= $1::timestamptz
       order by profile_purge_at limit $2
     )`,
    [now, PURGED_AT_ONCE, PROFILE_PARTS],
  );
  return { texts, profiles };
}

async function inBatches(sql: Query, update: string, parameters: unknown[]): Promise<number> {
  for (let total = 0;;) {
    const [row] = await sql.query<{ rows: number }>(
      `with done as (${update} returning 1) select count(*)::int as rows from done`,
      parameters,
    );
    const rows = row?.rows ?? 0;
    total += rows;
    if (rows < PURGED_AT_ONCE) return total;
  }
}

/** When the next row is due, ISO 8601; null when none ever is. */
export async function nextPurge(sql: Query): Promise<string | null> {
  const [row] = await sql.query<{ at: string | null }>(
    `select least(
       (select min(purge_at) from foreign_words where removed_at is null and purge_at is not null),
       (select min(profile_purge_at) from foreign_words
        where removed_at is null and profile_removed_at is null and profile_purge_at is not null)
     ) as at`,
  );
  return row?.at ?? null;
}
