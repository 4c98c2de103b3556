/** A real supervisor with real cells and workers on a fresh real database, without the HTTP server: for tests. */
import { Linking, type LinkingOptions } from "../actors/supervisor/linking/linking.ts";
import { systemClock, systemRandom } from "../actors/ports.ts";
import type { ActorSettings } from "../actors/persona/protocol.ts";
import { cellOpener } from "../actors/supervisor/cell_process.ts";
import { waitForOldCells } from "../actors/supervisor/old_cells.ts";
import { Provisions } from "../actors/supervisor/provisions.ts";
import { databaseReads } from "../actors/supervisor/reads.ts";
import { createRules, type Rules } from "../actors/supervisor/rules/rules.ts";
import type { SupervisorOptions } from "../actors/supervisor/supervisor.ts";
import { Supervisor } from "../actors/supervisor/supervisor.ts";
import { bareSettings } from "../actors/supervisor/testing_ports.ts";
import { emptyIdentity } from "../actors/persona/identity.ts";
import type { Identity } from "../actors/persona/identity.ts";
import type { PersonaCommand } from "../actors/persona/commands.ts";
import type { CommandAnswer } from "../actors/supervisor/supervisor_port.ts";
import type { StoredEvent } from "../db/log/log.ts";
import type { PostgresLog } from "../db/log/postgres_log.ts";
import { openPostgresLog } from "../db/log/postgres_log.ts";
import { projections } from "../db/projections/all.ts";
import { openOAuthStates } from "../db/oauth_state.ts";
import { loadVaultKey, openVault } from "../db/vault/vault.ts";
import type { Vault } from "../db/vault/vault.ts";
import { sandboxApp, sandboxTokenHash } from "../routes/sandbox/server.ts";
import { type FreshDatabase, freshDatabase, skips } from "./database.ts";

export interface Running {
  log: PostgresLog;
  vault: Vault;
  supervisor: Supervisor;
  linking: Linking;
  /** The rules that look beyond one persona. */
  rules: Rules;
  dataDir: string;
  /** What workers are told at their start; a test may change it in place. */
  actor: ActorSettings;
  sandboxOrigin: string;
  /** What the program would have written to its own log. */
  reports: string[];
  send(personaId: string, command: PersonaCommand, by?: string): Promise<CommandAnswer>;
  /** Resolves with the first committed event, from position 1 on, that fits. Fails after `ms`. */
  event(fits: (event: StoredEvent) => boolean, ms?: number): Promise<StoredEvent>;
  close(): Promise<void>;
}

export const ada: Identity = {
  ...emptyIdentity,
  name: "Ada Fern",
  background: "A botanist who explains city trees to people who walk past them.",
  purpose: "Make people look up.",
  interests: ["city trees", "bark", "soil"],
  values: ["exactness"],
  tone: ["warm", "exact"],
  expertise: ["botany"],
  zone: "Europe/Lisbon",
};

/** X and LinkedIn, where no test asks them anything. */
export const nowhere: Pick<LinkingOptions, "x" | "linkedIn"> = {
  x: { apiOrigin: "https://x.invalid", webOrigin: "https://x.invalid", app: null },
  linkedIn: {
    apiOrigin: "https://linkedin.invalid",
    webOrigin: "https://linkedin.invalid",
    version: "202610",
    app: null,
  },
};

export async function runSupervisor(
  database: FreshDatabase,
  options: Partial<SupervisorOptions> & {
    allowedOrigins?: string[];
    /** Where X and LinkedIn are. @default nowhere */
    linking?: Partial<LinkingOptions>;
    modelKey?: string;
    /** Of an earlier run; left there at the end. @default a new one, removed at the end */
    dataDir?: string;
  } = {},
): Promise<Running> {
  const dataDir = options.dataDir ?? await Deno.makeTempDir({ prefix: "dp-" });
  const reports: string[] = [];
  const report = (line: string) => void reports.push(line);
  const { sql } = database;
  const log = await openPostgresLog({
    connection: database.config,
    projections,
    report: (text) => report(text),
  });
  const vaultKey = await loadVaultKey(sql, { key: null, dataDir });
  const vault = openVault(sql, vaultKey);
  const app = sandboxApp({ sql, now: () => Date.now(), postUrl: (id) => `http://sandbox.test/${id}` });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  const sandboxOrigin = `http://127.0.0.1:${server.addr.port}`;
  const actor = options.actor ?? bareSettings({
    approvalMs: 7 * 86_400_000,
    sandboxOrigin,
    linkedIn: { version: "202610", webOrigin: "https://www.linkedin.com" },
  });
  const lockFolder = `${dataDir}/cells`;
  const silentMs = options.silentMs ?? 10_000;
  const maxHeapBytes = options.maxHeapBytes ?? 256 * 1_048_576;
  await waitForOldCells(lockFolder, report);
  const rules = createRules({ sql, now: systemClock.now });
  const supervisor = await Supervisor.open({
    log,
    reads: databaseReads(sql),
    provisioning: new Provisions({
      sql,
      vault,
      actor,
      modelKey: options.modelKey ?? null,
      rules: rules.check,
      now: systemClock.now,
      report,
    }),
    openCell: cellOpener({ lockFolder, maxHeapMb: maxHeapBytes / 1_048_576, silentMs }),
    clock: systemClock,
    random: systemRandom,
    actor,
    mailbox: { maxLetters: 1_000, maxCharacters: 4_000_000 },
    maxLive: 50,
    actorsPerCell: 8,
    maxHeapBytes,
    maxRssBytes: 1_024 * 1_048_576,
    silentMs,
    idleMs: 600_000,
    listenMs: 900_000,
    crash: null,
    report,
    ...options,
  });
  await supervisor.start();
  const linking = new Linking({
    log,
    sql,
    vault,
    states: openOAuthStates(sql, vaultKey),
    supervisor,
    hostRules: { allowedOrigins: options.allowedOrigins ?? [] },
    plcUrl: "https://plc.directory",
    sandboxTokenHash,
    ...nowhere,
    ...options.linking,
  });
  return {
    log,
    vault,
    supervisor,
    linking,
    rules,
    dataDir,
    actor,
    sandboxOrigin,
    reports,
    send: (personaId, command, by = "user:test") =>
      supervisor.send(personaId, command, { by, id: crypto.randomUUID(), mayBeRepeated: false }),
    event: (fits, ms = 15_000) => firstEvent(log, fits, ms, reports),
    close: async () => {
      await supervisor.close();
      await server.shutdown();
      await log.close();
      if (options.dataDir === undefined) await Deno.remove(dataDir, { recursive: true });
    },
  };
}

function firstEvent(
  log: PostgresLog,
  fits: (event: StoredEvent) => boolean,
  ms: number,
  reports: string[],
): Promise<StoredEvent> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`no such event within ${ms} ms; reported: ${reports.slice(-10).join(" | ")}`));
    }, ms);
    const look = (events: StoredEvent[]) => {
      const found = events.find(fits);
      if (found === undefined) return;
      clearTimeout(timer);
      stop();
      resolve(found);
    };
    const stop = log.subscribe(look);
    void (async () => {
      for (let after = 0; after < log.head;) {
        const events = await log.read(after, 1_000);
        look(events);
        after = events.at(-1)?.position ?? log.head;
      }
    })().catch(reject);
  });
}

/** A test with a supervisor of its own, and what is below it. */
export function supervisorTest(
  name: string,
  test: (running: Running, database: FreshDatabase) => Promise<void>,
  options?: Parameters<typeof runSupervisor>[1],
): void {
  Deno.test(name, async () => {
    if (await skips("embedded")) return;
    const database = await freshDatabase();
    const running = await runSupervisor(database, options);
    try {
      await test(running, database);
    } finally {
      await running.close();
      await database.drop();
    }
  });
}

export async function newPersona(running: Running): Promise<string> {
  const id = crypto.randomUUID();
  const { kind } = await running.send(id, { type: "create", identity: ada, origin: "form" });
  if (kind !== "committed") throw new Error(`${kind}: ${running.reports.join(" | ")}`);
  return id;
}
