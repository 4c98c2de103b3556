/** What people of the sandbox do with a post without a word, and whom they follow. Everything here can be repeated. */
import type { Sql } from "../sql.ts";
import { tell } from "./notices.ts";
import { lockSandboxAccounts } from "./sandbox.ts";

export type Mark = "like" | "repost";

/** False where there is no such post (any more). */
export async function putMark(
  sql: Sql,
  kind: Mark,
  accountId: string,
  postId: string,
  at: string,
): Promise<boolean> {
  return await sql.transaction((tx) => writeMark(tx, kind, accountId, postId, at));
}

/** As `putMark`, within a transaction that holds no other accounts. */
export async function writeMark(
  tx: Sql,
  kind: Mark,
  accountId: string,
  postId: string,
  at: string,
): Promise<boolean> {
  const [post] = await tx.query<{ account_id: string }>(
    `select account_id from sandbox_post where id = $1`,
    [postId],
  );
  if (post === undefined) return false;
  // Its author is told, and alone can delete it.
  await lockSandboxAccounts(tx, [post.account_id]);
  const made = await tx.query(
    `insert into sandbox_mark (post_id, kind, account_id, created_at)
      select id, $2, $3, $4 from sandbox_post where id = $1 and deleted_at is null
      on conflict (post_id, kind, account_id) do update set created_at = sandbox_mark.created_at returning post_id`,
    [postId, kind, accountId, at],
  );
  if (made.length === 0) return false;
  await tell(tx, {
    id: `${kind}:${accountId}:${postId}`,
    accountId: post.account_id,
    kind,
    actorId: accountId,
    postId: null,
    about: postId,
    at,
  });
  return true;
}

/** The author keeps what they were told. */
export async function removeMark(sql: Sql, kind: Mark, accountId: string, postId: string): Promise<void> {
  await sql.query(`delete from sandbox_mark where post_id = $1 and kind = $2 and account_id = $3`, [
    postId,
    kind,
    accountId,
  ]);
}

/** False where there is no such account. */
export async function putFollow(
  sql: Sql,
  accountId: string,
  subjectId: string,
  at: string,
): Promise<boolean> {
  return await sql.transaction((tx) => writeFollow(tx, accountId, subjectId, at));
}

/** As `putFollow`, within a transaction that holds no other accounts. */
export async function writeFollow(
  tx: Sql,
  accountId: string,
  subjectId: string,
  at: string,
): Promise<boolean> {
  await lockSandboxAccounts(tx, [subjectId]);
  const there = await tx.query(`select from sandbox_account where id = $1`, [subjectId]);
  if (there.length === 0) return false;
  await tx.query(
    `insert into sandbox_follow (account_id, subject_id, created_at) values ($1, $2, $3) on conflict do nothing`,
    [accountId, subjectId, at],
  );
  await tell(tx, {
    id: `follow:${accountId}`,
    accountId: subjectId,
    kind: "follow",
    actorId: accountId,
    postId: null,
    about: null,
    at,
  });
  return true;
}

export async function removeFollow(sql: Sql, accountId: string, subjectId: string): Promise<void> {
  await sql.query(`delete from sandbox_follow where subject_id = $1 and account_id = $2`, [
    subjectId,
    accountId,
  ]);
}
