/**
 * Start to ready, as the program itself prints it, on a database with few, 1,000 and 100,000 events.
 * `deno run -A bench/start_bench.ts [starts]`
 */
import { startEmbeddedPostgres } from "../db/embedded/embedded.ts";
import { openDatabase } from "../db/database.ts";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { projections } from "../db/projections/all.ts";
import { ada } from "../tests/running_supervisor.ts";
import { startsWith } from "./many_personas.ts";
import { median } from "./measure.ts";

const SIZES = [0, 1_000, 100_000];
const PERSONAS = 20;
/** Events of one append. */
const BATCH = 100;

/** Posts being drafted and revised, until there are `count` events. */
async function fill(dataDir: string, count: number): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir, log: () => {} });
  const database = await openDatabase({ config: server.config });
  const log = await openPostgresLog({ connection: server.config, projections });
  const each = Math.ceil((count - log.head) / PERSONAS);
  await Promise.all(Array.from({ length: each > 0 ? PERSONAS : 0 }, async () => {
    const stream = crypto.randomUUID();
    const created = { identity: ada, origin: "form", format: null, paused: false };
    for (let version = 0; version < each;) {
      const events = Array.from(
        { length: Math.min(BATCH, each - version) },
        (_, index) =>
          version + index === 0 ? { type: "PersonaCreated", schema: 1, data: created as never } : {
            type: "PersonaEdited",
            schema: 1,
            data: { changes: { purpose: `purpose ${version + index}` } },
          },
      );
      const done = await log.append({ stream, expectedVersion: version, by: "system", events });
      if (done.kind !== "committed") throw new Error(done.kind);
      version += events.length;
    }
  }));
  await log.close();
  await database.close();
  await server.stop();
}

const starts = Number(Deno.args[0] ?? "5");
const dataDir = await Deno.makeTempDir({ prefix: "dp-bench-" });
const [first] = await startsWith(dataDir, 1);
console.log(`start to ready on a fresh folder, database made: ${first} ms`);
const medians: number[] = [];
for (const size of SIZES) {
  if (size > 0) await fill(dataDir, size);
  const taken = await startsWith(dataDir, starts);
  medians.push(median(taken));
  const shown = `median ${median(taken)} ms (${Math.min(...taken)} to ${Math.max(...taken)})`;
  console.log(`start to ready, ${size.toLocaleString("en")} events: ${shown}`);
}
const [few = NaN, thousand = NaN, hundredThousand = NaN] = medians;
console.log(
  `ratio to few events: 1,000: ${(thousand / few).toFixed(2)}, 100,000: ${
    (hundredThousand / few).toFixed(2)
  }`,
);
await Deno.remove(dataDir, { recursive: true });
