import { loadConfig } from "../../start/settings.ts";
import { type Database, openDatabase } from "../database.ts";
import { runningEmbedded, startEmbeddedPostgres } from "../embedded/embedded.ts";

/** The settings that the tasks `backup`, `restore` and `rebuild` need. */
export interface TaskSettings {
  databaseUrl: string | null;
  dataDir: string;
}

/** From the environment and `.env`. Throws ConfigError. */
export function taskSettings(): TaskSettings {
  const config = loadConfig();
  return { databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR };
}

/**
 * Works on the database of the settings: the outer one, the embedded one of a program that runs, or else the embedded one, started
 * for as long as the work takes.
 */
export async function withTaskDatabase<T>(
  settings: TaskSettings,
  log: (line: string) => void,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (settings.databaseUrl !== null) return await withDatabase({ url: settings.databaseUrl }, work);
  const running = await connectToRunning(settings.dataDir);
  if (running !== null) return await closing(running, work);
  const embedded = await startEmbeddedPostgres({ dataDir: settings.dataDir, log });
  try {
    return await withDatabase(embedded, work);
  } finally {
    await embedded.stop();
  }
}

/** Null when no server answers there: what a crash has left behind names one, too. */
async function connectToRunning(dataDir: string): Promise<Database | null> {
  const config = await runningEmbedded(dataDir);
  if (config === null) return null;
  try {
    return await openDatabase({ config }, { applicationName: "digi-persona task" });
  } catch (error) {
    const code = (error as { cause?: { code?: string } }).cause?.code ?? "";
    if (["ECONNREFUSED", "ENOENT"].includes(code)) return null;
    throw error;
  }
}

async function withDatabase<T>(
  address: Parameters<typeof openDatabase>[0],
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return await closing(await openDatabase(address, { applicationName: "digi-persona task" }), work);
}

async function closing<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Runs a task as a program: one line of error for people, and exit code 1. */
export async function runTask(name: string, task: () => Promise<string>): Promise<never> {
  try {
    console.log(await task());
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    Deno.exit(1);
  }
  Deno.exit(0);
}
