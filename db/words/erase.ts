/** Erasure by author: everything that one person said on one platform, and every prompt and answer that quotes it. */
import { createHash } from "node:crypto";
import { authorHash as accountHash } from "../../actors/persona/content.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import { addOptOut } from "../opt_outs.ts";
import type { Sql } from "../sql.ts";
import { handleKey } from "./handle.ts";
import { type OwnPosts, ownPostsAbout } from "./own_posts.ts";
import { ERASED_BY_AUTHOR } from "./rules.ts";

/** Somebody outside. At least one of `authorId` and `handle`. */
export interface Author {
  platform: Platform;
  /** The platform's id of the account. */
  authorId?: string | null;
  /** With or without `@`, in any case. Whose words carry it is found with all that they said under other handles. */
  handle?: string | null;
}

/** What is kept of an author, or was; and what personas have published about them, which stays. */
export interface Found extends OwnPosts {
  /** What they said. */
  words: number;
  /** Prompts, answers and whatever else quotes it. */
  quoting: number;
  /** Personas to which they said it. */
  personas: number;
}

export interface Erasure {
  platform: Platform;
  /** SHA-256 of the platform and the account's id. */
  authorHash: string;
  at: string;
  by: string;
  reason: string;
  /** Rows that were emptied. */
  rows: number;
}

/** Ids that one statement looks for: enough to need few of them, few enough for the index on what rows quote. */
const IDS_AT_ONCE = 500;
/** How long an erasure waits for appends under way. */
const LOCK_WAIT = "5s";

/** What is kept of an author; erases nothing. Throws RangeError where nobody is named. */
export async function findAuthor(sql: Sql, author: Author): Promise<Found> {
  return (await reach(sql, author.platform, await namesOf(sql, author))).found;
}

/**
 * Erases it for all personas, all or nothing, and answers how much it was: nothing the second time. `optOut` adds the person to those
 * who asked to be left alone. The record of the erasure names nobody; events and what personas published stay. Words that come in
 * later are kept again. Throws RangeError where nobody is named, or where `reason`, which is kept, names the person.
 */
export async function eraseAuthor(
  sql: Sql,
  author: Author & { by: string; reason: string; now: number; optOut?: boolean },
): Promise<Found> {
  const { platform, by, reason, now } = author;
  return await sql.transaction(async (tx) => {
    // A prompt that is being committed and quotes these words must not slip past: appends wait until this is done.
    await tx.query(`set local lock_timeout = '${LOCK_WAIT}'`);
    await tx.query("lock table foreign_words in share row exclusive mode");
    const names = await namesOf(tx, author);
    const { handle, ids } = names;
    if (namesThem(reason, [author.authorId, author.handle])) {
      throw new RangeError("the reason is kept: it must not name the person");
    }
    if (author.optOut) {
      const note = reason;
      for (const accountId of ids.length > 0 ? ids : [null]) {
        await addOptOut(tx, { platform, accountId, handle, note, by, now });
      }
    }
    const at = new Date(now).toISOString();
    const { found, rows } = await reach(tx, platform, names);
    for (const some of chunks(rows)) {
      await tx.query(
        `update foreign_words set content = null, author = null, removed_at = $2::timestamptz, rule = $3
         where id = any ($1::uuid[])`,
        [some, at, ERASED_BY_AUTHOR],
      );
    }
    const hashes = ids.length > 0
      ? ids.map((id) => authorHash(platform, id))
      : [authorHash(platform, `@${handle}`)];
    await tx.query(
      `insert into erasure (platform, author_hash, at, by, reason, rows)
       select $1, h, $3, $4, $5, $6::int from unnest($2::text[]) h
       where $6::int > 0 or not exists (select from erasure e where e.platform = $1 and e.author_hash = h)`,
      [platform, hashes, at, by, reason, rows.length],
    );
    return found;
  });
}

/** The latest erasures, the newest first. */
export async function lastErasures(sql: Sql, limit = 20): Promise<Erasure[]> {
  return await sql.query<Erasure>(
    `select platform, author_hash as "authorHash", at, by, reason, rows from erasure order by number desc limit $1`,
    [limit],
  );
}

/** SHA-256, hex: tells whether an account was erased, to whoever knows its id. */
export function authorHash(platform: Platform, authorId: string): string {
  return createHash("sha256").update(`${platform}\n${authorId}`).digest("hex");
}

/** Whether a text holds one of these names, in any case. */
export function namesThem(text: string, names: (string | null | undefined)[]): boolean {
  const said = text.toLowerCase();
  return names.some((name) => {
    const key = handleKey(name ?? "");
    return key !== "" && said.includes(key);
  });
}

interface Names {
  handle: string | null;
  ids: string[];
}

/** The rows of an author, and all that quote them, step by step and id by id: left to itself, the planner reads the
 * whole table for each step. */
async function reach(
  sql: Sql,
  platform: Platform,
  { handle, ids }: Names,
): Promise<{ found: Found; rows: string[] }> {
  const hashes = ids.map((id) => accountHash(platform, id));
  // The hash finds words whose author is not kept any more.
  const own = await sql.query<{ id: string; stream: string; handle: string | null }>(
    `select id, stream, ltrim(lower(content ->> 'authorHandle'), '@') as handle from foreign_words
     where removed_at is null and platform = $1
       and (author = any ($2::text[]) or ltrim(lower(content ->> 'authorHandle'), '@') = $3)
     union
     select f.id, f.stream, ltrim(lower(f.content ->> 'authorHandle'), '@')
     from interaction i join foreign_words f on f.id = case when i.words_ref ~ '^[0-9a-f-]{36}$' then i.words_ref::uuid end
     where i.author_hash = any ($4::text[]) and f.removed_at is null and f.platform = $1`,
    [platform, ids, handle, hashes],
  );
  const reached = new Set(own.map(({ id }) => id));
  // A row that is reached is looked up once, so the walk ends.
  for (let last = [...reached]; last.length > 0;) {
    const further = new Set<string>();
    for (const some of chunks(last)) {
      const rows = await sql.query<{ id: string }>(
        `select w.id from unnest($1::text[]) as q(id) cross join lateral (
           select f.id from foreign_words f
           where f.removed_at is null and f.quotes <> '{}' and f.quotes @> array[q.id] offset 0
         ) w`,
        [some],
      );
      for (const { id } of rows) if (!reached.has(id)) further.add(id);
    }
    last = [...further];
    for (const id of last) reached.add(id);
  }
  const personas = new Set(own.map(({ stream }) => stream)).size;
  const handles = new Set([handle, ...own.map((row) => row.handle)].flatMap((one) => one || []));
  const ownPosts = await ownPostsAbout(sql, platform, hashes, [...handles]);
  return {
    found: { words: own.length, quoting: reached.size - own.length, personas, ...ownPosts },
    rows: [...reached],
  };
}

function* chunks(ids: string[]): Generator<string[]> {
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) yield ids.slice(at, at + IDS_AT_ONCE);
}

async function namesOf(sql: Sql, author: Author): Promise<Names> {
  const handle = handleKey(author.handle ?? "") || null;
  const id = author.authorId?.trim() || null;
  if (id === null && handle === null) throw new RangeError("name an account or a handle");
  if (id !== null) return { handle, ids: [id] };
  const rows = await sql.query<{ author: string }>(
    `select distinct author from foreign_words
     where removed_at is null and platform = $1 and author is not null
       and ltrim(lower(content ->> 'authorHandle'), '@') = $2`,
    [author.platform, handle],
  );
  return { handle, ids: rows.map((row) => row.author) };
}
