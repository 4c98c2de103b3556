/** What the audience is about to do: planned with the post that it is about, so that a crash loses and doubles nothing. */
import type { Sql } from "../sql.ts";
import { writeFollow, writeMark } from "./marks.ts";
import type { NoticeKind } from "./notices.ts";
import { writeSandboxPost } from "./posts.ts";

export interface NewAct {
  /** The same for the same act on the same post. */
  id: string;
  /** Who of the audience. */
  accountId: string;
  kind: NoticeKind;
  /** Empty where nothing is said. */
  text: string;
  /** ms after the post. */
  afterMs: number;
}

/** What a new post is to the audience. */
export interface Heard {
  /** Whom of the audience it answers, and how often they have answered its author in this conversation. */
  answers: { accountId: string; exchanged: number } | null;
  /** Whether it answers anything at all. */
  isReply: boolean;
}

/** Within the transaction that has written the post. */
export async function sandboxHeard(
  tx: Sql,
  post: { accountId: string; replyTo: string | null },
): Promise<Heard> {
  if (post.replyTo === null) return { answers: null, isReply: false };
  const [parent] = await tx.query<{ account_id: string; audience: boolean; root: string }>(
    `select p.account_id, a.audience, coalesce(p.root, p.id) as root
       from sandbox_post p join sandbox_account a on a.id = p.account_id where p.id = $1`,
    [post.replyTo],
  );
  if (parent === undefined || !parent.audience) return { answers: null, isReply: true };
  // Their first word to a post of its author is not counted: it answers no reply.
  const [exchange] = await tx.query<{ exchanged: number }>(
    `select (select count(*) from sandbox_post theirs join sandbox_post reply on reply.id = theirs.reply_to
              where theirs.root = $1 and theirs.account_id = $2 and reply.account_id = $3
                and reply.reply_to is not null)
          + (select count(*) from sandbox_act act join sandbox_post reply on reply.id = act.about
              where act.account_id = $2 and act.kind = 'reply' and act.done_at is null
                and reply.root = $1 and reply.account_id = $3) as exchanged`,
    [parent.root, parent.account_id, post.accountId],
  );
  return { answers: { accountId: parent.account_id, exchanged: exchange?.exchanged ?? 0 }, isReply: true };
}

const HOUR_MS = 3_600_000;
/** Planning goes one by one, so that the bound of the hour is exact; released with the transaction. */
const PLANNING_LOCK = 5_170_610;

/** Keeps as many of `acts` as the hour still allows, in their order, and forgets those done more than an hour ago. */
export async function planSandboxActs(
  tx: Sql,
  about: string,
  acts: NewAct[],
  options: { now: number; mostAnHour: number },
): Promise<void> {
  if (acts.length === 0) return;
  const at = (ms: number) => new Date(ms).toISOString();
  const hourAgo = at(options.now - HOUR_MS);
  await tx.query(`select pg_advisory_xact_lock($1)`, [PLANNING_LOCK]);
  await tx.query(`delete from sandbox_act where done_at is not null and planned_at <= $1`, [hourAgo]);
  const [lately] = await tx.query<{ planned: number }>(
    `select count(*) as planned from sandbox_act where planned_at > $1`,
    [hourAgo],
  );
  const room = Math.max(0, options.mostAnHour - (lately?.planned ?? 0));
  for (const act of acts.slice(0, room)) {
    await tx.query(
      `insert into sandbox_act (id, account_id, kind, about, text, due_at, planned_at) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing`,
      [act.id, act.accountId, act.kind, about, act.text, at(options.now + act.afterMs), at(options.now)],
    );
  }
}

interface Act {
  id: string;
  account_id: string;
  kind: NoticeKind;
  about: string;
  text: string;
  due_at: string;
  subject_id: string;
}

/** When the next act is due, in ms since the epoch. */
export async function nextSandboxAct(sql: Sql): Promise<number | null> {
  const [next] = await sql.query<{ due_at: string }>(
    `select due_at from sandbox_act where done_at is null order by due_at, id limit 1`,
  );
  return next === undefined ? null : Date.parse(next.due_at);
}

/** Does one act that is due by `now` (ms since the epoch), if there is one. What it was about may be gone: then nothing is done. */
export async function doSandboxAct(sql: Sql, now: number): Promise<boolean> {
  return await sql.transaction(async (tx) => {
    const [act] = await tx.query<Act>(
      `select act.id, act.account_id, act.kind, act.about, act.text, act.due_at, p.account_id as subject_id
         from sandbox_act act join sandbox_post p on p.id = act.about
        where act.done_at is null and act.due_at <= $1
        order by act.due_at, act.id limit 1 for update of act skip locked`,
      [new Date(now).toISOString()],
    );
    if (act === undefined) return false;
    await perform(tx, act);
    await tx.query(`update sandbox_act set done_at = $2 where id = $1`, [
      act.id,
      new Date(now).toISOString(),
    ]);
    return true;
  });
}

async function perform(
  tx: Sql,
  { id, account_id, kind, about, text, due_at, subject_id }: Act,
): Promise<void> {
  switch (kind) {
    case "like":
    case "repost":
      await writeMark(tx, kind, account_id, about, due_at);
      return;
    case "follow":
      await writeFollow(tx, account_id, subject_id, due_at);
      return;
    case "reply":
    case "quote":
    case "mention":
      await writeSandboxPost(tx, {
        id,
        accountId: account_id,
        key: id,
        text,
        language: "en",
        createdAt: due_at,
        replyTo: kind === "reply" ? about : null,
        quoteOf: kind === "quote" ? about : null,
        media: [],
      }, due_at);
      return;
    default:
      return kind satisfies never;
  }
}
