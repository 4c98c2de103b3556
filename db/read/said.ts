/** What rules ask that look at all personas: what else was said, by whom, and whose accounts are ours. */
import type { Content } from "../../actors/persona/content.ts";
import type { Answering } from "../../actors/persona/events.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { Lead } from "../../actors/persona/policy/lead.ts";
import type { Sql } from "../sql.ts";

/** A post as it is committed, with what is known of what it answers. */
export interface Saying {
  id: string;
  persona: string;
  platform: Platform;
  content: Content | null;
  /** What the person let pass who approved it. */
  approved: Seen;
  /** Of the event that began to send it; null while none has. */
  position: number | null;
  answering: Answering | null;
  /** Null for a post of its own; `known` is false where nothing is kept of what it answers. */
  answers:
    | { known: boolean; authorHash: string | null; authorHandle: string | null; summons: boolean }
    | null;
}

/** What a person let pass with an approval. */
export interface Seen {
  /** Rules whose findings were seen. */
  acknowledged: string[];
  /** Posts that were seen beside it. */
  seen: string[];
}

/** Another post that is out or about to go out. */
export interface Other {
  postId: string;
  personaId: string;
  /** Null when the persona was deleted. */
  personaName: string | null;
  platform: Platform;
  /** When it went out; while it is not out, when it began to be sent. ISO. */
  at: string;
}

/** What counts against a post: all that began to be sent before it, and all for one that is not sent yet. */
export interface Before {
  postId: string;
  position: number | null;
  /** ISO: nothing that went out before. What is still on its way counts whenever it began. */
  since: string;
}

const OTHER = `s.id as "postId", s.stream as "personaId", n.name as "personaName", s.platform, s.at`;
/** Rows that one question gives at most, the newest first. */
const MAX_OTHERS = 500;

/** Null where the persona has no such post. */
export async function getSaying(sql: Sql, personaId: string, postId: string): Promise<Saying | null> {
  const [row] = await sql.query<
    Omit<Saying, "answers" | "approved"> & {
      approval: Partial<Seen> | null;
      known: boolean;
      author_hash: string | null;
      author_handle: string | null;
      summons: boolean | null;
    }
  >(
    `select p.id, p.stream as persona, p.platform, p.content, p.approval, p.answering, s.position,
       i.id is not null as known, i.author_hash, i.summons, w.content ->> 'authorHandle' as author_handle
     from post p
     left join said s on s.id = p.id
     left join interaction i on i.id = p.answering ->> 'interactionId' and i.stream = p.stream
     left join foreign_words w on w.id = case when i.words_ref ~ '^[0-9a-f-]{36}$' then i.words_ref::uuid end
     where p.id = $2 and p.stream = $1`,
    [personaId, postId],
  );
  if (row === undefined) return null;
  const { approval, known, author_hash, author_handle, summons, ...saying } = row;
  return {
    ...saying,
    approved: { acknowledged: approval?.acknowledged ?? [], seen: approval?.seen ?? [] },
    answers: saying.answering === null
      ? null
      : { known, authorHash: author_hash, authorHandle: author_handle, summons: summons ?? true },
  };
}

/** Which persona's a post is; null where there is none. */
export async function personaOfPost(sql: Sql, postId: string): Promise<string | null> {
  const [row] = await sql.query<{ stream: string }>("select stream from post where id = $1", [postId]);
  return row?.stream ?? null;
}

const COUNTS =
  `s.position is not null and s.id <> $1 and ($2::bigint is null or s.position < $2) and (s.going or s.at >= $3)`;

/**
 * Posts on one platform that may be like one with these bands, with their texts. Here and below each key is looked up by itself
 * (`offset 0` keeps it so): for all of them at once the planner expects so many rows that it reads the whole table.
 */
export async function likelyAlike(
  sql: Sql,
  { postId, position, since }: Before,
  platform: Platform,
  bands: number[],
): Promise<(Other & { texts: string[] })[]> {
  const likely = await sql.query<{ id: string }>(
    `select distinct s.id, s.position from unnest($5::int[]) b (band) cross join lateral (
       select * from said s where s.bands @> array[b.band] and s.platform = $4 and ${COUNTS} offset 0
     ) s order by s.position desc limit ${MAX_OTHERS}`,
    [postId, position, since, platform, bands],
  );
  if (likely.length === 0) return [];
  return await sql.query(
    `select ${OTHER}, array(select part ->> 'text' from jsonb_array_elements(p.content -> 'parts') part) as texts
     from said s join post p on p.id = s.id left join persona n on n.id = s.stream
     where s.id = any ($1::text[]) and p.id = any ($1::text[]) order by s.position desc`,
    [likely.map(({ id }) => id)],
  );
}

/**
 * Posts of other personas that share one of these subjects, and which. The sandbox, which nobody outside sees, and the real
 * platforms do not count against each other. `authors`: hashes of accounts; who answers one is on it too.
 */
export async function onSameSubjects(
  sql: Sql,
  { postId, position, since }: Before,
  { persona, sandbox, keys, authors }: {
    persona: string;
    sandbox: boolean;
    keys: string[];
    authors: string[];
  },
): Promise<(Other & { shared: string[] })[]> {
  const others = `${COUNTS} and s.stream <> $4 and (s.platform = 'sandbox') = $5`;
  return await sql.query(
    `select s.id as "postId", s.stream as "personaId", n.name as "personaName", s.platform, s.at, s.shared from (
       select s.id, s.stream, s.platform, s.at, s.position, array_agg(distinct s.key) as shared from (
         select s.*, k.key from unnest($6::text[]) k (key) cross join lateral (
           select * from said s where s.subjects @> array[k.key] and ${others} offset 0
         ) s
         union all
         select s.*, 'who ' || a.author as key from unnest($7::text[]) a (author) cross join lateral (
           select s.* from interaction i join said s on s.interaction_id = i.id
           where i.author_hash = a.author and ${others} offset 0
         ) s
       ) s group by 1, 2, 3, 4, 5 order by s.position desc limit ${MAX_OTHERS}
     ) s left join persona n on n.id = s.stream order by s.position desc`,
    [postId, position, since, persona, sandbox, keys, authors],
  );
}

/** Another post that answers the same: the same interaction, or the same thing on the platform, by the same persona. */
export async function otherAnswer(
  sql: Sql,
  { postId, position }: Pick<Before, "postId" | "position">,
  { persona, interactionId, target }: { persona: string; interactionId: string; target: string | null },
): Promise<string | null> {
  const counts = "s.position is not null and s.id <> $1 and ($2::bigint is null or s.position < $2)";
  const [row] = await sql.query<{ id: string }>(
    `select s.id from said s where s.interaction_id = $4 and ${counts}
     union all
     select s.id from said s where s.target = $5 and s.stream = $3 and ${counts} limit 1`,
    [postId, position, persona, interactionId, target],
  );
  return row?.id ?? null;
}

/** How a post of ours would speak to somebody. */
export interface Contact {
  /** Accounts that are named, by the platform's id. */
  accountIds: string[];
  /** Accounts that are named, where only the handle is known. */
  handles: string[];
  /** Hash of the account that said what is answered. */
  authorHash: string | null;
  /** Where its links lead. */
  leads: Lead[];
  /** What is answered, see `postKey`. */
  target: string | null;
}

export interface OwnAccount {
  how: "named" | "answered" | "linked";
  personaName: string | null;
}

/**
 * Another persona of this installation to whom a post would speak. Every account that one ever had counts, but for those that are
 * this persona's now.
 */
export async function ownAccountMet(
  sql: Sql,
  { persona, platform }: { persona: string; platform: Platform },
  { accountIds, handles, authorHash, leads, target }: Contact,
): Promise<OwnAccount | null> {
  const accounts = leads.flatMap(({ account }) => account ?? []);
  const [row] = await sql.query<OwnAccount>(
    `select m.how, n.name as "personaName" from (
       select a.stream, a.platform, a.account_id, 'named' as how from own_account a
       where a.platform = $2 and (a.account_id = any ($3::text[]) or a.handle = any ($4::text[]))
       union all
       select a.stream, a.platform, a.account_id, 'answered' from own_account a where a.hash = $5
       union all
       select a.stream, a.platform, a.account_id, 'linked'
       from unnest($6::text[], $7::text[]) l (platform, name)
       join own_account a on a.platform = l.platform and (lower(a.account_id) = l.name or a.handle = l.name)
     ) m left join persona n on n.id = m.stream
     where m.stream <> $1 and not exists (
       select from connection c
       where c.stream = $1 and c.platform = m.platform and c.account_id = m.account_id and c.linked
     )
     union all
     select case when g.key = $9 then 'answered' else 'linked' end, n.name
     from unnest($8::text[]) g (key) cross join lateral (
       select s.stream from said s where s.posted @> array[g.key] and s.posted <> '{}' and s.stream <> $1 offset 0
     ) s left join persona n on n.id = s.stream
     limit 1`,
    [
      persona,
      platform,
      accountIds,
      handles.map((handle) => handle.toLowerCase()),
      authorHash,
      accounts.map((account) => account.platform),
      accounts.map(({ name }) => name),
      [...leads.map(({ key }) => key), ...(target === null ? [] : [target])],
      target,
    ],
  );
  return row ?? null;
}

/** SHA-256 of an account as `authorHash` makes it: over the canonical JSON of platform and id. */
const HASH =
  `encode(sha256(convert_to('[' || to_json(c.platform)::text || ',' || to_json(c.account_id)::text || ']',
  'UTF8')), 'hex')`;

/** Whether the account with this hash is on the opt-out list by its id. */
export async function isHashOptedOut(sql: Sql, platform: Platform, authorHash: string): Promise<boolean> {
  const rows = await sql.query(
    `select 1 from opt_out c where c.platform = $1 and ${HASH} = $2 limit 1`,
    [platform, authorHash],
  );
  return rows.length > 0;
}
