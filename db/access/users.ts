import type { Sql } from "../sql.ts";
import { deleteSessionsOf } from "./sessions.ts";

export interface UserRow {
  id: string;
  name: string;
  role: "owner";
  passwordHash: string;
  /** ISO time. */
  passwordChangedAt: string;
}

const COLUMNS = `id, name, role, password_hash as "passwordHash", password_changed_at as "passwordChangedAt"`;

/** A name as it is compared: case and ways of typing the same letters make no difference. */
export function nameKeyOf(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}

export async function findUserByName(sql: Sql, name: string): Promise<UserRow | null> {
  const rows = await sql.query<UserRow>(`select ${COLUMNS} from access_user where name_key = $1`, [
    nameKeyOf(name),
  ]);
  return rows[0] ?? null;
}

export async function findUser(sql: Sql, id: string): Promise<UserRow | null> {
  const rows = await sql.query<UserRow>(`select ${COLUMNS} from access_user where id = $1`, [id]);
  return rows[0] ?? null;
}

/** The owner who was there first; null before set-up. */
export async function findFirstOwner(sql: Sql): Promise<UserRow | null> {
  const text = `select ${COLUMNS} from access_user where role = 'owner' order by created_at, id limit 1`;
  return (await sql.query<UserRow>(text))[0] ?? null;
}

export async function insertUser(sql: Sql, user: UserRow): Promise<void> {
  await sql.query(
    `insert into access_user (id, name, name_key, role, password_hash, created_at, password_changed_at)
     values ($1, $2, $3, $4, $5, $6, $6)`,
    [user.id, user.name, nameKeyOf(user.name), user.role, user.passwordHash, user.passwordChangedAt],
  );
}

/** Call it in a transaction: the person's sessions end with the old password; their keys come back. `at`: ISO time. */
export async function changePassword(
  sql: Sql,
  id: string,
  passwordHash: string,
  at: string,
): Promise<string[]> {
  const text = "update access_user set password_hash = $2, password_changed_at = $3 where id = $1";
  await sql.query(text, [id, passwordHash, at]);
  return await deleteSessionsOf(sql, id);
}

/** The same password under a higher cost; nothing happens when it was changed in the meantime. */
export async function replaceHash(sql: Sql, id: string, oldHash: string, newHash: string): Promise<void> {
  await sql.query("update access_user set password_hash = $3 where id = $1 and password_hash = $2", [
    id,
    oldHash,
    newHash,
  ]);
}
