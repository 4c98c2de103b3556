/**
 * Real PostgreSQL servers for tests: the embedded one and Debian's. Each is started once per test process, however many test
 * files share it, and ends with that process, however it ends.
 */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { type Database, openDatabase } from "../db/database.ts";
import { findBinaries } from "../db/embedded/binaries.ts";
import { SCRIPT } from "../db/embedded/server_process.ts";
import { migrate } from "../db/migrate.ts";

export type Server = "embedded" | "debian15";
export const POSTGRES: Server[] = ["embedded", "debian15"];

export interface FreshDatabase {
  config: pg.ClientConfig;
  url: string;
  /** A pool on it, closed by `drop`. */
  sql: Database;
  /** Disconnects everyone and removes it. */
  drop(): Promise<void>;
}

export interface PrivateServer {
  /** Of its database; the same after each start. */
  config: pg.ClientConfig;
  url: string;
  /** Clean shutdown. */
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  /** SIGKILL to the server itself, as a crash. */
  killServer(): Promise<void>;
  /** Ends everything and removes the data. */
  dispose(): Promise<void>;
}

const USER = "digi_persona";
const DEBIAN_15 = "/usr/lib/postgresql/15";
const MIGRATIONS = join(import.meta.dirname ?? ".", "..", "db", "migrations");
const START_LIMIT_MS = 60_000;

/** What must be installed before tests on `server` can run, or null. */
export async function missingPostgres(server: Server): Promise<string | null> {
  if (server === "debian15") {
    return await exists(join(DEBIAN_15, "bin", "postgres")) ? null : "install Debian's package postgresql-15";
  }
  try {
    await findBinaries();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * `Deno.test` on one server: skipped with one plain line where it is not installed, failing instead when CI=true.
 * The test gets a fresh, migrated database, dropped afterwards.
 */
export function testOn(server: Server, name: string, test: (database: FreshDatabase) => Promise<void>): void {
  Deno.test(`${name} [${server}]`, async () => {
    if (await skips(server)) return;
    const database = await freshDatabase(server);
    try {
      await test(database);
    } finally {
      await database.drop();
    }
  });
}

/** True, said in one line, when `server` is not installed. Throws instead when CI=true. */
export async function skips(server: Server): Promise<boolean> {
  const missing = await missingPostgres(server);
  if (missing === null) return false;
  if (Deno.env.get("CI") === "true") throw new Error(`cannot test on ${server}: ${missing}`);
  console.log(`skipped, to run it: ${missing}`);
  return true;
}

/** A new, migrated, empty database. */
export async function freshDatabase(server: Server = "embedded"): Promise<FreshDatabase> {
  const shared = await sharedServer(server);
  const template = await migratedTemplate(shared);
  const name = `t_${randomBytes(8).toString("hex")}`;
  await administer(shared, [`create database ${name} template ${template}`]);
  return await open(shared, name);
}

/** A new, empty database without our tables. */
export async function emptyDatabase(server: Server = "embedded"): Promise<FreshDatabase> {
  const shared = await sharedServer(server);
  const name = `t_${randomBytes(8).toString("hex")}`;
  await administer(shared, [`create database ${name}`]);
  return await open(shared, name);
}

/** A server for one test alone, started, with a migrated database: to be stopped, crashed, or starved by `settings` (`name=value`). */
export async function privateServer(
  server: Server = "embedded",
  settings: string[] = [],
): Promise<PrivateServer> {
  const home = await Deno.makeTempDir({ dir: "/tmp", prefix: "digi-persona-private-" });
  await initialise(server, home);
  let running = await serve(server, home, settings);
  const config = { host: join(home, "run"), port: 5432, user: USER, database: USER };
  const sql = await openDatabase({ config });
  await migrate(sql);
  await sql.close();
  const privately: PrivateServer = {
    config,
    url: urlOf(config.host, USER),
    stopServer: () => running.stop(),
    startServer: async () => {
      running = await serve(server, home, settings);
    },
    killServer: async () => {
      const file = await Deno.readTextFile(join(home, "cluster", "postmaster.pid"));
      Deno.kill(Number(file.split("\n")[0]), "SIGKILL");
      await running.ended();
    },
    dispose: async () => {
      await running.stop();
      await Deno.remove(home, { recursive: true });
    },
  };
  return privately;
}

async function open(host: string, name: string): Promise<FreshDatabase> {
  const config = { host, port: 5432, user: USER, database: name };
  const sql = await openDatabase({ config }, { maxConnections: 4, onError: () => {} });
  return {
    config,
    url: urlOf(host, name),
    sql,
    drop: async () => {
      await sql.close();
      await administer(host, [`drop database ${name} with (force)`]);
    },
  };
}

const urlOf = (host: string, database: string) =>
  `postgres://${USER}@/${database}?host=${encodeURIComponent(host)}`;

/** The name carries the migrations' contents, so that an edit while tests are watched makes a new one. */
async function migratedTemplate(host: string): Promise<string> {
  const hash = createHash("sha256");
  const names = [...Deno.readDirSync(MIGRATIONS)].map((entry) => entry.name).sort();
  for (const name of names) hash.update(name).update(await Deno.readTextFile(join(MIGRATIONS, name)));
  const template = `template_${hash.digest("hex").slice(0, 16)}`;
  const admin = new pg.Client({ host, port: 5432, user: USER, database: "postgres" });
  await admin.connect();
  try {
    await admin.query("select pg_advisory_lock(1)");
    const { rowCount } = await admin.query("select from pg_database where datname = $1 and datistemplate", [
      template,
    ]);
    if (rowCount) return template;
    await admin.query(`drop database if exists ${template} with (force)`);
    await admin.query(`create database ${template}`);
    const sql = await openDatabase({ config: { host, port: 5432, user: USER, database: template } });
    try {
      await migrate(sql);
    } finally {
      await sql.close();
    }
    await admin.query(`alter database ${template} is_template true`);
    return template;
  } finally {
    await admin.end();
  }
}

async function administer(host: string, statements: string[]): Promise<void> {
  const admin = new pg.Client({ host, port: 5432, user: USER, database: "postgres" });
  await admin.connect();
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.end();
  }
}

const servers = new Map<Server, Promise<string>>();

/** The socket folder of the server that all tests of this process share. */
function sharedServer(server: Server): Promise<string> {
  const known = servers.get(server);
  if (known !== undefined) return known;
  const starting = startShared(server);
  servers.set(server, starting);
  return starting;
}

/** Each test file has modules of its own, so what they share is named by the process: the first one in starts it. */
async function startShared(server: Server): Promise<string> {
  const home = join("/tmp", `digi-persona-tests-${Deno.pid}-${server}`);
  await Deno.mkdir(home, { recursive: true, mode: 0o700 });
  const lock = await Deno.open(join(home, "lock"), { create: true, write: true });
  await lock.lock(true);
  try {
    const ready = join(home, "ready");
    if (!await exists(ready)) {
      await initialise(server, home);
      await serve(server, home, [], { untilPid: Deno.pid });
      await Deno.writeTextFile(ready, "");
    }
    return join(home, "run");
  } finally {
    lock.close();
  }
}

async function environmentOf(server: Server, home: string): Promise<Record<string, string>> {
  const { native, links } = server === "embedded" ? await findBinaries() : { native: DEBIAN_15, links: "" };
  return {
    PG_NATIVE: native,
    PG_HOME: home,
    PG_LINKS: links,
    PG_USER: USER,
    PG_DATABASE: USER,
    PG_REMOVE: "",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
  };
}

async function initialise(server: Server, home: string): Promise<void> {
  const locale = server === "embedded" ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
  const { success, stderr } = await new Deno.Command("sh", {
    args: [SCRIPT, "init", join(home, "cluster"), "--no-sync", ...locale],
    clearEnv: true,
    env: await environmentOf(server, home),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${server} was not initialised: ${new TextDecoder().decode(stderr)}`);
}

/** Runs `$@` with an input that ends when the process $0 is gone. */
const UNTIL_PID = `while kill -0 "$0" 2>/dev/null; do sleep 0.2; done | "$@"`;

async function serve(
  server: Server,
  home: string,
  settings: string[],
  options: { untilPid?: number } = {},
): Promise<{ ended(): Promise<void>; stop(): Promise<void> }> {
  const { untilPid } = options;
  const log = join(home, "server.log");
  await Deno.writeTextFile(log, "");
  const script = ["sh", SCRIPT, "serve", join(home, "cluster")];
  for (
    const setting of [
      "listen_addresses=",
      `unix_socket_directories=${join(home, "run")}`,
      "max_connections=200",
      "shared_buffers=64MB",
      "log_line_prefix=",
      "timezone=UTC",
      "jit=off",
      // A killed server loses nothing without it, only a power cut would: tests are not to wait for the disk.
      "fsync=off",
      ...settings,
    ]
  ) script.push("-c", setting);
  const inner = untilPid === undefined ? ["-c", '"$@"', "sh"] : ["-c", UNTIL_PID, String(untilPid)];
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec 2>"$0"; exec "$@"', log, "sh", ...inner, ...script],
    clearEnv: true,
    env: {
      ...await environmentOf(server, home),
      PG_REMOVE: untilPid === undefined ? "" : home,
    },
    stdin: untilPid === undefined ? "piped" : "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  child.unref();
  let over = false;
  const ended = child.status.then(() => {
    over = true;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await said(log)).includes("ready to accept connections")) {
    if (over || Date.now() > deadline) throw new Error(`${server} did not start: ${await said(log)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const waitForEnd = async () => {
    child.ref();
    await ended;
  };
  return {
    ended: waitForEnd,
    stop: async () => {
      if (over || untilPid !== undefined) return;
      await child.stdin.close();
      await waitForEnd();
    },
  };
}

async function said(log: string): Promise<string> {
  return await exists(log) ? await Deno.readTextFile(log) : "";
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
