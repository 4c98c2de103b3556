import {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  listSessions,
  type SessionBounds,
  touchSession,
} from "../../db/access/sessions.ts";
import type { Sql } from "../../db/sql.ts";
import type { Principal } from "./authorize.ts";
import type { Endings, EndReason } from "./endings.ts";
import { hashSecret, newSecret } from "./secrets.ts";
import type { AccessPorts } from "./settings.ts";

/** A session ends this long after it was last used. */
export const SESSION_IDLE_MS = 7 * 24 * 3_600_000;
/** A session ends this long after log-in, used or not. */
export const SESSION_ABSOLUTE_MS = 30 * 24 * 3_600_000;
/** How often the time of last use is written, at most. */
export const SESSION_TOUCH_MS = 60_000;
/** Sessions a person may hold; one more ends the longest unused. */
export const MAX_SESSIONS_PER_USER = 20;

const MAX_USER_AGENT = 200;

export interface Session {
  /** Names the session without giving it away: SHA-256 of its id. */
  key: string;
  principal: Extract<Principal, { kind: "user" }>;
}

export interface SessionInfo {
  key: string;
  createdAt: string;
  lastSeenAt: string;
  address: string;
  userAgent: string;
}

/** Whose password was shown, and since when it holds (ISO time). */
export interface ShownPassword {
  id: string;
  passwordChangedAt: string;
}

export interface Sessions {
  /**
   * Opens a session; the id that comes back goes into the cookie and nowhere else. Null when the password was changed since
   * it was shown: what a thief knows opens nothing any more.
   */
  open(shown: ShownPassword, from: { address: string; userAgent: string }): Promise<string | null>;
  /** The living session of a cookie's value. Counts as use unless `touch` is false. */
  find(id: string, options?: { touch?: boolean }): Promise<Session | null>;
  /** The same by key: for a socket that asks whether it may still be served. Never counts as use. */
  findByKey(key: string): Promise<Session | null>;
  list(userId: string): Promise<SessionInfo[]>;
  end(key: string, reason: EndReason): Promise<void>;
  endAllOf(userId: string, reason: EndReason): Promise<void>;
  /** Tells of sessions that a transaction has ended, once it is committed. */
  ended(keys: string[], reason: EndReason): void;
  /** Ends what has expired. */
  sweep(): Promise<void>;
  /** For session ends only; see `Endings`. */
  onEnd(listener: (key: string, reason: EndReason) => void): () => void;
}

export function createSessions(sql: Sql, endings: Endings, ports: AccessPorts): Sessions {
  const iso = (at: number) => new Date(at).toISOString();

  function bounds(): SessionBounds {
    const now = ports.now();
    return { idleSince: iso(now - SESSION_IDLE_MS), openedSince: iso(now - SESSION_ABSOLUTE_MS) };
  }

  async function findByKey(key: string, touch: boolean): Promise<Session | null> {
    const row = await findSession(sql, key, bounds());
    if (row === null) return null;
    const now = ports.now();
    if (touch && now - Date.parse(row.lastSeenAt) >= SESSION_TOUCH_MS) await touchSession(sql, key, iso(now));
    return { key, principal: { kind: "user", id: row.userId, name: row.userName, role: row.role } };
  }

  return {
    async open({ id: userId, passwordChangedAt }, { address, userAgent }) {
      const id = newSecret(ports.randomBytes);
      const at = iso(ports.now());
      const session = {
        key: hashSecret(id),
        userId,
        createdAt: at,
        lastSeenAt: at,
        address,
        userAgent: userAgent.slice(0, MAX_USER_AGENT).toWellFormed(),
      };
      const ended = await insertSession(sql, session, passwordChangedAt, MAX_SESSIONS_PER_USER);
      if (ended === null) return null;
      endings.announce("session", ended, "replaced");
      return id;
    },
    find: (id, { touch = true } = {}) => findByKey(hashSecret(id), touch),
    findByKey: (key) => findByKey(key, false),
    list: (userId) => listSessions(sql, userId, bounds()),
    async end(key, reason) {
      if (await deleteSession(sql, key)) endings.announce("session", [key], reason);
    },
    async endAllOf(userId, reason) {
      endings.announce("session", await deleteSessionsOf(sql, userId), reason);
    },
    ended: (keys, reason) => endings.announce("session", keys, reason),
    async sweep() {
      endings.announce("session", await deleteExpiredSessions(sql, bounds()), "expired");
    },
    onEnd: (listener) =>
      endings.onEnd(({ kind, id, reason }) => {
        if (kind === "session") listener(id, reason);
      }),
  };
}
