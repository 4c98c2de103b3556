import { join } from "node:path";
import { EmbeddedPostgresError } from "./binaries.ts";

/**
 * Holds `folder/lock` until released or until this process is gone, however it goes. `dataDir` is what the message names.
 * Throws EmbeddedPostgresError when another process holds it.
 */
export async function lockData(folder: string, dataDir: string): Promise<{ release(): void }> {
  const file = await Deno.open(join(folder, "lock"), { read: true, write: true, create: true, mode: 0o600 });
  if (!await file.tryLock(true)) {
    const holder = await new Response(file.readable).text();
    throw new EmbeddedPostgresError(
      `DATA_DIR ${dataDir} is in use by another running digi-persona (process ${
        holder.trim() || "unknown"
      }): ` +
        `stop it, or set another DATA_DIR.`,
    );
  }
  await file.truncate(0);
  await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
  return { release: () => file.close() };
}
