import type { CampaignResult } from "./campaign.ts";
import type { StagePlay } from "./stage.ts";
import { type Counts, told } from "./tally.ts";

/** For people, and to be quoted: what was done, how it ended, what struck. */
export function linesOf({ name, faults }: StagePlay, result: CampaignResult): string {
  const { runs, failures, parts, partsOut, attempts, doubts, ends, struck, storms, ms } = result;
  const posts = Object.values(ends).reduce((sum, count) => sum + count, 0);
  const missed = missedOf(faults, struck);
  return [
    `${name}: ${runs} runs in ${(ms / 1_000).toFixed(1)} s, ${failures.size} broke a promise`,
    `  ${posts} posts of ${parts} parts, ${partsOut} parts out; ${attempts} attempts, ${doubts} of them in doubt`,
    `  posts ended: ${told(ends)}`,
    `  ${faults.length - missed.length} of ${faults.length} faults struck: ${told(struck)}${
      missed.length > 0 ? `; not ${missed.join(", ")}` : ""
    }`,
    `  besides: ${told(storms)}`,
    `  ${result.crashes} crashes, ${result.refusals} refusals of leave, ${result.resolved} looks by a person, ${result.relinked} links anew`,
  ].join("\n");
}

/** Faults that no request met. */
export function missedOf(faults: readonly string[], struck: Counts): string[] {
  return faults.filter((fault) => struck[fault] === undefined);
}
