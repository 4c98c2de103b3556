import type { Sql } from "../sql.ts";

export interface SessionRow {
  /** SHA-256 (hex) of the session's id. */
  key: string;
  userId: string;
  createdAt: string;
  lastSeenAt: string;
  address: string;
  userAgent: string;
}

export interface SessionWithUser extends SessionRow {
  userName: string;
  role: "owner";
}

/** Sessions last seen or opened at or before these ISO times are over. */
export interface SessionBounds {
  idleSince: string;
  openedSince: string;
}

const COLUMNS =
  `s.key, s.user_id as "userId", s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.address,
  s.user_agent as "userAgent"`;

/**
 * Opens a session and ends the user's longest unused ones beyond `max`; their keys come back. Null, and nothing opened, when the
 * password has been changed since `passwordChangedAt`.
 */
export async function insertSession(
  sql: Sql,
  session: SessionRow,
  passwordChangedAt: string,
  max: number,
): Promise<string[] | null> {
  return await sql.transaction(async (sql) => {
    // The lock makes a change of the password wait for us, or us for it: no session slips past its clean-up.
    const user = await sql.query(
      "select 1 from access_user where id = $1 and password_changed_at = $2 for share",
      [session.userId, passwordChangedAt],
    );
    if (user.length === 0) return null;
    await sql.query(
      `insert into access_session (key, user_id, created_at, last_seen_at, address, user_agent) values ($1, $2, $3, $4, $5, $6)`,
      [
        session.key,
        session.userId,
        session.createdAt,
        session.lastSeenAt,
        session.address,
        session.userAgent,
      ],
    );
    const ended = await sql.query<{ key: string }>(
      `delete from access_session where key in (
         select key from access_session where user_id = $1 and key <> $2 order by last_seen_at desc, key offset $3
       ) returning key`,
      [session.userId, session.key, max - 1],
    );
    return ended.map((row) => row.key);
  });
}

/** The session and its user; null when there is none that still lives. */
export async function findSession(
  sql: Sql,
  key: string,
  bounds: SessionBounds,
): Promise<SessionWithUser | null> {
  const rows = await sql.query<SessionWithUser>(
    `select ${COLUMNS}, u.name as "userName", u.role from access_session s join access_user u on u.id = s.user_id
     where s.key = $1 and s.last_seen_at > $2 and s.created_at > $3`,
    [key, bounds.idleSince, bounds.openedSince],
  );
  return rows[0] ?? null;
}

export async function listSessions(sql: Sql, userId: string, bounds: SessionBounds): Promise<SessionRow[]> {
  return await sql.query<SessionRow>(
    `select ${COLUMNS} from access_session s where s.user_id = $1 and s.last_seen_at > $2 and s.created_at > $3
     order by s.last_seen_at desc, s.key`,
    [userId, bounds.idleSince, bounds.openedSince],
  );
}

export async function touchSession(sql: Sql, key: string, at: string): Promise<void> {
  await sql.query("update access_session set last_seen_at = $2 where key = $1 and last_seen_at < $2", [
    key,
    at,
  ]);
}

export async function deleteSession(sql: Sql, key: string): Promise<boolean> {
  return (await sql.query("delete from access_session where key = $1 returning key", [key])).length > 0;
}

/** Ends the user's sessions; their keys come back. */
export async function deleteSessionsOf(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.query<{ key: string }>(
    "delete from access_session where user_id = $1 returning key",
    [userId],
  );
  return rows.map((row) => row.key);
}

/** Ends what is over; the keys come back. */
export async function deleteExpiredSessions(sql: Sql, bounds: SessionBounds): Promise<string[]> {
  const rows = await sql.query<{ key: string }>(
    "delete from access_session where last_seen_at <= $1 or created_at <= $2 returning key",
    [bounds.idleSince, bounds.openedSince],
  );
  return rows.map((row) => row.key);
}
