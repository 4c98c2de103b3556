/** Settings from the environment and `.env`; what the environment says wins. */
import { parseEnv } from "node:util";
import type { Config } from "../config.ts";
import { environmentNames, readConfig } from "../config.ts";

/** Throws ConfigError, one line that names the setting. */
export function loadConfig(): Config {
  const file = readDotEnv();
  const known = new Set(environmentNames());
  const env = (name: string) => known.has(name) ? Deno.env.get(name) ?? file[name] : undefined;
  return readConfig(env, (path) => Deno.readTextFileSync(path));
}

function readDotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
