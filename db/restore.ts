/** `deno task restore FILE`: fills an empty database from a backup. Refuses while the program runs. */
import { readBackup } from "./archive/read.ts";
import { runTask, type TaskSettings, taskSettings, withTaskDatabase } from "./archive/task.ts";
import { rebuildProjections } from "./log/rebuild.ts";
import { projections } from "./projections/all.ts";

export function restore(settings: TaskSettings, path: string): Promise<string> {
  return withTaskDatabase(settings, console.error, async (database) => {
    const tables = projections.map(({ table }) => table);
    const { head, rows } = await readBackup(database, { path, projections: tables });
    await rebuildProjections({ connection: database.config(), projections });
    return `${head} events and ${rows} rows restored. At the next start nothing goes out until a person says go; the vault needs ` +
      `the key that it had (DIGI_PERSONA_KEY, or vault.key in DATA_DIR).`;
  });
}

if (import.meta.main) {
  await runTask("restore", () => {
    const [path] = Deno.args;
    if (path === undefined || Deno.args.length > 1) throw new Error("say from where: deno task restore FILE");
    return restore(taskSettings(), path);
  });
}
