/** What the console asks on every page: who is there, what waits for a person, what comes next, who is who. */
import type { DueReason } from "../projections/due.ts";
import type { StoredEvent } from "../log/log.ts";
import { lift, type Upcasters } from "../log/upcast.ts";
import { UPCASTERS } from "../log/upcasters.ts";
import type { Sql } from "../sql.ts";
import type { PersonaLife } from "./personas.ts";
import { doubtCount } from "./doubts.ts";
import { openCount } from "./inbox.ts";
import { type Removed, said, type SaidWords, WORDS_COLUMNS, type WordsColumns } from "./words.ts";

/** A post that only a person can bring on: it waits for review, its approval ran out, it may have gone out, or nothing was written. */
const NEEDS_PERSON =
  `(status in ('pending_review', 'expired', 'uncertain') or (status = 'draft' and writing = 'failed'))`;

export interface PersonaMark {
  id: string;
  name: string;
  life: PersonaLife;
  /** Posts that need a person, and commands that failed twice. */
  waiting: number;
}

export interface Rail {
  personas: PersonaMark[];
  /** All personas there are. */
  total: number;
  /** The same of all personas. */
  waiting: number;
  /** Posts that may have gone out. */
  doubts: number;
  /** What people said that can be answered and is not; at most one more than `MAX_COUNTED`. */
  unanswered: number;
}

/** The personas that stand beside every page: those that wait for a person first, `current` always among them. */
export async function railPersonas(sql: Sql, current: string | null, limit = 8): Promise<Rail> {
  const rows = await sql.query<PersonaMark & { total: number; sum: number }>(
    `select p.id, p.name, p.life, coalesce(w.n, 0) as waiting, count(*) over () as total,
       coalesce(sum(w.n) over (), 0)::bigint as sum
     from persona p left join (
       select stream, count(*) as n from (
         select stream from post where ${NEEDS_PERSON} union all select stream from dead_letter where status = 'open'
       ) of_persons group by stream
     ) w on w.stream = p.id
     order by (p.id is not distinct from $1) desc, (coalesce(w.n, 0) > 0) desc, p.life = 'retired', p.created_position limit $2`,
    [current, limit],
  );
  const personas = rows.map(({ id, name, life, waiting }) => ({ id, name, life, waiting }));
  return {
    personas,
    total: rows[0]?.total ?? 0,
    waiting: rows[0]?.sum ?? 0,
    doubts: await doubtCount(sql),
    unanswered: await openCount(sql),
  };
}

export interface PersonaCard {
  id: string;
  name: string;
  zone: string;
  language: string;
}

/** Name and zone by id; deleted ones are absent. */
export async function personaCards(sql: Sql, ids: string[]): Promise<Map<string, PersonaCard>> {
  const rows = await sql.query<PersonaCard>(
    `select id, name, identity->>'zone' as zone, identity->>'language' as language from persona where id = any($1::text[])`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** People by id, for "approved by Ann". */
export async function userNames(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql.query<{ id: string; name: string }>("select id, name from access_user limit 10000");
  return new Map(rows.map((row) => [row.id, row.name]));
}

export interface NextActivity {
  stream: string;
  reason: DueReason;
  at: string;
}

/** What each persona does next, by id. */
export async function nextActivities(sql: Sql, ids: string[]): Promise<Map<string, NextActivity>> {
  const rows = await sql.query<NextActivity>(
    `select distinct on (stream) stream, reason, at from due where stream = any($1::text[]) and reason <> 'expiry'
     order by stream, at, reason`,
    [ids],
  );
  return new Map(rows.map((row) => [row.stream, row]));
}

/** The position of the last event, as this transaction sees it. */
export async function headPosition(sql: Sql): Promise<number> {
  return (await sql.query<{ head: number }>("select head from writer"))[0]?.head ?? 0;
}

export interface Found {
  personas: { id: string; name: string }[];
  posts: { id: string; persona: string; name: string | null; brief: string; text: string }[];
}

/** Personas by name, posts by what they say or were asked to say; at most 20 of each. */
export async function find(sql: Sql, words: string): Promise<Found> {
  const like = `%${words.replace(/[\\%_]/g, (char) => `\\${char}`)}%`;
  const [personas, posts] = await Promise.all([
    sql.query<Found["personas"][number]>(
      "select id, name from persona where name ilike $1 order by length(name), name limit 20",
      [like],
    ),
    sql.query<Found["posts"][number]>(
      `select p.id, p.stream as persona, n.name, p.brief, coalesce(p.content->'parts'->0->>'text', '') as text
       from post p left join persona n on n.id = p.stream
       where p.brief ilike $1 or p.content->'parts'->0->>'text' ilike $1 order by p.created_position desc limit 20`,
      [like],
    ),
  ]);
  return { personas, posts };
}

const EVENT = "position, id, stream, version, type, schema, at, by, cause, correlation, data";

/** Everything that happened to one post, in order; at most 500. */
export async function eventsOfPost(
  sql: Sql,
  persona: string,
  postId: string,
  upcasters: Upcasters = UPCASTERS,
): Promise<StoredEvent[]> {
  const rows = await sql.query<StoredEvent>(
    `select ${EVENT} from event where stream = $1 and data->>'postId' = $2 order by version limit 500`,
    [persona, postId],
  );
  return rows.map((row) => lift(row, upcasters));
}

/** The last events of one stream before a version, newest first: what the persona had said when it wrote. */
export async function saidBefore(
  sql: Sql,
  persona: string,
  position: number,
  limit = 20,
): Promise<{ postId: string; text: string; at: string }[]> {
  return await sql.query(
    `select post_id as "postId", text, at from memory where stream = $1 and kind = 'said' and position < $2
     order by position desc limit $3`,
    [persona, position, limit],
  );
}

export interface Heard {
  id: string;
  words: SaidWords | Removed | null;
}

/** The words of interactions by the interaction's id. */
export async function heard(sql: Sql, ids: string[]): Promise<Map<string, Heard>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<WordsColumns & { id: string }>(
    `select i.id, ${WORDS_COLUMNS} from interaction i
       left join foreign_words w on w.id = case when i.words_ref ~ '^[0-9a-f-]{36}$' then i.words_ref::uuid end
     where i.id = any($1::text[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { id: row.id, words: said(row) }]));
}
