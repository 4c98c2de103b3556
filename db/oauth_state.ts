/** Connections that are being made, until a person has confirmed them: sealed, of one session, ten minutes long. */
import { createHash } from "node:crypto";
import type { Sql } from "./sql.ts";
import type { VaultKey } from "./vault/key.ts";
import { seal, type Sealed, unseal } from "./vault/sealed.ts";

/** How long a person has for each of the two stages. */
export const OAUTH_STATE_MS = 10 * 60_000;
/** That one session may have open; one more ends the oldest. */
const MAX_OPEN = 20;

/** `asked`: sent to a platform, by its `state`. `answered`: come back, and not confirmed yet. */
export type OAuthStage = "asked" | "answered";

export interface OAuthEntry {
  stage: OAuthStage;
  /** 256 random bits, kept as a hash only. */
  secret: string;
  /** Of the session that it is bound to. */
  sessionKey: string;
}

/** What is kept may hold credentials: it is in no error. */
export interface OAuthStates {
  /** `now` in ms since the epoch. */
  keep(entry: OAuthEntry, value: string, now: number): Promise<void>;
  /** Uses it up, for exactly one caller. Null: unknown, used before, too old, or of another session; it is gone in any case. */
  take(entry: OAuthEntry, now: number): Promise<string | null>;
  /** The same, without using it up; one of another session stays. */
  look(entry: OAuthEntry, now: number): Promise<string | null>;
}

type Row = Sealed & { session_key: string; live: boolean };

const systemRandom = (count: number) => crypto.getRandomValues(new Uint8Array(count));

export function openOAuthStates(
  sql: Sql,
  key: VaultKey,
  randomBytes: (count: number) => Uint8Array = systemRandom,
): OAuthStates {
  const opened = async (entry: OAuthEntry, row: Row | undefined): Promise<string | null> =>
    row === undefined || !row.live || row.session_key !== entry.sessionKey
      ? null
      : await unseal(key, contextOf(entry), row);

  return {
    async keep(entry, value, now) {
      const { nonce, ciphertext } = await seal(key, contextOf(entry), value, randomBytes);
      await forgetOldOAuthStates(sql, now);
      await sql.query(
        `delete from oauth_state where hash in (
           select hash from oauth_state where session_key = $1 order by expires_at desc, hash offset $2
         )`,
        [entry.sessionKey, MAX_OPEN - 1],
      );
      await sql.query(
        `insert into oauth_state (hash, stage, session_key, key_id, nonce, ciphertext, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          hashOf(entry.secret),
          entry.stage,
          entry.sessionKey,
          key.id,
          nonce,
          ciphertext,
          new Date(now + OAUTH_STATE_MS).toISOString(),
        ],
      );
    },
    async take(entry, now) {
      const [row] = await sql.query<Row>(
        `delete from oauth_state where hash = $1 and stage = $2
         returning nonce, ciphertext, session_key, expires_at > $3 as live`,
        [hashOf(entry.secret), entry.stage, new Date(now).toISOString()],
      );
      return await opened(entry, row);
    },
    async look(entry, now) {
      const [row] = await sql.query<Row>(
        `select nonce, ciphertext, session_key, expires_at > $3 as live from oauth_state
         where hash = $1 and stage = $2`,
        [hashOf(entry.secret), entry.stage, new Date(now).toISOString()],
      );
      return await opened(entry, row);
    },
  };
}

/** Removes what nobody can use any more. */
export async function forgetOldOAuthStates(sql: Sql, now: number): Promise<void> {
  await sql.query("delete from oauth_state where expires_at <= $1", [new Date(now).toISOString()]);
}

const contextOf = ({ stage, secret, sessionKey }: OAuthEntry): string =>
  `oauth ${stage} ${hashOf(secret)} of session ${sessionKey}`;

function hashOf(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("hex");
}
