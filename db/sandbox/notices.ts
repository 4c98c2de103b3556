/** What accounts of the sandbox are told, each thing once and in the order in which it is committed. */
import type { Sql } from "../sql.ts";

export type NoticeKind = "mention" | "reply" | "quote" | "like" | "repost" | "follow";

export interface NewNotice {
  /** The same for the same thing, for ever. */
  id: string;
  accountId: string;
  kind: NoticeKind;
  actorId: string;
  /** What was said, where something was. */
  postId: string | null;
  /** The post of the account that it is about. */
  about: string | null;
  at: string;
}

/** Whoever is told must be locked (`lockSandboxAccounts`). Nobody is told of what they do themselves. */
export async function tell(tx: Sql, notice: NewNotice): Promise<void> {
  if (notice.accountId === notice.actorId) return;
  await tx.query(
    `insert into sandbox_notice (account_id, id, kind, actor_id, post_id, about, created_at)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      notice.accountId,
      notice.id,
      notice.kind,
      notice.actorId,
      notice.postId,
      notice.about,
      notice.at,
    ],
  );
}

export interface SandboxNotice {
  seq: number;
  id: string;
  kind: NoticeKind;
  /** Empty where nothing was said. */
  text: string;
  about: string | null;
  postId: string | null;
  at: string;
  actorId: string;
  handle: string;
  name: string;
  bot: boolean;
}

/** What an account was told after `seq`, oldest first. */
export async function sandboxNotices(
  sql: Sql,
  accountId: string,
  after: number,
  limit: number,
): Promise<SandboxNotice[]> {
  return await sql.query<SandboxNotice>(
    `select n.seq, n.id, n.kind, coalesce(p.text, '') as text, n.about, n.post_id as "postId", n.created_at as at,
       a.id as "actorId", a.handle, a.name, a.bot
      from sandbox_notice n join sandbox_account a on a.id = n.actor_id left join sandbox_post p on p.id = n.post_id
     where n.account_id = $1 and n.seq > $2 order by n.seq limit $3`,
    [accountId, after, limit],
  );
}
