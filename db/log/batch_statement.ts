import type { Projection } from "../projections/projection.ts";
import type { Batch } from "./store.ts";
import type { Row, TableChange } from "../projections/engine.ts";

/** The channel that hears of each new head. */
export const CHANNEL = "digi_persona";

/** A table that a projection writes, as the database has it. */
export interface TableShape {
  projection: Projection;
  /** The columns that can be written, in order. */
  columns: string[];
  /** Those of them that hold times. */
  times: string[];
}

export interface Statement {
  /** Set for statements that are prepared once on a connection. */
  name?: string;
  text: string;
  values: unknown[];
}

/** Distinct statements that are prepared; one more goes unprepared. */
const MAX_PREPARED = 200;

const NAME = /^[a-z_][a-z0-9_]*$/;

export function quoted(name: string): string {
  if (!NAME.test(name)) throw new RangeError(`"${name}" cannot be the name of a table or column of ours`);
  return `"${name}"`;
}

const list = (names: string[], prefix = ""): string => names.map((name) => prefix + quoted(name)).join(", ");

/** Gives the columns of the table $1 that can be written, and whether each holds a time. */
export const SHAPE_TEXT =
  `select attname::text as name, atttypid = 'timestamptz'::regtype as time from pg_attribute ` +
  `where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;

/** Gives those rows of the table whose keys are in $1, as JSON. */
export function loadRowsText({ projection, columns }: TableShape): string {
  const { table, key } = projection;
  return `select to_jsonb(r) as row from (select ${list(columns, "t.")} from ${quoted(table)} t join ` +
    `(select distinct ${list(key)} from jsonb_populate_recordset(null::${quoted(table)}, $1::jsonb)) k ` +
    `using (${list(key)})) r`;
}

/**
 * Builds the one statement that commits a batch. It gives one row when it was committed, and none when the epoch or the
 * head was not ours any more: each part writes only if the first one, which moves the head, did.
 */
export class StatementBuilder {
  readonly #shapes: Map<string, TableShape>;
  readonly #names = new Map<string, string>();

  constructor(shapes: TableShape[]) {
    this.#shapes = new Map(shapes.map((shape) => [shape.projection.table, shape]));
  }

  build(batch: Batch, epoch: number): Statement {
    const values: unknown[] = [epoch, batch.head, batch.events.length, batch.at];
    const use = (value: unknown): string => `$${values.push(value)}`;
    const parts = [
      `w as (update writer set head = head + $3::int where epoch = $1::bigint and head = $2::bigint ` +
      `returning head, $4::timestamptz as at)`,
    ];
    if (batch.events.length > 0) parts.push(eventPart(batch, use));
    if (batch.commands.length > 0) parts.push(commandPart(batch, use));
    if (batch.words.length > 0) parts.push(wordsPart(batch, use));
    parts.push(...this.#changeParts(batch.changes, use));
    const notify = batch.events.length > 0 ? `, pg_notify('${CHANNEL}', head::text)` : "";
    const text = `with ${parts.join(",\n")}\nselect head${notify} from w`;
    return { ...this.#prepared(text), text, values };
  }

  /** Builds the statement that writes changes alone, under nothing but the transaction that it runs in. */
  buildChanges(changes: TableChange[]): Statement {
    const values: unknown[] = [];
    const parts = this.#changeParts(changes, (value) => `$${values.push(value)}`);
    const text = `with ${["w as (select)", ...parts].join(",\n")}\nselect from w`;
    return { ...this.#prepared(text), text, values };
  }

  #changeParts(changes: TableChange[], use: Use): string[] {
    return changes.flatMap(({ table, upserts, deletes }) => {
      const shape = this.#shapes.get(table);
      if (!shape) throw new Error(`no projection writes ${table}`);
      const parts: string[] = [];
      if (upserts.length > 0) parts.push(upsertPart(shape, upserts, use));
      if (deletes.length > 0) parts.push(deletePart(shape, deletes, use));
      return parts;
    });
  }

  #prepared(text: string): { name?: string } {
    let name = this.#names.get(text);
    if (name === undefined) {
      if (this.#names.size >= MAX_PREPARED) return {};
      name = `append_${this.#names.size + 1}`;
      this.#names.set(text, name);
    }
    return { name };
  }
}

type Use = (value: unknown) => string;

const EVENT_ROW = "position bigint, version int, stream text, type text, schema smallint, id uuid, " +
  "cause text, correlation text, by text, data jsonb";
const EVENT_NAMES = list(EVENT_ROW.split(", ").map((column) => column.split(" ")[0] ?? ""));

/** One JSON document for all rows: the cheapest to build here, and, measured, cheaper to take apart there than `unnest`. */
function eventPart({ events, json }: Batch, use: Use): string {
  const rows = events.map(({ position, version }, at) =>
    `{"position":${position},"version":${version},${json[at]}}`
  );
  return `e as (insert into event (${EVENT_NAMES}, at) select e.*, w.at ` +
    `from w, jsonb_to_recordset(${use(`[${rows.join(",")}]`)}::jsonb) as e(${EVENT_ROW}))`;
}

function commandPart({ commands }: Batch, use: Use): string {
  const rows = commands.map(({ scope, id, bodyHash, stream, first, last, refusal }) => (
    { scope, id, body_hash: bodyHash, stream, first, last, refusal }
  ));
  return `c as (insert into command (scope, id, body_hash, stream, first, last, refusal, at) ` +
    `select c.scope, c.id, c.body_hash, c.stream, c.first, c.last, nullif(c.refusal, 'null'::jsonb), w.at ` +
    `from w, jsonb_populate_recordset(null::command, ${use(JSON.stringify(rows))}::jsonb) c)`;
}

function wordsPart({ words }: Batch, use: Use): string {
  // `content` travels beside the rows: inside them a JSON null would become an SQL null.
  const rows = words.map(({ id, stream, kind, platform, author, purgeAt, profilePurgeAt, quotes }) => (
    { id, stream, kind, platform, author, purge_at: purgeAt, profile_purge_at: profilePurgeAt, quotes }
  ));
  const content = use(words.map(({ content }) => JSON.stringify(content)));
  const columns = "id, stream, kind, platform, author, profile_purge_at, quotes";
  return `f as (insert into foreign_words (${columns}, purge_at, content, created_at) ` +
    `select ${columns.replaceAll(/\w+/g, "r.$&")}, least(r.purge_at, (${QUOTED_END})), ` +
    `(${content}::jsonb[])[r.n], w.at from w, rows from (jsonb_to_recordset(${
      use(JSON.stringify(rows))
    }::jsonb) as (id uuid, stream text, kind text, platform text, author text, profile_purge_at timestamptz, ` +
    `quotes text[], purge_at timestamptz)) with ordinality as r(${columns}, purge_at, n))`;
}

/** When the first row ends that `r` quotes. A name in a running text cannot be taken out by itself, so its time counts too. */
const QUOTED_END = "select min(coalesce(q.removed_at, least(q.purge_at, " +
  "case when q.profile_removed_at is null then q.profile_purge_at end))) " +
  "from foreign_words q where q.id = any (r.quotes::uuid[])";

function upsertPart({ projection, columns }: TableShape, rows: Row[], use: Use): string {
  const table = quoted(projection.table);
  const others = columns.filter((column) => !projection.key.includes(column));
  const update = others.length > 0
    ? `update set ${others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(", ")}`
    : "nothing";
  return `${quoted(`u_${projection.table}`)} as (insert into ${table} (${list(columns)}) ` +
    `select ${list(columns, "r.")} from jsonb_populate_recordset(null::${table}, ${
      use(JSON.stringify(rows))
    }::jsonb) r ` +
    `where exists (select from w) on conflict (${list(projection.key)}) do ${update})`;
}

function deletePart({ projection }: TableShape, keys: Row[], use: Use): string {
  const table = quoted(projection.table);
  const same = projection.key.map((column) => `t.${quoted(column)} = k.${quoted(column)}`).join(" and ");
  return `${quoted(`d_${projection.table}`)} as (delete from ${table} t ` +
    `using jsonb_populate_recordset(null::${table}, ${use(JSON.stringify(keys))}::jsonb) k ` +
    `where ${same} and exists (select from w))`;
}
