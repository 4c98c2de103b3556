/** A data folder with many registered personas, and how long the program takes to start on it. */
import { startEmbeddedPostgres } from "../db/embedded/embedded.ts";
import { openDatabase } from "../db/database.ts";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { projections } from "../db/projections/all.ts";
import { ada } from "../tests/running_supervisor.ts";

/** Appends under way at once. */
const AT_ONCE = 200;
const EVENTS_EACH = 3;

/** Registers personas with a sandbox account each; the folder is the caller's to remove. */
export async function registered(count: number): Promise<string> {
  const dataDir = await Deno.makeTempDir({ prefix: "dp-bench-" });
  // The program makes the database itself.
  await startsWith(dataDir, 1);
  const server = await startEmbeddedPostgres({ dataDir, log: () => {} });
  const database = await openDatabase({ config: server.config });
  const log = await openPostgresLog({ connection: server.config, projections });
  let left = count;
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
    while (left-- > 0) {
      const connectionId = crypto.randomUUID();
      const connection = {
        connectionId,
        platform: "sandbox",
        accountId: connectionId,
        handle: `someone-${left}`,
        service: "sandbox:",
        disclosure: "none",
      };
      const created = { identity: ada, origin: "form", format: null, paused: false };
      const done = await log.append({
        stream: crypto.randomUUID(),
        expectedVersion: 0,
        by: "user:bench",
        events: [
          { type: "PersonaCreated", schema: 1, data: created as never },
          { type: "ConnectionLinked", schema: 1, data: connection },
          { type: "PersonaEdited", schema: 1, data: { changes: { purpose: "Make people look up." } } },
        ],
      });
      if (done.kind !== "committed" || done.events.length !== EVENTS_EACH) throw new Error(done.kind);
    }
  }));
  await log.close();
  await database.close();
  await server.stop();
  return dataDir;
}

/** ms to ready, as the program itself says it, for each of some starts. */
export async function startsWith(dataDir: string, starts: number): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < starts; n++) taken.push(await startOnce(dataDir));
  return taken;
}

async function startOnce(dataDir: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "start"],
    env: { DATA_DIR: dataDir, PORT: "8097" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/ready in \d+ ms/.test(text)) break;
  }
  child.kill("SIGTERM");
  await child.status;
  return Number(/ready in (\d+) ms/.exec(text)?.[1]);
}
