/** The composition root: config → database → log → supervisor → server. Nothing else is wired anywhere else. */
import { hostname } from "node:os";
import { ConfigError } from "./config.ts";
import type { Config } from "./config.ts";
import { passCounter } from "./actors/crash_point.ts";
import { Linking, type LinkingOptions } from "./actors/supervisor/linking/linking.ts";
import { systemClock, systemRandom } from "./actors/ports.ts";
import { cellOpener } from "./actors/supervisor/cell_process.ts";
import { waitForOldCells } from "./actors/supervisor/old_cells.ts";
import { recordDoubt } from "./actors/supervisor/recording.ts";
import { Provisions } from "./actors/supervisor/provisions.ts";
import { databaseReads } from "./actors/supervisor/reads.ts";
import { createRules } from "./actors/supervisor/rules/rules.ts";
import { Supervisor } from "./actors/supervisor/supervisor.ts";
import type { ActorSettings } from "./actors/persona/protocol.ts";
import { openDatabase } from "./db/database.ts";
import type { Database } from "./db/database.ts";
import { startEmbeddedPostgres } from "./db/embedded/embedded.ts";
import { acceptInstance, checkInstance } from "./db/instance.ts";
import { EXIT_SUPERSEDED } from "./db/log/log.ts";
import type { PostgresLog } from "./db/log/postgres_log.ts";
import { openPostgresLog } from "./db/log/postgres_log.ts";
import { migrate } from "./db/migrate.ts";
import { openOAuthStates } from "./db/oauth_state.ts";
import { projections } from "./db/projections/all.ts";
import { personasWithOutward } from "./db/read/due.ts";
import { fillListening } from "./db/read/listening.ts";
import { keepRetention } from "./db/retention.ts";
import { loadVaultKey, openVault } from "./db/vault/vault.ts";
import { buildServer } from "./routes/server.ts";
import { Audience } from "./routes/sandbox/audience.ts";
import { sandboxApp, sandboxTokenHash } from "./routes/sandbox/server.ts";
import { loadConfig } from "./start/settings.ts";
import { knownFailure, makeDataDir } from "./start/failures.ts";
import { writerSettings } from "./start/writer.ts";

const VERSION = "0.1.0";
/** Measured in docs/benchmarks.md: more share the price of a process, fewer fall with a neighbour. */
const ACTORS_PER_CELL = 8;

const startedAt = performance.now();
const report = (line: string) => console.error(line);
/** What has to be ended, last opened first. */
const endings: { name: string; end: () => Promise<void> | void }[] = [];

/** Somebody wants it to end: what is cut short by that is no failure. */
let ending = false;
let config: Config | null = null;
try {
  config = loadConfig();
  await start(config);
} catch (error) {
  // Whoever ends it says how that went.
  if (ending) await new Promise(() => {});
  const line = error instanceof ConfigError ? error.message : knownFailure(error, config);
  console.error(
    `digi-persona did not start: ${line ?? (error instanceof Error ? error.stack : String(error))}`,
  );
  await endAll();
  Deno.exit(error instanceof ConfigError ? 78 : 1);
}

async function start(config: Config): Promise<void> {
  const database = await openTheDatabase(config);
  await migrate(database);
  const vaultKey = await loadVaultKey(database, { key: config.DIGI_PERSONA_KEY, dataDir: config.DATA_DIR });
  const vault = openVault(database, vaultKey);
  const log = await openTheLog(config, database);
  const instance = await checkInstance(database, config.DATA_DIR);

  const publicUrl = config.PUBLIC_URL ?? `http://${shownHost(config.HOST)}:${config.PORT}`;
  const sandbox = await startSandbox(config, database, publicUrl);
  const writer = writerSettings(config);
  const { apiKey, ...writerWithoutKey } = writer.kind === "openai" ? writer : { ...writer, apiKey: null };
  const actor: ActorSettings = {
    approvalMs: config.APPROVAL_DAYS * 86_400_000,
    slotGraceMs: config.SLOT_GRACE_MINUTES * 60_000,
    sandboxOrigin: sandbox.origin,
    linkedIn: {
      version: config.LINKEDIN_VERSION,
      webOrigin: config.LINKEDIN_WEB_ORIGIN,
      callsADay: config.LINKEDIN_CALLS_A_DAY,
      memberAnalytics: config.LINKEDIN_MEMBER_ANALYTICS,
    },
    requireAltText: config.REQUIRE_ALT_TEXT,
    writer: writerWithoutKey as ActorSettings["writer"],
    crashPoint: crashText(config),
    fault: null,
  };
  const lockFolder = `${await Deno.realPath(config.DATA_DIR)}/cells`;
  const silentMs = config.WATCHDOG_SECONDS * 1_000;
  const maxHeapMb = config.ACTOR_HEAP_MB;
  await waitForOldCells(lockFolder, report);
  const rules = createRules({ sql: database, now: systemClock.now });
  const supervisor = await Supervisor.open({
    log,
    reads: databaseReads(database),
    provisioning: new Provisions({
      sql: database,
      vault,
      actor,
      modelKey: apiKey,
      rules: rules.check,
      now: systemClock.now,
      report,
    }),
    openCell: cellOpener({ lockFolder, maxHeapMb, silentMs }),
    clock: systemClock,
    random: systemRandom,
    actor,
    mailbox: { maxLetters: 1_000, maxCharacters: 4_000_000 },
    maxLive: config.MAX_LIVE,
    actorsPerCell: ACTORS_PER_CELL,
    maxHeapBytes: maxHeapMb * 1_048_576,
    maxRssBytes: config.CELL_MEMORY_MB * 1_048_576,
    silentMs,
    idleMs: config.IDLE_MINUTES * 60_000,
    listenMs: config.LISTEN_MINUTES * 60_000,
    crash: config.DIGI_PERSONA_CRASH,
    report,
  });
  endings.push({ name: "supervisor", end: () => supervisor.close() });
  void log.superseded.then(() => {
    report("another digi-persona has taken over this database: ending");
    supervisor.killCells();
    Deno.exit(EXIT_SUPERSEDED);
  });
  if (instance.kind === "restored") {
    await doubtEverything(supervisor, log, database, config, instance.lastEventAt);
  }

  const linking = new Linking({
    log,
    sql: database,
    vault,
    states: openOAuthStates(database, vaultKey),
    supervisor,
    hostRules: { allowedOrigins: config.ALLOWED_ORIGINS },
    plcUrl: config.PLC_URL,
    sandboxTokenHash,
    ...platformEndpoints(config),
  });
  const server = await buildServer({
    config,
    version: VERSION,
    log,
    database,
    supervisor,
    linking,
    rules,
    writer,
    report,
  });
  endings.push({ name: "server", end: () => server.close() });
  await supervisor.start();
  void fillListening(database, new Date().toISOString(), config.LISTEN_MINUTES * 60_000).catch((error) =>
    report(
      `who listens when could not be filled in: ${error instanceof Error ? error.message : String(error)}`,
    )
  );
  endings.push({ name: "retention", end: keepRetention(log, database, report) });
  endOnSignals();

  const readyMs = Math.round(performance.now() - startedAt);
  console.log(`digi-persona ${VERSION} is ready in ${readyMs} ms at ${publicUrl} (${log.head} events)`);
  await server.printLinks(publicUrl);
  if (instance.kind === "first") {
    report("If Deno warned of ignored build scripts: that is as it should be, nothing needs them.");
  }
}

/** The embedded PostgreSQL in DATA_DIR, or the operator's own. */
async function openTheDatabase(config: Config): Promise<Database> {
  await makeDataDir(config.DATA_DIR);
  if (config.DATABASE_URL !== null) {
    const database = await openDatabase({ url: config.DATABASE_URL });
    endings.push({ name: "database", end: () => database.close() });
    return database;
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.DATA_DIR, log: report });
  endings.push({ name: "embedded database", end: () => embedded.stop() });
  const database = await openDatabase({ config: embedded.config });
  endings.push({ name: "database", end: () => database.close() });
  return database;
}

async function openTheLog(config: Config, database: Database): Promise<PostgresLog> {
  const passes = passCounter(config.DIGI_PERSONA_CRASH?.who === "main" ? config.DIGI_PERSONA_CRASH : null);
  const log = await openPostgresLog({
    connection: database.config(),
    projections,
    takeOver: config.TAKE_OVER,
    host: hostname(),
    crashPoint: (name) => {
      if (passes(name)) Deno.kill(Deno.pid, "SIGKILL");
    },
    report: (message, error) =>
      report(`${message}: ${error instanceof Error ? error.message : String(error)}`),
  });
  endings.push({ name: "log", end: () => log.close() });
  return log;
}

/** Where X and LinkedIn are, and the operator's apps there. */
function platformEndpoints(config: Config): Pick<LinkingOptions, "x" | "linkedIn"> {
  const app = (clientId: string | null, clientSecret: string | null) =>
    clientId === null ? null : { clientId, clientSecret };
  return {
    x: {
      apiOrigin: config.X_API_ORIGIN,
      webOrigin: config.X_WEB_ORIGIN,
      app: app(config.X_CLIENT_ID, config.X_CLIENT_SECRET),
    },
    linkedIn: {
      apiOrigin: config.LINKEDIN_API_ORIGIN,
      webOrigin: config.LINKEDIN_WEB_ORIGIN,
      version: config.LINKEDIN_VERSION,
      memberAnalytics: config.LINKEDIN_MEMBER_ANALYTICS,
      app: app(config.LINKEDIN_CLIENT_ID, config.LINKEDIN_CLIENT_SECRET),
    },
  };
}

/** The sandbox network on a loopback port of its own: actors reach it over HTTP, as they reach the real ones. */
async function startSandbox(
  config: Config,
  database: Database,
  publicUrl: string,
): Promise<{ origin: string }> {
  const audience = config.SANDBOX_AUDIENCE
    ? await Audience.open({ sql: database, clock: systemClock, report })
    : null;
  if (audience !== null) endings.push({ name: "audience of the sandbox", end: () => audience.close() });
  const app = sandboxApp({
    sql: database,
    now: () => Date.now(),
    postUrl: (id) => `${publicUrl}/sandbox?thread=${encodeURIComponent(id)}#said-${encodeURIComponent(id)}`,
    accountUrl: (handle) => `${publicUrl}/sandbox?account=${encodeURIComponent(handle)}`,
    audience,
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  endings.push({ name: "sandbox", end: () => server.shutdown() });
  return { origin: `http://127.0.0.1:${server.addr.port}` };
}

/** A restored or copied database: nothing goes out, and what was due is in doubt, until a person says go. */
async function doubtEverything(
  supervisor: Supervisor,
  log: PostgresLog,
  database: Database,
  config: Config,
  lastEventAt: string | null,
): Promise<void> {
  const since = lastEventAt ?? "its last event";
  const why = `this database is a copy: what was due since ${since} may have gone out from the original`;
  await supervisor.stop({ kind: "all" }, "system", why);
  for (const personaId of await personasWithOutward(database)) await recordDoubt(log, personaId, why);
  await acceptInstance(database, config.DATA_DIR);
  report(`all posting is stopped: ${why}. Look at the uncertain posts, then lift the stop in the console.`);
}

function crashText({ DIGI_PERSONA_CRASH: crash }: Config): string | null {
  return crash === null ? null : `${crash.point}:${crash.pass}:${crash.who}`;
}

function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (ending) return;
      ending = true;
      console.log("digi-persona ends: what is under way gets a moment");
      void endAll().then((clean) => Deno.exit(clean ? 0 : 1));
    });
  }
}

async function endAll(): Promise<boolean> {
  let clean = true;
  for (const { name, end } of endings.reverse()) {
    try {
      await end();
    } catch (error) {
      clean = false;
      console.error(`${name} did not end cleanly: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  endings.length = 0;
  return clean;
}
