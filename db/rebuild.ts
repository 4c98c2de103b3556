/** `deno task rebuild`: makes every projection again from the events. Refuses while the program runs. */
import { runTask, type TaskSettings, taskSettings, withTaskDatabase } from "./archive/task.ts";
import { rebuildProjections } from "./log/rebuild.ts";
import { migrate } from "./migrate.ts";
import { projections } from "./projections/all.ts";

export function rebuild(settings: TaskSettings): Promise<string> {
  return withTaskDatabase(settings, console.error, async (database) => {
    await migrate(database);
    const events = await rebuildProjections({ connection: database.config(), projections });
    return `${projections.length} projections made again from ${events} events.`;
  });
}

if (import.meta.main) await runTask("rebuild", () => rebuild(taskSettings()));
