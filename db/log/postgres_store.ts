// @ts-types="@types/pg"
import pg from "pg";
import type { Row } from "../projections/engine.ts";
import type { Projection } from "../projections/projection.ts";
import { loadRowsText, SHAPE_TEXT, StatementBuilder, type TableShape } from "./batch_statement.ts";
import type { CrashPoint } from "./commit_queue.ts";
import type { CommandSeen, StoredEvent } from "./log.ts";
import { isWrongRows, socketOf, sqlState } from "./postgres_client.ts";
import { type Batch, BatchRefused, type CommandKey, commandKey, type WriteStore } from "./store.ts";
import type { WriterConnection } from "./writer_connection.ts";

/** Reads how the database has the tables of the projections. */
export async function readShapes(
  pool: pg.Pool | pg.ClientBase,
  projections: Projection[],
): Promise<TableShape[]> {
  const shapes: TableShape[] = [];
  for (const projection of projections) {
    const { rows } = await pool.query<{ name: string; time: boolean }>(SHAPE_TEXT, [projection.table]);
    if (rows.length === 0) throw new Error(`the table ${projection.table} of a projection is not there`);
    shapes.push({
      projection,
      columns: rows.map(({ name }) => name),
      times: rows.filter(({ time }) => time).map(({ name }) => name),
    });
  }
  return shapes;
}

/** Those rows of a projection's table that `keys` name, in the form in which `fold` made them. */
export async function loadRows(
  pool: pg.Pool | pg.ClientBase,
  shape: TableShape,
  keys: Row[],
): Promise<Row[]> {
  const { rows } = await pool.query<{ row: Row }>(loadRowsText(shape), [JSON.stringify(keys)]);
  return rows.map(({ row }) => {
    for (const column of shape.times) {
      const time = row[column];
      if (typeof time === "string") row[column] = new Date(time).toISOString();
    }
    return row;
  });
}

export interface PostgresWriteStoreOptions {
  writer: WriterConnection;
  pool: pg.Pool;
  shapes: TableShape[];
  crashPoint: ((name: CrashPoint) => void) | null;
  report: (message: string, error: unknown) => void;
}

/** Commits batches through the writer's connection, whatever happens to it, and looks things up through the pool. */
export class PostgresWriteStore implements WriteStore {
  readonly #options: PostgresWriteStoreOptions;
  readonly #builder: StatementBuilder;

  constructor(options: PostgresWriteStoreOptions) {
    this.#options = options;
    this.#builder = new StatementBuilder(options.shapes);
  }

  async lookUp(streams: string[], commands: CommandKey[]) {
    const { pool } = this.#options;
    const [versions, seen] = await Promise.all([
      streams.length === 0 ? [] : this.#patiently(() => {
        return pool.query<{ stream: string; version: number }>({
          name: "stream_versions",
          text: "select s.stream, e.version from unnest($1::text[]) as s(stream), lateral " +
            "(select version from event where event.stream = s.stream order by version desc limit 1) e",
          values: [streams],
        }).then(({ rows }) => rows);
      }),
      commands.length === 0 ? [] : this.#patiently(() => {
        return pool.query<CommandSeen & CommandKey>({
          name: "commands_seen",
          text: `select c.scope, c.id, ${SEEN_COLUMNS} from unnest($1::text[], $2::text[]) as k(scope, id) ` +
            `join command c on c.scope = k.scope and c.id = k.id`,
          values: [commands.map(({ scope }) => scope), commands.map(({ id }) => id)],
        }).then(({ rows }) => rows);
      }),
    ]);
    return {
      versions: new Map(versions.map(({ stream, version }) => [stream, version])),
      seen: new Map(seen.map(({ scope, id, ...rest }) => [commandKey({ scope, id }), rest])),
    };
  }

  loadRows(projection: Projection, keys: Row[]): Promise<Row[]> {
    const shape = this.#options.shapes.find((shape) => shape.projection === projection);
    if (!shape) throw new Error(`no projection writes ${projection.table}`);
    return this.#patiently(() => loadRows(this.#options.pool, shape, keys));
  }

  /**
   * Sends the batch until its fate is certain. After no row or no answer the writer's next connection has raised the epoch, so the
   * statement before it is either done or void, and looking for its rows tells which.
   */
  async commit(batch: Batch): Promise<void> {
    const { writer, report } = this.#options;
    let inDoubt = false;
    for (let attempt = 0;; attempt++) {
      const client = await writer.ready();
      try {
        if (inDoubt && await this.#wasCommitted(client, batch)) return;
        inDoubt = true;
        if (await this.#send(client, batch)) return;
      } catch (error) {
        if (isWrongRows(error)) throw refusedBy(error);
        if (attempt === 0) report("the database did not answer a commit", error);
      }
      writer.drop(client);
      if (attempt > 0) await writer.pause(writer.backoff(attempt - 1));
    }
  }

  async #send(client: pg.Client, batch: Batch): Promise<boolean> {
    const { writer, crashPoint } = this.#options;
    const statement = this.#builder.build(batch, writer.epoch);
    crashPoint?.("before-commit-sent");
    const answer = client.query(statement);
    if (crashPoint) socketOf(client)?.write(new Uint8Array(0), () => crashPoint("after-commit-sent"));
    const { rowCount } = await answer;
    return rowCount === 1;
  }

  async #wasCommitted(client: pg.Client, batch: Batch): Promise<boolean> {
    const { writer } = this.#options;
    const { rows } = await client.query<{ found: number }>(
      "select (select count(*) from event where id = any($1::uuid[])) + (select count(*) from command c " +
        "join unnest($2::text[], $3::text[]) as k(scope, id) on c.scope = k.scope and c.id = k.id) as found",
      [
        batch.events.map(({ id }) => id),
        batch.commands.map(({ scope }) => scope),
        batch.commands.map(({ id }) => id),
      ],
    );
    const found = rows[0]?.found;
    // Events move the head with them: where it stands as before, rows with these ids are older ones, and the batch is refused next.
    if (batch.events.length > 0 && writer.head === batch.head) return false;
    const all = batch.events.length + batch.commands.length;
    const head = found === all ? batch.head + batch.events.length : batch.head;
    if ((found === 0 || found === all) && writer.head === head) return found === all;
    // Nothing but another writer, or a person, can have done this: going on could only do harm.
    writer.lose(
      `the log is not as this process left it: ${found} of ${all} rows, head ${writer.head}, not ${head}`,
    );
    throw await writer.superseded;
  }

  /** Reading that waits while the database is away. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { writer, report } = this.#options;
    for (let attempt = 0;; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === 0) report("the log cannot read from the database yet and keeps trying", error);
        await writer.pause(writer.backoff(attempt));
      }
    }
  }
}

export const SEEN_COLUMNS = `c.stream, c.body_hash as "bodyHash", c.first, c.last, c.refusal`;

/** The fault for people, without the database's own words: they may quote what the rows hold. */
function refusedBy(error: pg.DatabaseError): BatchRefused {
  const twice = sqlState(error) === "23505";
  if (twice && error.table === "event") {
    return new BatchRefused("events", "an event with this id is in the log already");
  }
  if (twice && error.table === "foreign_words") {
    return new BatchRefused("words", "foreign words with this id are in the log already");
  }
  const where = error.table ? ` for the table ${error.table}` : "";
  return new BatchRefused("events", `the database refused it${where} (SQLSTATE ${sqlState(error)})`);
}

/** Columns of an event in the order in which `toEvent` reads them. */
const EVENT_COLUMNS = "position, id, stream, version, type, schema, at, by, cause, correlation, data";

type EventRow = [
  number,
  string,
  string,
  number,
  string,
  number,
  string,
  string,
  string | null,
  string | null,
  StoredEvent["data"],
];

function toEvent(
  [position, id, stream, version, type, schema, at, by, cause, correlation, data]: EventRow,
): StoredEvent {
  return { position, id, stream, version, type, schema, at, by, cause, correlation, data };
}

/** Events by a condition over $1 and $2, in order, as they were stored. */
export async function selectEvents(
  pool: pg.Pool | pg.ClientBase,
  name: string,
  rest: string,
  values: unknown[],
): Promise<StoredEvent[]> {
  const { rows } = await pool.query<EventRow>({
    name,
    text: `select ${EVENT_COLUMNS} from event ${rest}`,
    values,
    rowMode: "array",
  });
  return rows.map(toEvent);
}
