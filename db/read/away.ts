/** Tells a database that is away from a query that is wrong. */
import type { Sql } from "../sql.ts";

/** SQLSTATE classes of a server that cannot serve now: connection, resources, intervention, its own faults. */
const AWAY_CLASSES = new Set(["08", "53", "57", "58"]);
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
const AWAY_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

/** Whether trying again later may help. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (AWAY_CODES.has(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && AWAY_CLASSES.has(code.slice(0, 2))) return true;
  return AWAY_MESSAGES.test(error.message);
}

/** Whether the database answers within `ms`. */
export async function isReachable(sql: Sql, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    const answered = sql.query("select 1").then(() => true, () => false);
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
