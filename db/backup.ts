/** `deno task backup FILE`: writes everything into one file, also while the program runs. */
import { runTask, type TaskSettings, taskSettings, withTaskDatabase } from "./archive/task.ts";
import { writeBackup } from "./archive/write.ts";
import { appliedMigrations } from "./migrate.ts";
import { projections } from "./projections/all.ts";

export function backup(settings: TaskSettings, path: string, createdAt: string): Promise<string> {
  return withTaskDatabase(settings, console.error, async (database) => {
    // Not migrated: an older program may be running on it.
    if ((await appliedMigrations(database)).length === 0) {
      throw new Error("The database is empty: there is nothing to back up.");
    }
    const tables = projections.map(({ table }) => table);
    const { head, rows } = await writeBackup(database, { path, projections: tables, createdAt });
    return `${path}: ${head} events, ${rows} rows. The key of the vault is not in it: keep DIGI_PERSONA_KEY, or vault.key ` +
      `of DATA_DIR, apart; without it the accounts must be connected again.`;
  });
}

if (import.meta.main) {
  await runTask("backup", () => {
    const [path] = Deno.args;
    if (path === undefined || Deno.args.length > 1) throw new Error("say where to: deno task backup FILE");
    return backup(taskSettings(), path, new Date().toISOString());
  });
}
