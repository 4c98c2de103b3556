/** The tables of the sandbox network. */
import type { Sql } from "../sql.ts";

export interface SandboxAccount {
  id: string;
  handle: string;
  name: string;
}

export interface SandboxPost {
  id: string;
  account_id: string;
  key: string;
  text: string;
  language: string;
  reply_to: string | null;
  created_at: string;
}

export type NewSandboxPost = SandboxPost;

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

/** Writes a post under its key; one that is there already is given back instead, whatever it says. */
export async function putSandboxPost(
  sql: Sql,
  post: NewSandboxPost,
  replies: NewSandboxPost[],
  audience: (SandboxAccount & { createdAt: string })[],
): Promise<{ post: SandboxPost; made: boolean }> {
  return await sql.transaction(async (tx) => {
    // One write of an account at a time: else a reader of its replies could pass a number that is committed later.
    await tx.query(`select from sandbox_account where id = $1 for update`, [post.account_id]);
    const made = await tx.query<SandboxPost>(
      `${INSERT} on conflict (account_id, key) do nothing returning *`,
      row(post),
    );
    if (made[0] === undefined) {
      const there = await sandboxPostByKey(tx, post.account_id, post.key);
      if (there === null) throw new Error("a post that is there cannot be read");
      return { post: there, made: false };
    }
    // Always in the same order: two posts that bring the same new people wait for each other in one direction only.
    for (const one of audience.toSorted((a, b) => a.id < b.id ? -1 : 1)) {
      await tx.query(
        `insert into sandbox_account (id, handle, name, token_hash, created_at) values ($1, $2, $3, null, $4)
          on conflict do nothing`,
        [one.id, one.handle, one.name, one.createdAt],
      );
    }
    for (const reply of replies) await tx.query(INSERT, row(reply));
    return { post: made[0], made: true };
  });
}

const INSERT = `insert into sandbox_post (id, account_id, key, text, language, reply_to, created_at)
  values ($1, $2, $3, $4, $5, $6, $7)`;

function row(post: NewSandboxPost): unknown[] {
  return [post.id, post.account_id, post.key, post.text, post.language, post.reply_to, post.created_at];
}

export async function sandboxPostByKey(
  sql: Sql,
  accountId: string,
  key: string,
): Promise<SandboxPost | null> {
  const rows = await sql.query<SandboxPost>(`select * from sandbox_post where account_id = $1 and key = $2`, [
    accountId,
    key,
  ]);
  return rows[0] ?? null;
}

export async function sandboxPostById(sql: Sql, id: string): Promise<SandboxPost | null> {
  return (await sql.query<SandboxPost>(`select * from sandbox_post where id = $1`, [id]))[0] ?? null;
}

export interface SandboxMention {
  id: string;
  seq: number;
  text: string;
  created_at: string;
  about: string;
  account_id: string;
  handle: string;
}

/** Replies to an account's posts after `seq` that are to be seen by `now`, oldest first. */
export async function sandboxReplies(
  sql: Sql,
  accountId: string,
  after: number,
  now: string,
  limit: number,
): Promise<SandboxMention[]> {
  return await sql.query<SandboxMention>(
    `select reply.id, reply.seq, reply.text, reply.created_at, reply.reply_to as about, author.id as account_id, author.handle
       from sandbox_post reply
       join sandbox_post mine on mine.id = reply.reply_to and mine.account_id = $1
       join sandbox_account author on author.id = reply.account_id
      where reply.seq > $2 and reply.created_at <= $3
        and not exists (
          select from sandbox_post earlier join sandbox_post own on own.id = earlier.reply_to and own.account_id = $1
           where earlier.seq < reply.seq and earlier.seq > $2 and earlier.created_at > $3)
      order by reply.seq limit $4`,
    [accountId, after, now, limit],
  );
}
