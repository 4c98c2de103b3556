import { Buffer } from "node:buffer";
import {
  findToken,
  findTokensExpired,
  insertToken,
  listTokens,
  revokeToken,
  type TokenRow,
  touchToken,
} from "../../db/access/tokens.ts";
import type { Sql } from "../../db/sql.ts";
import { type Principal, type Scope, SCOPES } from "./authorize.ts";
import type { Endings } from "./endings.ts";
import { hashSecret, newSecret, sameSecret } from "./secrets.ts";
import type { AccessPorts } from "./settings.ts";

/** Tokens that may exist at once; revoked ones do not count. */
export const MAX_TOKENS = 100;
/** How often the time of last use is written, at most. */
export const TOKEN_TOUCH_MS = 60_000;

const ID_BYTES = 8;
export const TOKEN_ID = /^[0-9a-f]{16}$/;
const FORM = /^dp_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

export interface TokenInfo {
  id: string;
  name: string;
  scopes: Scope[];
  /** Who made it; null when `ADMIN_TOKEN` did. */
  userId: string | null;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

export interface NewToken {
  name: string;
  scopes: Scope[];
  userId: string | null;
  /** ISO time; null never expires. */
  expiresAt: string | null;
}

export interface Tokens {
  /** `token` is the secret: it is shown once and kept only as a hash. Null when there are `MAX_TOKENS` already. */
  create(token: NewToken): Promise<{ token: string; info: TokenInfo } | null>;
  list(): Promise<TokenInfo[]>;
  /** False when there is no such token. */
  revoke(id: string): Promise<boolean>;
  /** Who comes with this bearer token; null when it is not one of ours, revoked or expired. */
  find(token: string): Promise<Extract<Principal, { kind: "token" }> | null>;
  /** Is the token still good? For a socket. */
  holds(id: string): Promise<boolean>;
  /** Announces what has expired since the last sweep. */
  sweep(): Promise<void>;
}

export function createTokens(sql: Sql, endings: Endings, ports: AccessPorts): Tokens {
  const iso = (at: number) => new Date(at).toISOString();
  let sweptUntil = iso(ports.now());

  return {
    async create({ name, scopes, userId, expiresAt }) {
      const id = Buffer.from(ports.randomBytes(ID_BYTES)).toString("hex");
      const token = `dp_${id}_${newSecret(ports.randomBytes)}`;
      const info = { id, name, scopes, userId, createdAt: iso(ports.now()), expiresAt, lastUsedAt: null };
      return await insertToken(sql, info, hashSecret(token), MAX_TOKENS) ? { token, info } : null;
    },
    async list() {
      return (await listTokens(sql)).map(toInfo);
    },
    async revoke(id) {
      const revoked = await revokeToken(sql, id, iso(ports.now()));
      if (revoked) endings.announce("token", [id], "revoked");
      return revoked;
    },
    async find(token) {
      const id = FORM.exec(token)?.[1];
      if (id === undefined) return null;
      const now = ports.now();
      const row = await findToken(sql, id, iso(now));
      if (row === null || !sameSecret(hashSecret(token), row.hash)) return null;
      const usedAt = row.lastUsedAt === null ? -Infinity : Date.parse(row.lastUsedAt);
      if (now - usedAt >= TOKEN_TOUCH_MS) await touchToken(sql, id, iso(now));
      const { name, scopes, userId } = toInfo(row);
      return { kind: "token", id, name, scopes, userId };
    },
    holds: async (id) => await findToken(sql, id, iso(ports.now())) !== null,
    async sweep() {
      const until = iso(ports.now());
      endings.announce("token", await findTokensExpired(sql, sweptUntil, until), "expired");
      sweptUntil = until;
    },
  };
}

function toInfo(row: TokenRow): TokenInfo {
  const { id, name, userId, createdAt, expiresAt, lastUsedAt } = row;
  // A scope that a newer version wrote gives no right here.
  const scopes = SCOPES.filter((scope) => row.scopes.includes(scope));
  return { id, name, scopes, userId, createdAt, expiresAt, lastUsedAt };
}
