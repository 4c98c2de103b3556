/**
 * Prints the permission flags of main that depend on the machine and the settings, for the task `start`. The rest
 * stands in `deno.json`. Files: the project (pages, migrations, binaries of Postgres), DATA_DIR, and files that settings
 * name. Programs: Deno itself for cells, and `sh` for the embedded Postgres and its guard.
 */
import { parseEnv } from "node:util";
import { environmentNames } from "../config.ts";

function dotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

const file = dotEnv();
const get = (name: string) => Deno.env.get(name) ?? file[name];
const names = environmentNames();
const dataDir = get("DATA_DIR") || "./data";
const secretFiles = names.filter((name) => name.endsWith("_FILE")).flatMap((name) => get(name) || []);
// The folder of a socket whose path in DATA_DIR would be too long.
const read = [".", dataDir, "/tmp", ...secretFiles];
const unsafe = [...read, Deno.execPath()].find((path) => /[\s,]/.test(path));
if (unsafe !== undefined) {
  console.error(`digi-persona: a path with a space or a comma cannot be permitted: ${unsafe}`);
  Deno.exit(78);
}
console.log([
  `--allow-read=${read.join(",")}`,
  `--allow-write=${dataDir},/tmp`,
  `--allow-run=sh,${Deno.execPath()}`,
  `--allow-env=${[...names, "HOME", "DENO_DIR", "XDG_CACHE_HOME", "PG*", "NODE_*", "USER"].join(",")}`,
].join(" "));
