import type { Sql } from "../sql.ts";

export type LinkKind = "set_up" | "recovery";

/** Replaces an earlier link of the same kind. `expiresAt`: ISO time. */
export async function putLink(sql: Sql, kind: LinkKind, hash: string, expiresAt: string): Promise<void> {
  await sql.query(
    `insert into access_link (kind, hash, expires_at) values ($1, $2, $3)
     on conflict (kind) do update set hash = excluded.hash, expires_at = excluded.expires_at`,
    [kind, hash, expiresAt],
  );
}

/** Does the link still hold at `at` (ISO)? Nothing is used up. */
export async function linkHolds(sql: Sql, kind: LinkKind, hash: string, at: string): Promise<boolean> {
  const text = "select 1 from access_link where kind = $1 and hash = $2 and expires_at > $3";
  return (await sql.query(text, [kind, hash, at])).length > 0;
}

/** Uses the link up. True for exactly one caller; call it inside the transaction that does what the link is for. */
export async function takeLink(sql: Sql, kind: LinkKind, hash: string, at: string): Promise<boolean> {
  const text = "delete from access_link where kind = $1 and hash = $2 and expires_at > $3 returning kind";
  return (await sql.query(text, [kind, hash, at])).length > 0;
}
