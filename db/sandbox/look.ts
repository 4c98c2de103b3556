/** Posts of the sandbox as anybody there sees them: with pictures and counts. */
import type { Sql } from "../sql.ts";
import type { SandboxMedia } from "./posts.ts";

export interface SeenPost {
  id: string;
  seq: number;
  key: string;
  accountId: string;
  handle: string;
  name: string;
  /** Of the audience. */
  audience: boolean;
  bot: boolean;
  /** Empty when it was deleted. */
  text: string;
  language: string;
  createdAt: string;
  replyTo: string | null;
  quoteOf: string | null;
  /** The first post of the conversation; null for that one itself. */
  root: string | null;
  deleted: boolean;
  media: SandboxMedia[];
  likes: number;
  replies: number;
  reposts: number;
  quotes: number;
}

/** `select … from sandbox_post p join sandbox_account a`, one row a `SeenPost`; a condition goes behind it. */
export const SEEN_POST = `
  select p.id, p.seq, p.key, p.account_id as "accountId", a.handle, a.name, a.audience, a.bot, p.text, p.language,
    p.created_at as "createdAt", p.reply_to as "replyTo", p.quote_of as "quoteOf", p.root,
    p.deleted_at is not null as deleted,
    coalesce((select jsonb_agg(jsonb_build_object('sha256', m.sha256, 'alt', m.alt) order by m.place)
      from sandbox_media m where m.post_id = p.id), '[]') as media,
    (select count(*) from sandbox_mark k where k.post_id = p.id and k.kind = 'like') as likes,
    (select count(*) from sandbox_mark k where k.post_id = p.id and k.kind = 'repost') as reposts,
    (select count(*) from sandbox_post r where r.reply_to = p.id and r.deleted_at is null) as replies,
    (select count(*) from sandbox_post q where q.quote_of = p.id and q.deleted_at is null) as quotes
  from sandbox_post p join sandbox_account a on a.id = p.account_id`;

export interface TimelineOptions {
  accountId: string;
  /** Only posts under these keys, deleted ones too; null for all that are there. */
  keys: string[] | null;
  /** `seq` of the last one seen; null from the newest on. */
  before: number | null;
  limit: number;
}

/** An account's own posts, newest first. */
export async function sandboxOwnPosts(sql: Sql, options: TimelineOptions): Promise<SeenPost[]> {
  const { accountId, keys, before, limit } = options;
  return await sql.query<SeenPost>(
    `${SEEN_POST} where p.account_id = $1 and ($2::text[] is null or p.key = any($2))
       and ($2::text[] is not null or p.deleted_at is null) and ($3::bigint is null or p.seq < $3)
     order by p.seq desc limit $4`,
    [accountId, keys, before, limit],
  );
}

/** Deleted ones too. */
export async function sandboxPosts(sql: Sql, ids: string[]): Promise<Map<string, SeenPost>> {
  const rows = await sql.query<SeenPost>(`${SEEN_POST} where p.id = any($1)`, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** How far up and how many below a post are shown. */
export const MAX_ANCESTORS = 100;
export const MAX_BELOW = 200;

export interface SeenThread {
  /** From where the conversation began down to what the post answers. */
  ancestors: SeenPost[];
  post: SeenPost;
  /** Answers and answers to them, oldest first. */
  replies: SeenPost[];
}

/** What was deleted stays as an empty place, so that the rest hangs together. */
export async function sandboxThread(sql: Sql, id: string): Promise<SeenThread | null> {
  const rows = await sql.query<SeenPost & { place: "above" | "here" | "below" }>(
    `with recursive above(id, reply_to, depth) as (
       select id, reply_to, 0 from sandbox_post where id = $1
       union all
       select up.id, up.reply_to, above.depth + 1 from sandbox_post up join above on above.reply_to = up.id
        where above.depth < $2
     ), below(id) as (
       select id from sandbox_post where reply_to = $1
       union all
       select down.id from sandbox_post down join below on down.reply_to = below.id
     ), shown(id, place) as (
       select id, case when depth = 0 then 'here' else 'above' end from above
       union all
       (select id, 'below' from below limit $3)
     )
     select seen.*, shown.place from shown cross join lateral (${SEEN_POST} where p.id = shown.id) seen
      order by seen.seq`,
    [id, MAX_ANCESTORS, MAX_BELOW],
  );
  const post = rows.find(({ place }) => place === "here");
  if (post === undefined) return null;
  return {
    ancestors: rows.filter(({ place }) => place === "above"),
    post,
    replies: rows.filter(({ place }) => place === "below"),
  };
}
