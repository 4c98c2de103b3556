/** What is over is removed: foreign words past their time, and what nobody refers to. At start and then every hour. */
import type { WordKeeping } from "./log/store.ts";
import { sweep } from "./persona_files.ts";
import type { Sql } from "./sql.ts";

const EVERY_MS = 3_600_000;

/** Returns the way to stop. `report` is told how many were purged, and of failures. */
export function keepRetention(
  words: Pick<WordKeeping, "purgeWords">,
  sql: Sql,
  report: (line: string) => void,
): () => void {
  const purge = async () => {
    try {
      const purged = await words.purgeWords(new Date().toISOString());
      if (purged > 0) report(`${purged} texts of others were purged: their time was over`);
      await sweep(sql);
    } catch (error) {
      report(
        `what is over could not be removed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  void purge();
  const timer = setInterval(() => void purge(), EVERY_MS);
  return () => clearInterval(timer);
}
