/** Foreign words are purged when their time is over, at start and from then on every hour. */
import type { WordKeeping } from "./log/store.ts";

const EVERY_MS = 3_600_000;

/** Returns the way to stop. `report` is told how many were purged, and of failures. */
export function keepRetention(
  words: Pick<WordKeeping, "purgeWords">,
  report: (line: string) => void,
): () => void {
  const purge = async () => {
    try {
      const purged = await words.purgeWords(new Date().toISOString());
      if (purged > 0) report(`${purged} texts of others were purged: their time was over`);
    } catch (error) {
      report(
        `texts of others could not be purged: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  void purge();
  const timer = setInterval(() => void purge(), EVERY_MS);
  return () => clearInterval(timer);
}
