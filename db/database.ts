import pg from "pg";
import type { Sql } from "./sql.ts";

/** What keeps us from using the database, for people: it says what to do and holds no password. */
export class DatabaseUnusable extends Error {
  override name = "DatabaseUnusable";
}

export interface Database extends Sql {
  /** For a connection of one's own: same server, same types, without the pool's statement timeout. */
  config(): pg.ClientConfig;
  /** Waits for running queries, then closes every connection. */
  close(): Promise<void>;
}

/** An outer database by its URL, or the embedded one by the `config` of `startEmbeddedPostgres`. */
export type DatabaseAddress = { url: string } | { config: pg.ClientConfig };

export interface DatabaseOptions {
  /** @default "digi-persona" */
  applicationName?: string;
  /** Connections of the pool. @default 8 */
  maxConnections?: number;
  /** A statement of the pool that runs longer is cancelled, in ms. @default 15_000 */
  statementTimeoutMs?: number;
  /** Told when an idle connection breaks; the pool makes a new one by itself. @default reports to stderr */
  onError?: (message: string) => void;
}

const OLDEST_MAJOR = 15;
const CONNECT_LIMIT_MS = 5_000;
const CLOSE_LIMIT_MS = 2_000;
/** ms that an answer may take beyond the time that a statement may. */
const ANSWER_LIMIT_MS = 5_000;
const OID = { int8: 20, timestamptz: 1184, int8Array: 1016, timestamptzArray: 1185 } as const;

/** Throws DatabaseUnusable when the server is away, refuses us, is older than PostgreSQL 15 or does not hold UTF-8. */
export async function openDatabase(
  address: DatabaseAddress,
  options: DatabaseOptions = {},
): Promise<Database> {
  const config = clientConfig(address, options.applicationName ?? "digi-persona");
  const onError = options.onError ?? ((message: string) => console.error(message));
  const { statementTimeoutMs = 15_000 } = options;
  const pool = new pg.Pool({
    ...config,
    max: options.maxConnections ?? 8,
    statement_timeout: statementTimeoutMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  let closing = false;
  pool.on("error", (error) => {
    if (!closing) onError(`A database connection was lost: ${error.message}`);
  });
  const open = new Set<Promise<void>>();
  pool.on("connect", (client) => {
    const ended = new Promise<void>((resolve) => client.once("end", resolve)).then(() => {
      open.delete(ended);
    });
    open.add(ended);
  });
  const database: Database = {
    // A server that is gone without a word cancels nothing: who waits for it gives up a little later. A transaction may set
    // a limit of its own.
    query: (text, parameters) => run(pool, text, parameters, statementTimeoutMs + ANSWER_LIMIT_MS),
    transaction: (work) => transact(pool, work),
    config: () => ({ ...config }),
    close: async () => {
      closing = true;
      await pool.end();
      // The pool only says good-bye: who stops the server next wants the connections gone.
      await atMost(CLOSE_LIMIT_MS, Promise.all(open));
    },
  };
  try {
    await checkServer(database);
  } catch (error) {
    // Not awaited: a client that failed while it was being made keeps the pool from ever ending.
    pool.end().catch((cause: Error) => onError(`The database connections did not close: ${cause.message}`));
    throw error instanceof DatabaseUnusable
      ? error
      : new DatabaseUnusable(explain(error, config), { cause: error });
  }
  return database;
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([work, new Promise<void>((resolve) => timer = setTimeout(resolve, ms))]);
  clearTimeout(timer);
}

/** Parses values as `Sql` promises: `bigint` to a number, `timestamptz` to an ISO string in UTC. */
export const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (format === "binary") return pg.types.getTypeParser(oid, format);
    switch (oid) {
      case OID.int8:
        return parseInt8;
      case OID.timestamptz:
        return parseTime;
      case OID.int8Array:
        return (text: string) => strings(text).map((item) => item === null ? null : parseInt8(item));
      case OID.timestamptzArray:
        return (text: string) => strings(text).map((item) => item === null ? null : parseTime(item));
      default:
        return pg.types.getTypeParser(oid, format);
    }
  },
} as pg.CustomTypesConfig;

// The declared list of type ids leaves out the arrays.
const TEXT_ARRAY = 1009 as number;
const strings = (text: string): (string | null)[] =>
  pg.types.getTypeParser(TEXT_ARRAY as never, "text")(text);

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`bigint ${text} is beyond what a JS number holds exactly`);
  }
  return value;
}

/** PostgreSQL writes `2026-11-22 18:30:00.123456+00`; infinities stay words. */
function parseTime(text: string): string {
  if (text.endsWith("infinity")) return text;
  return pg.types.getTypeParser(OID.timestamptz, "text")(text).toISOString();
}

function clientConfig(address: DatabaseAddress, applicationName: string): pg.ClientConfig {
  const common = {
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    keepAlive: true,
    types,
  };
  if ("config" in address) return { ...address.config, ...common };
  try {
    new URL(address.url.replace("@/", "@localhost/"));
  } catch (cause) {
    throw new DatabaseUnusable("DATABASE_URL must look like postgres://user:password@host:5432/database.", {
      cause,
    });
  }
  return { connectionString: address.url, ...common };
}

async function checkServer(sql: Sql): Promise<void> {
  const [row] = await sql.query<{ version: number; encoding: string }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
  );
  if (row === undefined) throw new DatabaseUnusable("The database answers nothing.");
  const major = Math.floor(row.version / 10_000);
  if (major < OLDEST_MAJOR) {
    throw new DatabaseUnusable(
      `The database is PostgreSQL ${major}: digi-persona needs ${OLDEST_MAJOR} or newer.`,
    );
  }
  if (row.encoding !== "UTF8") {
    throw new DatabaseUnusable(
      `The database is encoded in ${row.encoding}: make one with "create database … encoding 'UTF8' template template0".`,
    );
  }
}

interface Query {
  text: string;
  values?: unknown[];
  /** ms; pg has it for one query as well, its types do not. */
  query_timeout?: number;
}
type Queryable = { query(query: Query): Promise<pg.QueryResult | pg.QueryResult[]> };

async function run<T>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  values?: unknown[],
  answerMs?: number,
): Promise<T[]> {
  // Without parameters a text may hold several statements: then the rows of the last one count.
  const result = await (client as unknown as Queryable).query({ text, values, query_timeout: answerMs });
  const last = Array.isArray(result) ? result.at(-1) : result;
  return (last?.rows ?? []) as T[];
}

async function transact<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  const sql: Sql = {
    query: (text, parameters) => run(client, text, parameters),
    // Inside a transaction a further one is part of it: it takes back its own work alone when it throws.
    transaction: (inner) => nested(sql, inner),
  };
  try {
    await client.query("begin");
    const result = await work(sql);
    await client.query("commit");
    return result;
  } catch (error) {
    try {
      await client.query("rollback");
    } catch (rollbackError) {
      broken ??= rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    }
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

async function nested<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  await sql.query("savepoint inner_work");
  try {
    const result = await work(sql);
    await sql.query("release savepoint inner_work");
    return result;
  } catch (error) {
    await sql.query("rollback to savepoint inner_work");
    throw error;
  }
}

function explain(error: unknown, config: pg.ClientConfig): string {
  const code = (error as { code?: string }).code ?? "";
  const { host, port, database, user } = new pg.Client(config) as pg.Client & {
    database?: string;
    user?: string;
  };
  const where = host.startsWith("/") ? `the socket in ${host}` : `${host}:${port}`;
  switch (code) {
    case "28P01":
    case "28000":
      return `The database at ${where} refuses the user "${user}": check user and password in DATABASE_URL.`;
    case "3D000":
      return `The database "${database}" does not exist at ${where}: create it, or correct DATABASE_URL.`;
    case "42501":
      return `The user "${user}" may not use the database "${database}" at ${where}: grant it, or correct DATABASE_URL.`;
    case "53300":
      return `The database at ${where} has no connection left: raise max_connections, or close other programs.`;
    case "57P03":
      return `The database at ${where} is starting up or shutting down: try again in a moment.`;
  }
  const reason = error instanceof AggregateError
    ? error.errors.map(String).join("; ")
    : error instanceof Error
    ? error.message
    : String(error);
  return `The database at ${where} does not answer (${
    code || reason
  }): is it running, and is DATABASE_URL right?`;
}
