/** Accounts of the sandbox network. */
import type { Sql } from "../sql.ts";

export interface SandboxAccount {
  id: string;
  handle: string;
  name: string;
}

/** One of the audience: nobody logs in as them. */
export interface SandboxVoice extends SandboxAccount {
  bio: string;
  /** Says of itself that it is a program. */
  bot: boolean;
}

/** A handle that is taken gets a number. */
export async function createSandboxAccount(
  sql: Sql,
  account: SandboxAccount & { tokenHash: string | null; createdAt: string },
): Promise<SandboxAccount> {
  for (let number = 1; number <= 10_000; number++) {
    const handle = number === 1 ? account.handle : `${account.handle}-${number}`;
    const rows = await sql.query(
      `insert into sandbox_account (id, handle, name, token_hash, created_at) values ($1, $2, $3, $4, $5)
        on conflict (handle) do nothing returning id`,
      [account.id, handle, account.name, account.tokenHash, account.createdAt],
    );
    if (rows.length === 1) return { id: account.id, handle, name: account.name };
  }
  throw new Error(`no handle like ${account.handle} is free on the sandbox`);
}

export async function sandboxAccountByToken(sql: Sql, tokenHash: string): Promise<SandboxAccount | null> {
  const rows = await sql.query<SandboxAccount>(
    `select id, handle, name from sandbox_account where token_hash = $1`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

/** Those of the handles that somebody has. */
export async function sandboxAccountsByHandle(sql: Sql, handles: string[]): Promise<SandboxAccount[]> {
  return await sql.query<SandboxAccount>(
    `select id, handle, name from sandbox_account where handle = any($1)`,
    [handles],
  );
}

/** Makes the audience's accounts, or brings them up to date. */
export async function putSandboxVoices(sql: Sql, voices: SandboxVoice[], at: string): Promise<void> {
  for (const { id, handle, name, bio, bot } of voices) {
    await sql.query(
      `insert into sandbox_account (id, handle, name, bio, bot, audience, created_at) values ($1, $2, $3, $4, $5, true, $6)
        on conflict (id) do update set handle = $2, name = $3, bio = $4, bot = $5, audience = true`,
      [id, handle, name, bio, bot, at],
    );
  }
}

/**
 * One write at a time to what these accounts have and are told: else a reader could pass a number that is committed later.
 * Always in the same order, so that two who need the same ones wait for each other in one direction only.
 */
export async function lockSandboxAccounts(tx: Sql, ids: string[]): Promise<void> {
  await tx.query(`select from sandbox_account where id = any($1) order by id for no key update`, [ids]);
}
