/**
 * What is over is removed: foreign words when their time comes, what was never connected with them, and what nobody refers to
 * every hour. Times are the
 * database's rows: nothing is remembered here, so that a restart or a clock that was set loses nothing.
 */
import { type Clock, systemClock, type Timer } from "../actors/ports.ts";
import type { WordKeeping } from "./log/store.ts";
import { forgetOldOAuthStates } from "./oauth_state.ts";
import { sweep } from "./persona_files.ts";
import type { Sql } from "./sql.ts";

/** The longest time between two looks at what is due: a row that came after the last look may be due before the next. */
const LOOK_MS = 60_000;
/** The shortest, so that rows which fall due one by one are purged together. */
const REST_MS = 1_000;
const SWEEP_MS = 3_600_000;

/** Purges at once, then when the next row is due, never later than a minute after. Returns the way to stop. `report` is told of failures and of how many were purged. */
export function keepRetention(
  words: WordKeeping,
  sql: Sql,
  report: (line: string) => void,
  clock: Clock = systemClock,
): () => void {
  let stopped = false;
  let timer: Timer | null = null;
  let sweptAt: number | null = null;

  const round = async (): Promise<void> => {
    const waitMs = await purge();
    if (sweptAt === null || clock.now() - sweptAt >= SWEEP_MS) {
      sweptAt = clock.now();
      await sweep(sql).catch((error) => failed("what nobody refers to", error));
    }
    await forgetOldOAuthStates(sql, clock.now()).catch((error) => failed("what was never connected", error));
    if (!stopped) timer = clock.after(waitMs, () => void round());
  };

  /** Answers in how many ms to look again. */
  const purge = async (): Promise<number> => {
    try {
      const { texts, profiles } = await words.purgeWords(new Date(clock.now()).toISOString());
      if (texts > 0) report(`${texts} texts of others were purged: their time was over`);
      if (profiles > 0) report(`the authors of ${profiles} texts of others were purged: their time was over`);
      const next = await words.nextPurge();
      return next === null ? LOOK_MS : Math.min(Math.max(Date.parse(next) - clock.now(), REST_MS), LOOK_MS);
    } catch (error) {
      failed("what is over", error);
      return LOOK_MS;
    }
  };

  const failed = (what: string, error: unknown) =>
    report(`${what} could not be removed: ${error instanceof Error ? error.message : String(error)}`);

  void round();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}
