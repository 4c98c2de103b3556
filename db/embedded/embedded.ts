import { join } from "node:path";
import type { ClientConfig } from "pg";
import { type Binaries, findBinaries } from "./binaries.ts";
import { initialiseOnce } from "./cluster.ts";
import { lockData } from "./data_lock.ts";
import { spawnServer } from "./server_process.ts";
import { chooseSocketFolder } from "./socket_folder.ts";
import { supervise } from "./supervise.ts";

export { EmbeddedPostgresError } from "./binaries.ts";

const USER = "digi_persona";
const DATABASE = "digi_persona";

export interface EmbeddedOptions {
  /** Where everything lies: the cluster goes to `dataDir/postgres`. Made when absent. */
  dataDir: string;
  /** Lines for people: what the server reports, and when it is started again. */
  log: (line: string) => void;
  /** Further server settings, `name=value`, for tests. */
  settings?: string[];
  /** How root runs it: "drop" skips the user namespace. For tests. @default "namespace" */
  rootMode?: "namespace" | "drop";
}

export interface EmbeddedPostgres {
  socketDir: string;
  /** For `npm:pg`. */
  config: ClientConfig;
  /** For other clients; there is no password: who may enter the socket's folder (mode 0700) may connect. */
  connectionString: string;
  /** The server's own process id, for tests that kill it. It changes when the server was started again. */
  readonly serverPid: number;
  /** Disconnects whoever is left and shuts down cleanly. */
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL on a Unix socket, durable, initialised on the first start, stopped by its guard when this process is gone.
 * While it runs, a server that dies is started again on the same socket.
 *
 * Permissions: run `sh`; read node_modules and `dataDir`; write `dataDir`; where `dataDir` is too long for a socket also read and
 * write /tmp. Throws EmbeddedPostgresError, with what to do about it.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  await Deno.mkdir(options.dataDir, { recursive: true });
  const dataDir = await Deno.realPath(options.dataDir);
  const home = join(dataDir, "postgres");
  await Deno.mkdir(home, { recursive: true, mode: 0o700 });
  const lock = await lockData(home, dataDir);
  try {
    const environment = environmentOf(binaries, home, options);
    const cluster = join(home, "cluster");
    await initialiseOnce(cluster, join(home, "new"), environment, options.log);
    const socket = await chooseSocketFolder(join(home, "run"));
    const supervised = await supervise(
      () =>
        spawnServer({
          cluster,
          settings: settingsOf(socket.folder, options.settings ?? []),
          environment: { ...environment, PG_REMOVE: socket.temporary ? socket.folder : "" },
          prepare: socket.prepare,
          log: options.log,
        }),
      options.log,
    );
    return {
      socketDir: socket.folder,
      config: { host: socket.folder, port: 5432, user: USER, database: DATABASE },
      connectionString: `postgres://${USER}@/${DATABASE}?host=${encodeURIComponent(socket.folder)}`,
      get serverPid() {
        return supervised.pid();
      },
      stop: async () => {
        await supervised.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Where a running program's embedded server listens, for `backup`; null when none seems to run. */
export async function runningEmbedded(dataDir: string): Promise<ClientConfig | null> {
  let file: string;
  try {
    file = await Deno.readTextFile(join(dataDir, "postgres", "cluster", "postmaster.pid"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const [, , , port, host] = file.split("\n");
  if (port === undefined || !host) return null;
  return { host, port: Number(port), user: USER, database: DATABASE };
}

function environmentOf(binaries: Binaries, home: string, options: EmbeddedOptions): Record<string, string> {
  return {
    PG_NATIVE: binaries.native,
    PG_HOME: home,
    PG_LINKS: binaries.links,
    PG_USER: USER,
    PG_DATABASE: DATABASE,
    PG_MODE: options.rootMode ?? "namespace",
    PG_REMOVE: "",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
  };
}

function settingsOf(socketFolder: string, further: string[]): string[] {
  return [
    "listen_addresses=",
    `unix_socket_directories=${socketFolder}`,
    "unix_socket_permissions=0700",
    "fsync=on",
    "synchronous_commit=on",
    "max_connections=60",
    "shared_buffers=64MB",
    "max_wal_size=512MB",
    "max_wal_senders=0",
    "wal_level=minimal",
    "max_logical_replication_workers=0",
    "max_parallel_workers_per_gather=0",
    "io_method=sync",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=",
    // Rows and parameters may be secret or foreign: reports carry the message alone.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_checkpoints=off",
    ...further,
  ].flatMap((setting) => ["-c", setting]);
}
