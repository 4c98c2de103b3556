// @ts-types="@types/pg"
import type pg from "pg";
import { WRITER_LOCK_KEY } from "../lock.ts";
import { ProjectionEngine } from "../projections/engine.ts";
import type { Projection } from "../projections/projection.ts";
import { quoted, StatementBuilder } from "./batch_statement.ts";
import { withLimits } from "./limits.ts";
import { clientConfig, connectClient, type Connection } from "./postgres_client.ts";
import { loadRows, readShapes, selectEvents } from "./postgres_store.ts";
import { lift, type Upcasters } from "./upcast.ts";
import { UPCASTERS } from "./upcasters.ts";
import { readHolder, WriterActive } from "./writer_connection.ts";

export interface RebuildOptions {
  connection: Connection;
  projections: Projection[];
  /** @default `UPCASTERS` */
  upcasters?: Upcasters;
  /** Events that are folded at once. @default 1,000 */
  page?: number;
  /** Told the position after each page. */
  onProgress?: (position: number, head: number) => void;
}

/**
 * Empties the tables of the projections and makes them again from all events, in one transaction: readers see the old rows or the
 * new ones. Throws WriterActive while a writer lives. Answers how many events were read.
 */
export async function rebuildProjections(options: RebuildOptions): Promise<number> {
  const { connection, projections } = options;
  if (projections.length === 0) return 0;
  const limits = withLimits();
  let lost: Error | null = null;
  const client = await connectClient(clientConfig(connection, limits), (error) => lost = error);
  try {
    await client.query("begin");
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_xact_lock(${WRITER_LOCK_KEY[0]}, ${WRITER_LOCK_KEY[1]}) as locked`,
    );
    if (rows[0]?.locked !== true) throw new WriterActive(await readHolder(client));
    await client.query(`truncate ${projections.map(({ table }) => quoted(table)).join(", ")}`);
    const read = await replay(client, options, limits.cachedRows);
    await client.query("commit");
    return read;
  } catch (error) {
    throw lost ?? error;
  } finally {
    // What is not committed by now ends with its connection.
    await client.end();
  }
}

async function replay(client: pg.Client, options: RebuildOptions, cachedRows: number): Promise<number> {
  const { projections, upcasters = UPCASTERS, page = 1_000, onProgress } = options;
  const shapes = await readShapes(client, projections);
  const builder = new StatementBuilder(shapes);
  const engine = new ProjectionEngine(projections, {
    loadRows(projection, keys) {
      const shape = shapes.find((shape) => shape.projection === projection);
      if (!shape) throw new Error(`no projection writes ${projection.table}`);
      return loadRows(client, shape, keys);
    },
  }, cachedRows);
  const { rows } = await client.query<{ head: number }>("select head from writer");
  const head = rows[0]?.head ?? 0;
  let position = 0;
  while (position < head) {
    const rest = "where position > $1 order by position limit $2";
    const events = (await selectEvents(client, "replay", rest, [position, page])).map((event) =>
      lift(event, upcasters)
    );
    const last = events.at(-1);
    if (!last) throw new Error(`the log ends at ${position}, its head says ${head}`);
    const { changes, faults } = await engine.fold(events.map((event) => [event]));
    const [fault] = faults;
    if (fault) throw new Error(`${fault.reason} at position ${events[fault.at]?.position}`);
    if (changes.length > 0) await client.query(builder.buildChanges(changes));
    engine.settle(changes);
    position = last.position;
    onProgress?.(position, head);
  }
  return position;
}
