/**
 * Events appended per second: our log, `COPY` of the same rows into the same table, and emmett, on one server with fsync on, in turns.
 * `deno run -A bench/log_bench.ts [embedded|debian15] [rounds]` prints medians and ratios.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { timeOrderedIds } from "../db/log/ports.ts";
import { privateServer, type Server } from "../tests/database.ts";

// What we compare with is named where it is loaded, and locked apart (`--lock=bench/deno.lock`): as an import of ours it
// would be fetched, with all that it brings, by everybody who starts the program.
const EMMETT: string = "npm:@event-driven-io/emmett-postgresql@0.42.0";
const COPY_STREAMS: string = "npm:pg-copy-streams@7.0.0";

interface EmmettStore {
  schema: { migrate(): Promise<void> };
  appendToStream(stream: string, events: { type: string; data: unknown }[]): Promise<unknown>;
  close(): Promise<void>;
}
const { getPostgreSQLEventStore }: { getPostgreSQLEventStore(url: string, options: unknown): EmmettStore } =
  await import(
    EMMETT
  );
const { from: copyFrom }: { from(query: string): NodeJS.WritableStream & pg.Submittable } = await import(
  COPY_STREAMS
);

const STREAMS = 1_000;
/** Events of each stream in one turn of the log; `COPY` writes as many rows. */
const EVENTS_EACH = 30;
const EMMETT_CLIENTS = 32;
const EMMETT_EVENTS = 2_000;
const WARM_UP_ROUNDS = 1;
const COPY_CHUNK_ROWS = 500;
const COLUMNS = "position, stream, version, type, schema, id, cause, correlation, by, data, at";
/** About 300 bytes of JSON. */
const DATA = {
  platform: "sandbox",
  text: "Rain on the harbour again, and nobody minds. ".repeat(5),
  reply: null,
  n: 1,
};

interface Subject {
  name: string;
  /** Does one turn; answers how many events it appended and how long that took. */
  turn(round: number): Promise<{ events: number; ms: number }>;
  close(): Promise<void>;
}

async function timed(events: number, work: () => Promise<unknown>): Promise<{ events: number; ms: number }> {
  const start = performance.now();
  await work();
  return { events, ms: performance.now() - start };
}

async function logSubject(connection: pg.ClientConfig): Promise<Subject> {
  const log = await openPostgresLog({ connection });
  const versions = new Int32Array(STREAMS);
  const appendEach = async (at: number): Promise<void> => {
    for (let n = 0; n < EVENTS_EACH; n++) {
      const answer = await log.append({
        stream: `persona:${at}`,
        expectedVersion: versions[at] ?? 0,
        by: "system",
        events: [{ type: "DraftComposed", schema: 1, data: DATA }],
      });
      if (answer.kind !== "committed") throw new Error(`the log answered ${answer.kind}`);
      versions[at] = answer.events[0]?.version ?? 0;
    }
  };
  return {
    name: `log, ${STREAMS} streams, 1 event a call`,
    turn: () =>
      timed(STREAMS * EVENTS_EACH, () => Promise.all(Array.from(versions, (_, at) => appendEach(at)))),
    close: () => log.close(),
  };
}

async function copySubject(connection: pg.ClientConfig): Promise<Subject> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query("create table copied_event (like event including all)");
  const ids = timeOrderedIds();
  const json = JSON.stringify(DATA);
  let position = 0;
  /** The rows as `COPY` text, made before the clock starts: the strictest thing to be compared with. */
  const rows = (): Buffer[] => {
    const chunks: Buffer[] = [];
    let lines: string[] = [];
    const at = new Date().toISOString();
    for (let n = 0; n < STREAMS * EVENTS_EACH; n++) {
      const version = Math.floor(position / STREAMS) + 1;
      const stream = `persona:${position % STREAMS}`;
      position++;
      lines.push(
        [position, stream, version, "DraftComposed", 1, ids.uuid(), "\\N", "\\N", "system", json, at].join(
          "\t",
        ) + "\n",
      );
      if (lines.length < COPY_CHUNK_ROWS) continue;
      chunks.push(Buffer.from(lines.join("")));
      lines = [];
    }
    return chunks;
  };
  return {
    name: "COPY of the same rows into the same table",
    turn: () => {
      const chunks = rows();
      return timed(STREAMS * EVENTS_EACH, () => (
        pipeline(Readable.from(chunks), client.query(copyFrom(`copy copied_event (${COLUMNS}) from stdin`)))
      ));
    },
    close: () => client.end(),
  };
}

async function emmettSubject(connection: pg.ClientConfig, url: string): Promise<Subject> {
  // A connection for each client; emmett's own pool has ten.
  const pool = new pg.Pool({ ...connection, max: EMMETT_CLIENTS });
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  return {
    name: `emmett, ${EMMETT_CLIENTS} at once, 1 event a call`,
    turn: (round) => {
      const client = async (at: number): Promise<void> => {
        for (let n = at; n < EMMETT_EVENTS; n += EMMETT_CLIENTS) {
          await store.appendToStream(`persona-${round}-${n % STREAMS}`, [{
            type: "DraftComposed",
            data: DATA,
          }]);
        }
      };
      return timed(
        EMMETT_EVENTS,
        () => Promise.all(Array.from({ length: EMMETT_CLIENTS }, (_, at) => client(at))),
      );
    },
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

async function run(server: Server, rounds: number): Promise<void> {
  // Room for the write-ahead log, so that no turn pays for the checkpoint of another.
  const home = await privateServer(server, ["fsync=on", "max_wal_size=8GB", "checkpoint_timeout=1h"]);
  try {
    const subjects = [
      await logSubject(home.config),
      await copySubject(home.config),
      await emmettSubject(home.config, home.url),
    ];
    const rates = subjects.map((): number[] => []);
    for (let round = 0; round < rounds + WARM_UP_ROUNDS; round++) {
      for (const [at, subject] of subjects.entries()) {
        const { events, ms } = await subject.turn(round);
        if (round >= WARM_UP_ROUNDS) rates[at]?.push(events / ms * 1_000);
      }
    }
    console.log(
      `appends on ${server}, fsync on, ${JSON.stringify(DATA).length} bytes each, medians of ${rounds} turns`,
    );
    const medians = rates.map(median);
    for (const [at, { name }] of subjects.entries()) {
      const [low, high] = [Math.min(...rates[at] ?? []), Math.max(...rates[at] ?? [])];
      const per = (rate: number) => Math.round(rate).toLocaleString("en");
      console.log(`  ${name}: ${per(medians[at] ?? 0)} events/s (${per(low)} to ${per(high)})`);
    }
    const [log = 0, copy = 0, emmett = 0] = medians;
    console.log(
      `  log / COPY: ${(log / copy).toFixed(2)} (aim 0.5)   log / emmett: ${
        (log / emmett).toFixed(1)
      } (aim 10)`,
    );
    for (const subject of subjects) await subject.close();
  } finally {
    await home.dispose();
  }
}

// emmett leaves a pool of its own open, which throws when the server ends.
process.on("uncaughtException", (error) => {
  if (error instanceof pg.DatabaseError && error.code === "57P01") return;
  console.error(error);
  Deno.exit(1);
});
const [server = "embedded", rounds = "5"] = Deno.args;
if (server !== "embedded" && server !== "debian15") {
  throw new Error(`"${server}" is neither embedded nor debian15`);
}
await run(server, Number(rounds));
