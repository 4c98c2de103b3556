// @ts-types="@types/pg"
import pg from "pg";
import { createLogCore, drain, type LogOptions } from "./event_log.ts";
import { withLimits } from "./limits.ts";
import type { EventLog } from "./log.ts";
import { clientConfig, type Connection } from "./postgres_client.ts";
import { postgresReads } from "./postgres_reads.ts";
import { PostgresWriteStore, readShapes } from "./postgres_store.ts";
import type { WordKeeping } from "./store.ts";
import { WriterConnection } from "./writer_connection.ts";

export { WriterActive } from "./writer_connection.ts";

export interface PostgresLogOptions extends LogOptions {
  /** A migrated database. */
  connection: Connection;
  /** End the process that writes now, instead of refusing to start. @default false */
  takeOver?: boolean;
  /** What this machine is called in `WriterActive` of another start. @default "" */
  host?: string;
}

export interface PostgresLog extends EventLog, WordKeeping {}

/**
 * Becomes the one writer of the database. Throws WriterActive when another process is, and the database's error when it
 * cannot be reached; once open, the log waits for a database that is away.
 */
export async function openPostgresLog(options: PostgresLogOptions): Promise<PostgresLog> {
  const { connection, takeOver = false, host = "", crashPoint = null } = options;
  const limits = withLimits(options.limits);
  const report = options.report ?? ((message, error) => console.error(message, error));
  const projections = options.projections ?? [];

  const instance = crypto.randomUUID();
  const writer = await WriterConnection.open({ connection, limits, takeOver, host, instance, report });
  const pool = new pg.Pool({
    ...clientConfig(connection, limits, { query_timeout: limits.answerMs }),
    max: limits.readers,
    application_name: "digi-persona reader",
  });
  pool.on("error", (error) => report("a reading connection was lost", error));
  try {
    const shapes = await readShapes(pool, projections);
    const reads = postgresReads(pool);
    const writes = new PostgresWriteStore({ writer, pool, shapes, crashPoint, report });
    const store = {
      ...reads,
      lookUp: writes.lookUp.bind(writes),
      loadRows: writes.loadRows.bind(writes),
      commit: writes.commit.bind(writes),
    };
    const core = createLogCore(store, writer.head, { ...options, report });
    const stopWatching = watchEpoch(writer, pool, limits.watchMs);
    const superseded = writer.superseded.then((error) => {
      stopWatching();
      core.queue.fail(error);
    });
    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const cut = new Promise<void>((resolve) => timer = setTimeout(resolve, limits.closeMs));
      await drain(core.queue, cut);
      clearTimeout(timer);
      stopWatching();
      await writer.close();
      await pool.end();
    };
    return {
      get head() {
        return core.queue.head;
      },
      get epoch() {
        return writer.epoch;
      },
      append: core.append,
      read: core.read,
      readStream: core.readStream,
      subscribe: core.subscribe,
      saveSnapshot: core.saveSnapshot,
      findCommand: reads.findCommand,
      loadSnapshot: reads.loadSnapshot,
      words: reads.words,
      purgeWords: reads.purgeWords,
      nextPurge: reads.nextPurge,
      superseded,
      close: () => closing ??= close(),
    };
  } catch (error) {
    await writer.close();
    await pool.end();
    throw error;
  }
}

/** Looks regularly whether we still are the writer: an idle one would not notice otherwise. */
function watchEpoch(writer: WriterConnection, pool: pg.Pool, everyMs: number): () => void {
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    try {
      if (!await writer.isOurs(pool)) writer.lose("another process has become the writer of this database");
    } catch {
      // The database is away: nothing is known, and the writer's own connection is the one that reports it.
    } finally {
      looking = false;
    }
  }, everyMs);
  return () => clearInterval(timer);
}
