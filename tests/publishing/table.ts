import type { CampaignResult } from "./campaign.ts";
import type { StagePlay } from "./stage.ts";

/** For people. */
export function linesOf({ name, faults }: StagePlay, result: CampaignResult): string {
  const { runs, failures, struck, ends, crashes, refusals, resolved, relinked, ms } = result;
  const missed = faults.filter((fault) => !struck.has(fault));
  return [
    `${name}: ${runs} runs in ${(ms / 1_000).toFixed(1)} s, ${failures.size} broke a promise`,
    `  posts: ${Object.entries(ends).map(([end, count]) => `${count} ${end}`).join(", ")}`,
    `  ${struck.size} of ${faults.length} faults struck${
      missed.length > 0 ? `, not ${missed.join(", ")}` : ""
    }`,
    `  ${crashes} crashes, ${refusals} refusals of leave, ${resolved} looks by a person, ${relinked} links anew`,
  ].join("\n");
}
