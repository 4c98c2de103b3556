import { EMBEDDED_MAJOR, EmbeddedPostgresError, SET_DATABASE_URL } from "./binaries.ts";
import { join } from "node:path";
import { lastLines, SCRIPT } from "./server_process.ts";

/** The same order of texts on every system, without the system's own locales. */
const BUILTIN_LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];

/** Into a folder with another name first, so that a first start that is killed leaves nothing that looks like a cluster. */
export async function initialiseOnce(
  cluster: string,
  unfinished: string,
  environment: Record<string, string>,
  log: (line: string) => void,
): Promise<void> {
  let major: string;
  try {
    major = (await Deno.readTextFile(join(cluster, "PG_VERSION"))).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    log("making the database: this is the first start");
    await removeFolder(unfinished);
    const { success, stderr } = await new Deno.Command("sh", {
      args: [SCRIPT, "init", unfinished, ...BUILTIN_LOCALE],
      clearEnv: true,
      env: environment,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) {
      const reason = lastLines(new TextDecoder().decode(stderr).split("\n"));
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL could not be initialised: ${reason}. If it cannot run here, ${SET_DATABASE_URL}.`,
      );
    }
    await Deno.rename(unfinished, cluster);
    return;
  }
  if (major !== EMBEDDED_MAJOR) {
    throw new EmbeddedPostgresError(
      `${cluster} was made by PostgreSQL ${major}, this digi-persona carries ${EMBEDDED_MAJOR}: make a backup with the ` +
        `version that made it, move the folder away, and restore.`,
    );
  }
}

async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
