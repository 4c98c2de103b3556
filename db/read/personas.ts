/** Personas with what waits for a person, as pages and the API show them. */
import type { Identity, PersonaKind } from "../../actors/persona/identity.ts";
import type { PersonaRow } from "../projections/personas.ts";
import type { Sql } from "../sql.ts";
import { type ConnectionRead, linkedConnections } from "./connections.ts";
import { checkLimit, decodeCursor, encodeCursor, type Page, pageOf, type PageOptions } from "./page.ts";

export type PersonaLife = PersonaRow["life"];

/** How many posts of a persona are where. */
export interface PostCounts {
  /** Wait for a person's review. */
  waiting: number;
  /** Are being written, or are asked for. */
  writing: number;
  /** Writing failed: a person decides what now. */
  notWritten: number;
  /** The approval ended before they went out. */
  expired: number;
  scheduled: number;
  publishing: number;
  /** May have gone out. */
  uncertain: number;
  /** Refused by the platform. */
  failed: number;
  published: number;
}

export interface PersonaSummary {
  id: string;
  name: string;
  kind: PersonaKind;
  life: PersonaLife;
  purpose: string;
  zone: string;
  language: string;
  operatedBy: string;
  origin: PersonaRow["origin"];
  format: string | null;
  createdAt: string;
  updatedAt: string;
  /** Of the last event that changed the persona itself. */
  version: number;
  posts: PostCounts;
  /** Commands that failed twice and wait for a person. */
  deadLetters: number;
  /** The linked ones. */
  connections: ConnectionRead[];
  lastActivityAt: string;
}

export interface PersonaRead extends PersonaSummary {
  identity: Identity;
}

type SummaryRow = Omit<PersonaSummary, "posts" | "connections"> & PostCounts & { created_position: number };

const COLUMNS = `p.id, p.name, p.identity->>'kind' as kind, p.life, p.identity->>'purpose' as purpose,
  p.identity->>'zone' as zone, p.identity->>'language' as language, p.identity->>'operatedBy' as "operatedBy", p.origin,
  p.format, p.created_at as "createdAt", p.updated_at as "updatedAt", p.version, p.created_position,
  c.waiting, c.writing, c."notWritten", c.expired, c.scheduled, c.publishing, c.uncertain, c.failed, c.published,
  (select count(*) from dead_letter where stream = p.id and status = 'open') as "deadLetters",
  greatest(p.updated_at, c.last_post_at, i.last_heard_at) as "lastActivityAt"`;

const JOINS = `cross join lateral (
    select count(*) filter (where status = 'pending_review') as waiting,
      count(*) filter (where status = 'draft' and writing in ('asked', 'writing')) as writing,
      count(*) filter (where status = 'draft' and writing = 'failed') as "notWritten",
      count(*) filter (where status = 'expired') as expired,
      count(*) filter (where status = 'scheduled') as scheduled,
      count(*) filter (where status = 'publishing') as publishing,
      count(*) filter (where status = 'uncertain') as uncertain,
      count(*) filter (where status = 'failed') as failed,
      count(*) filter (where status = 'published') as published,
      max(updated_at) as last_post_at
    from post where stream = p.id
  ) c
  left join lateral (
    select received_at as last_heard_at from interaction where stream = p.id order by position desc limit 1
  ) i on true`;

/** In the order in which they were created. Throws BadPage. */
export async function listPersonas(
  sql: Sql,
  options: PageOptions & { life?: PersonaLife } = {},
): Promise<Page<PersonaSummary>> {
  const limit = checkLimit(options.limit);
  const rows = await sql.query<SummaryRow>(
    `select ${COLUMNS} from persona p ${JOINS}
     where p.created_position > $1 and ($2::text is null or p.life = $2) order by p.created_position limit $3`,
    [decodeCursor("personas", options.after) ?? 0, options.life ?? null, limit + 1],
  );
  const connections = await linkedConnections(sql, rows.map((row) => row.id));
  return pageOf(
    rows,
    limit,
    (row) => summary(row, connections.get(row.id) ?? []),
    (row) => encodeCursor("personas", row.created_position),
  );
}

/** Null for one that never was, or was deleted. */
export async function getPersona(sql: Sql, id: string): Promise<PersonaRead | null> {
  const [row] = await sql.query<SummaryRow & { identity: Identity }>(
    `select ${COLUMNS}, p.identity from persona p ${JOINS} where p.id = $1`,
    [id],
  );
  if (row === undefined) return null;
  const connections = await linkedConnections(sql, [id]);
  return { ...summary(row, connections.get(id) ?? []), identity: row.identity };
}

/** Names by id, for lists that show posts or events of several personas; deleted ones are absent. */
export async function personaNames(sql: Sql, ids: string[]): Promise<Map<string, string>> {
  const text = "select id, name from persona where id = any($1::text[])";
  const rows = await sql.query<{ id: string; name: string }>(text, [ids]);
  return new Map(rows.map((row) => [row.id, row.name]));
}

function summary(row: SummaryRow, connections: ConnectionRead[]): PersonaSummary {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    life: row.life,
    purpose: row.purpose,
    zone: row.zone,
    language: row.language,
    operatedBy: row.operatedBy,
    origin: row.origin,
    format: row.format,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    version: row.version,
    posts: {
      waiting: row.waiting,
      writing: row.writing,
      notWritten: row.notWritten,
      expired: row.expired,
      scheduled: row.scheduled,
      publishing: row.publishing,
      uncertain: row.uncertain,
      failed: row.failed,
      published: row.published,
    },
    deadLetters: row.deadLetters,
    connections,
    lastActivityAt: row.lastActivityAt,
  };
}
