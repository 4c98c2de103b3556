/**
 * Prints the permission flags of main that depend on the machine and the settings, for the task `start`; the rest stands in
 * `deno.json`. Why each is needed: docs/architecture.md. When it cannot, it says why and prints a script that ends at once, so
 * that the task does not go on without permissions.
 */
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { environmentNames } from "../config.ts";

/**
 * What main reads of the project: settings, migrations and the script that runs Postgres, style sheets, packages, and the source of
 * the workers that read persona files and pictures.
 */
const PROJECT = [".env", "actors", "db", "media", "static", "node_modules"];
/** Read by npm packages: where to connect (pg), how to behave (others). */
const READ_BY_PACKAGES = ["PG*", "NODE_*", "USER"];
/** For cells to find Deno's cache. */
const PASSED_TO_CELLS = ["HOME", "DENO_DIR", "XDG_CACHE_HOME"];
const OLDEST_DENO = [2, 9] as const;
/** The guard of the embedded Postgres is found on a PATH of our own, whatever this one is. */
const SHELLS = ["sh", "/bin/sh", "/usr/bin/sh"];
/** Above this a socket in DATA_DIR may have too long a path for the system, and Postgres gets a folder below /tmp for it. */
const SURE_SOCKET_PATH_BYTES = 90;

function permissions(): string[] {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  if (major < OLDEST_DENO[0] || major === OLDEST_DENO[0] && minor < OLDEST_DENO[1]) {
    throw new Error(
      `this is Deno ${Deno.version.deno}, and 2.9.6 is needed: npm install --global deno@2.9.6, or npx -y deno@2.9.6 task start`,
    );
  }
  const file = dotEnv();
  const get = (name: string) => Deno.env.get(name) || file[name];
  const names = environmentNames();
  const dataDir = get("DATA_DIR") || "./data";
  const url = get("DATABASE_URL") || fileOf(get("DATABASE_URL_FILE"));
  const folders = [dataDir, ...url ? socketFolders(url, get("PGHOST")) : embeddedSocketFolders(dataDir)];
  const secretFiles = names.filter((name) => name.endsWith("_FILE")).flatMap((name) => get(name) || []);
  const read = [...PROJECT, ...folders, ...secretFiles];
  const unsafe = [...read, Deno.execPath()].find((path) => /[\s,]/.test(path));
  if (unsafe !== undefined) throw new Error(`a path with a space or a comma cannot be permitted: ${unsafe}`);
  return [
    `--allow-read=${read.join(",")}`,
    `--allow-write=${folders.join(",")}`,
    `--allow-run=${[...SHELLS.filter(exists), Deno.execPath()].join(",")}`,
    `--allow-env=${[...names, ...PASSED_TO_CELLS, ...READ_BY_PACKAGES].join(",")}`,
  ];
}

function dotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** The socket's own folder, where it cannot lie in DATA_DIR. */
function embeddedSocketFolders(dataDir: string): string[] {
  const socket = `${realPath(dataDir)}/postgres/run/.s.PGSQL.5432`;
  return new TextEncoder().encode(socket).length > SURE_SOCKET_PATH_BYTES ? ["/tmp"] : [];
}

/** Where a DATABASE_URL names a socket's folder instead of a host. What is wrong with it is told by the program. */
function socketFolders(url: string, pgHost: string | undefined): string[] {
  const whole = url.replace("@/", "@localhost/").replace(":///", "://localhost/");
  if (!URL.canParse(whole)) return [];
  const { hostname, searchParams } = new URL(whole);
  const hosts = [searchParams.get("host") ?? decodeURIComponent(hostname), pgHost ?? ""];
  return hosts.filter((host) => host.startsWith("/"));
}

function fileOf(path: string | undefined): string {
  if (!path) return "";
  try {
    return Deno.readTextFileSync(path).trim();
  } catch (error) {
    // The program names the setting.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return "";
    throw error;
  }
}

function exists(program: string): boolean {
  if (!program.startsWith("/")) return true;
  try {
    return Deno.statSync(program).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    // On the first start it is not there yet.
    if (error instanceof Deno.errors.NotFound) return resolve(path);
    throw error;
  }
}

try {
  console.log(permissions().join(" "));
} catch (error) {
  console.error(`digi-persona did not start: ${error instanceof Error ? error.message : String(error)}`);
  console.log("start/refused.ts");
}
