/** Posts and drafts, as pages and the API show them. */
import { type Content, fullText } from "../../actors/persona/content.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { PostStatus } from "../../actors/persona/state.ts";
import type { PostRow } from "../projections/posts.ts";
import type { Sql } from "../sql.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";

/** The account that a post is for, as it is now. */
export interface PostAccount {
  connectionId: string;
  accountId: string;
  handle: string;
  service: string;
  linked: boolean;
  health: "ok" | "lost";
}

export interface PostRead {
  id: string;
  persona: string;
  /** Null when the persona was deleted. */
  personaName: string | null;
  platform: Platform;
  status: PostStatus;
  /** The whole text, its parts apart by an empty line; empty until it is written. */
  text: string;
  contentHash: string | null;
  url: string | null;
  createdAt: string;
  updatedAt: string;
  publishedAt: string | null;
  /** Null only when the connection's row is gone. */
  account: PostAccount | null;
  brief: string;
  writing: PostRow["writing"];
  /** What went wrong last, or what is waited for; for people. */
  trouble: string | null;
  /** Exactly what is approved; null until it is written. */
  content: Content | null;
  /** False while links and mentions are looked up: it cannot be approved yet. */
  prepared: boolean;
  verdicts: PostRow["verdicts"];
  /** How the draft came to be; null for one that a person wrote. */
  provenance: PostRow["provenance"];
  approval: PostRow["approval"];
  /** When it is to go out. */
  slot: { at: string; zone: string } | null;
  sent: PostRow["sent"];
  /** Attempts to publish. */
  attempts: number;
  /** While it is going out: when it is tried next; in the past where that is due. Null while a try is under way. */
  nextTryAt: string | null;
  /** The same for the posts on several platforms that were asked for together. */
  setId: string | null;
  /** The others of its set. */
  variants: Pick<PostRead, "id" | "platform" | "status">[];
  /** What it answers; the words are foreign words. */
  answering: PostRow["answering"];
  /** While it is uncertain: what on the platform may be it. */
  evidence: PostRow["evidence"];
  /** How it did when it was looked at last. */
  measured: PostRow["measured"];
  measuredAt: string | null;
  /** It is to be deleted from its platform. */
  removing: boolean;
  /** Positions of its first and its last event. */
  createdPosition: number;
  updatedPosition: number;
}

export interface PostFilter {
  persona?: string;
  /** None or an empty list: all. */
  statuses?: readonly PostStatus[];
  platform?: Platform;
}

type JoinedRow = PostRow & {
  persona_name: string | null;
  account: string | null;
  handle: string;
  service: string;
  linked: boolean;
  health: "ok" | "lost";
  variants: PostRead["variants"] | null;
  next_try_at: string | null;
};

const SELECT =
  `select p.*, n.name as persona_name, c.account_id as account, c.handle, c.service, c.linked, c.health,
    (select d.at from due d where d.stream = p.stream and d.reason = 'publish' and d.ref = p.id
       and p.status = 'publishing') as next_try_at,
    (select jsonb_agg(jsonb_build_object('id', v.id, 'platform', v.platform, 'status', v.status)
       order by v.created_position)
     from post v where v.set_id = p.set_id and v.stream = p.stream and v.id <> p.id) as variants
  from post p left join connection c on c.id = p.connection_id left join persona n on n.id = p.stream`;

/** By the time that they were asked for, the oldest first unless told otherwise. Throws BadPage. */
export async function listPosts(
  sql: Sql,
  options: PageOptions & PostFilter & { newestFirst?: boolean } = {},
): Promise<Page<PostRead>> {
  const limit = checkLimit(options.limit);
  const newestFirst = options.newestFirst ?? false;
  const list = newestFirst ? "posts-newest" : "posts";
  const after = decodeCursor(list, options.after);
  const rows = await sql.query<JoinedRow>(
    `${SELECT}
     where ($1::text is null or p.stream = $1) and ($2::text[] is null or p.status = any($2))
       and ($3::text is null or p.platform = $3)
       and ($4::bigint is null or p.created_position ${newestFirst ? "<" : ">"} $4)
     order by p.created_position ${newestFirst ? "desc" : "asc"} limit $5`,
    [
      options.persona ?? null,
      options.statuses?.length ? options.statuses : null,
      options.platform ?? null,
      after,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, toPost, (row) => encodeCursor(list, row.created_position));
}

export async function getPost(sql: Sql, id: string): Promise<PostRead | null> {
  return (await getPosts(sql, [id]))[0] ?? null;
}

/** Those that exist, in the order of `ids`. */
export async function getPosts(sql: Sql, ids: string[]): Promise<PostRead[]> {
  if (ids.length === 0) return [];
  const rows = await sql.query<JoinedRow>(`${SELECT} where p.id = any($1::text[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined).map(toPost);
}

function toPost(row: JoinedRow): PostRead {
  return {
    id: row.id,
    persona: row.stream,
    personaName: row.persona_name,
    platform: row.platform,
    status: row.status,
    text: fullText(row.content),
    contentHash: row.content_hash,
    url: row.url,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    publishedAt: row.published_at,
    account: row.account === null ? null : {
      connectionId: row.connection_id,
      accountId: row.account,
      handle: row.handle,
      service: row.service,
      linked: row.linked,
      health: row.health,
    },
    brief: row.brief,
    writing: row.writing,
    trouble: row.trouble,
    content: row.content,
    prepared: row.prepared,
    verdicts: row.verdicts,
    provenance: row.provenance,
    approval: row.approval,
    slot: row.slot_at === null || row.slot_zone === null ? null : { at: row.slot_at, zone: row.slot_zone },
    sent: row.sent,
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    setId: row.set_id,
    variants: row.variants ?? [],
    answering: row.answering,
    evidence: row.evidence,
    measured: row.measured,
    measuredAt: row.measured_at,
    removing: row.removing,
    createdPosition: row.created_position,
    updatedPosition: row.updated_position,
  };
}
