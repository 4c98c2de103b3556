// @ts-types="@types/pg"
import pg from "pg";
import type { LogLimits } from "./limits.ts";

/** Where the database is: a URL, or the parts of one; `host` may be the folder of a Unix socket. */
export type Connection = string | pg.ClientConfig;

const { INT8, TIMESTAMPTZ } = pg.types.builtins;

/** Positions as numbers, times as ISO 8601 in UTC; the drivers' own are strings and `Date`s. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (format !== "binary") {
      if (oid === INT8) return toSafeNumber;
      if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    }
    return pg.types.getTypeParser(oid, format);
  },
} as pg.CustomTypesConfig;

function toSafeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what a number holds exactly`);
  return value;
}

export function clientConfig(
  connection: Connection,
  limits: LogLimits,
  more: pg.ClientConfig = {},
): pg.ClientConfig {
  const given = typeof connection === "string" ? { connectionString: connection } : connection;
  return {
    application_name: "digi-persona",
    keepAlive: true,
    connectionTimeoutMillis: limits.connectMs,
    ...given,
    types: typeParsers,
    ...more,
  };
}

/** A connected client whose later errors are handed to `onLost`, once. */
export async function connectClient(
  config: pg.ClientConfig,
  onLost: (error: Error) => void,
): Promise<pg.Client> {
  const client = new pg.Client(config);
  let lost = false;
  const lose = (error: Error): void => {
    if (lost) return;
    lost = true;
    onLost(error);
  };
  client.on("error", lose);
  client.on("end", () => lose(new Error("the connection ended")));
  try {
    await client.connect();
  } catch (error) {
    lost = true;
    endNow(client);
    throw error;
  }
  return client;
}

/** Cuts the connection without waiting for anything. */
export function endNow(client: pg.Client): void {
  // The answer, if one comes, is of no use to anybody.
  client.end().catch(() => {});
  socketOf(client)?.destroy();
}

interface Socket {
  destroy(): void;
  write(chunk: Uint8Array, done: () => void): void;
}

/** The stream below a client: pg has it, its types do not. */
export function socketOf(client: pg.Client): Socket | null {
  const { connection } = client as unknown as { connection?: { stream?: Socket } };
  return connection?.stream ?? null;
}

/** Resolves to what `work` does, or rejects after `ms`. */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The SQLSTATE of an error of the database, or null for any other one. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? error.code ?? null : null;
}

/**
 * Classes of SQLSTATE that mean the rows themselves are wrong, so that sending them again cannot help: cardinality, data,
 * constraint, check option, program limit, raised by a function. Everything else is the database's trouble, and passes.
 */
const WRONG_ROWS = new Set(["21", "22", "23", "44", "54", "P0"]);

export function isWrongRows(error: unknown): error is pg.DatabaseError {
  const code = sqlState(error);
  return code !== null && WRONG_ROWS.has(code.slice(0, 2));
}
