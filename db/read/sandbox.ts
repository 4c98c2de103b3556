/** The sandbox network as its public would see it. */
import { SEEN_POST, type SeenPost } from "../sandbox/look.ts";
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";

/** Answers that a conversation shows in a list; its own page shows the rest. */
export const MAX_ANSWERS_LISTED = 8;
/** Posts of one conversation on its own page. */
const MAX_CONVERSATION = 300;
/** People beside the feed. */
const MAX_PEOPLE = 40;

export interface SandboxShown extends SeenPost {
  /** Whose account it is, when it is one of our personas'. */
  personaId: string | null;
  /** What it answers and quotes, as short as the reader needs to know what this is about. */
  answered: Quoted | null;
  quoted: Quoted | null;
}

export interface Quoted {
  id: string;
  handle: string;
  name: string;
  text: string;
  deleted: boolean;
}

export interface SandboxConversation {
  /** In the order in which they were said; the first began it. */
  posts: SandboxShown[];
  /** Answers that are not among them. */
  hidden: number;
}

/** Chosen before they are looked at: pictures and counts are read for those that are shown, and for no other. */
async function shown(sql: Sql, ids: string[]): Promise<SandboxShown[]> {
  return await sql.query<SandboxShown>(SHOWN, [ids]);
}

const SHOWN = `
  select seen.*, persona.id as "personaId",
    case when parent.id is null then null else jsonb_build_object('id', parent.id, 'handle', parent_by.handle,
      'name', parent_by.name, 'text', parent.text, 'deleted', parent.deleted_at is not null) end as answered,
    case when quoted.id is null then null else jsonb_build_object('id', quoted.id, 'handle', quoted_by.handle,
      'name', quoted_by.name, 'text', quoted.text, 'deleted', quoted.deleted_at is not null) end as quoted
  from (${SEEN_POST} where p.id = any($1)) seen
    left join connection c on c.platform = 'sandbox' and c.account_id = seen."accountId" and c.linked
    left join persona on persona.id = c.stream
    left join sandbox_post parent on parent.id = seen."replyTo"
    left join sandbox_account parent_by on parent_by.id = parent.account_id
    left join sandbox_post quoted on quoted.id = seen."quoteOf"
    left join sandbox_account quoted_by on quoted_by.id = quoted.account_id
  order by seen.seq`;

/** Conversations, the newest beginning first. Throws BadPage. */
export async function sandboxFeed(sql: Sql, options: PageOptions = {}): Promise<Page<SandboxConversation>> {
  const limit = checkLimit(options.limit);
  const begun = await sql.query<{ id: string; seq: number; answers: number }>(
    `select p.id, p.seq, (select count(*) from sandbox_post a where a.root = p.id) as answers from sandbox_post p
      where p.root is null and ($1::bigint is null or p.seq < $1) order by p.seq desc limit $2`,
    [decodeCursor("sandbox", options.after), limit + 1],
  );
  const ids = begun.slice(0, limit).map(({ id }) => id);
  const answers = await sql.query<{ id: string }>(
    `select answer.id from unnest($1::text[]) as begun(id)
       cross join lateral (select id from sandbox_post a where a.root = begun.id order by a.seq limit $2) answer`,
    [ids, MAX_ANSWERS_LISTED],
  );
  const posts = await shown(sql, [...ids, ...answers.map(({ id }) => id)]);
  const conversation = ({ id, answers }: { id: string; answers: number }): SandboxConversation => ({
    posts: posts.filter((post) => post.id === id || post.root === id),
    hidden: Math.max(0, answers - MAX_ANSWERS_LISTED),
  });
  return pageOf(begun, limit, conversation, ({ seq }) => encodeCursor("sandbox", seq));
}

/** What one account said, the newest first; empty for a handle that nobody has. Throws BadPage. */
export async function sandboxSaid(
  sql: Sql,
  handle: string,
  options: PageOptions = {},
): Promise<Page<SandboxShown>> {
  const limit = checkLimit(options.limit);
  const said = await sql.query<{ id: string; seq: number }>(
    `select id, seq from sandbox_post
      where account_id = (select id from sandbox_account where handle = $1) and deleted_at is null
        and ($2::bigint is null or seq < $2) order by seq desc limit $3`,
    [handle, decodeCursor("sandbox", options.after), limit + 1],
  );
  const posts = new Map((await shown(sql, said.map(({ id }) => id))).map((post) => [post.id, post]));
  const rows = said.map(({ id }) => posts.get(id)).filter((post) => post !== undefined);
  return pageOf(rows, limit, (post) => post, ({ seq }) => encodeCursor("sandbox", seq));
}

/** The conversation that a post belongs to; null where there is no such post. */
export async function sandboxConversation(sql: Sql, id: string): Promise<SandboxConversation | null> {
  const [begun] = await sql.query<{ root: string; size: number }>(
    `select root, (select count(*) from sandbox_post a where a.root = of.root) + 1 as size
       from (select coalesce(root, id) as root from sandbox_post where id = $1) of`,
    [id],
  );
  if (begun === undefined) return null;
  const said = await sql.query<{ id: string }>(
    `(select id, seq from sandbox_post where id = $1)
     union all
     (select id, seq from sandbox_post where root = $1 order by seq limit $2)`,
    [begun.root, MAX_CONVERSATION - 1],
  );
  const posts = await shown(sql, said.map(({ id }) => id));
  return { posts, hidden: begun.size - posts.length };
}

export interface SandboxPerson {
  handle: string;
  name: string;
  bio: string;
  audience: boolean;
  bot: boolean;
  personaId: string | null;
  posts: number;
  followers: number;
}

/** Personas first, by what they said last; then the audience. */
export async function sandboxPeople(sql: Sql): Promise<SandboxPerson[]> {
  return await sql.query<SandboxPerson>(
    `select a.handle, a.name, a.bio, a.audience, a.bot, persona.id as "personaId",
       (select count(*) from sandbox_post p where p.account_id = a.id and p.deleted_at is null) as posts,
       (select count(*) from sandbox_follow f where f.subject_id = a.id) as followers
      from sandbox_account a
        left join connection c on c.platform = 'sandbox' and c.account_id = a.id and c.linked
        left join persona on persona.id = c.stream
     order by a.audience, (select max(p.seq) from sandbox_post p where p.account_id = a.id) desc nulls last, a.handle
     limit $1`,
    [MAX_PEOPLE],
  );
}
