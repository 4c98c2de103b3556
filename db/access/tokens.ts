import type { Sql } from "../sql.ts";

export interface TokenRow {
  id: string;
  name: string;
  scopes: string[];
  userId: string | null;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

const COLUMNS = `id, name, scopes, user_id as "userId", created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt"`;

/** False when there are `max` tokens already. */
export async function insertToken(sql: Sql, token: TokenRow, hash: string, max: number): Promise<boolean> {
  const rows = await sql.query(
    `insert into access_token (id, name, hash, scopes, user_id, created_at, expires_at)
     select $1, $2, $3, $4::text[], $5::uuid, $6::timestamptz, $7::timestamptz
     where (select count(*) from access_token where revoked_at is null) < $8
     returning id`,
    [token.id, token.name, hash, token.scopes, token.userId, token.createdAt, token.expiresAt, max],
  );
  return rows.length > 0;
}

/** The token and its hash; null when it is unknown, revoked or expired at `at` (ISO). */
export async function findToken(
  sql: Sql,
  id: string,
  at: string,
): Promise<TokenRow & { hash: string } | null> {
  const rows = await sql.query<TokenRow & { hash: string }>(
    `select ${COLUMNS}, hash from access_token
     where id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
    [id, at],
  );
  return rows[0] ?? null;
}

/** Every token that is not revoked, the newest first; expired ones too. */
export async function listTokens(sql: Sql): Promise<TokenRow[]> {
  return await sql.query<TokenRow>(
    `select ${COLUMNS} from access_token where revoked_at is null order by created_at desc, id`,
  );
}

export async function touchToken(sql: Sql, id: string, at: string): Promise<void> {
  await sql.query("update access_token set last_used_at = $2 where id = $1", [id, at]);
}

/** False when there is no such token, or it was revoked before. */
export async function revokeToken(sql: Sql, id: string, at: string): Promise<boolean> {
  const text = "update access_token set revoked_at = $2 where id = $1 and revoked_at is null returning id";
  return (await sql.query(text, [id, at])).length > 0;
}

/** Ids of tokens that expired after `after` and at or before `until` (ISO). */
export async function findTokensExpired(sql: Sql, after: string, until: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    "select id from access_token where revoked_at is null and expires_at > $1 and expires_at <= $2",
    [after, until],
  );
  return rows.map((row) => row.id);
}
