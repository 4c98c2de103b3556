/** A DATA_DIR with a database that nobody has used yet: made once, copied for each chain. */
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../db/embedded/embedded.ts";

let template: Promise<string> | null = null;

/** A new folder; the caller removes it. */
export async function freshDataDir(): Promise<string> {
  template ??= makeTemplate();
  const dataDir = await Deno.makeTempDir({ prefix: "dp-crash-" });
  await copy(join(await template, "postgres"), dataDir);
  return dataDir;
}

/** Removes what copies were made from. */
export async function removeTemplate(): Promise<void> {
  if (template === null) return;
  const folder = await template;
  template = null;
  await Deno.remove(folder, { recursive: true });
}

async function makeTemplate(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "dp-crash-template-" });
  const embedded = await startEmbeddedPostgres({ dataDir: folder, log: () => {} });
  await embedded.stop();
  return folder;
}

async function copy(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("cp", { args: ["-a", from, to], stderr: "piped" })
    .output();
  if (!success) throw new Error(`${from} was not copied: ${new TextDecoder().decode(stderr)}`);
}
