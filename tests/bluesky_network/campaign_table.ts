import type { CampaignResult } from "./campaign.ts";

/** The result, for people. */
export function linesOf(result: CampaignResult): string {
  const { ended, parts, partsOut, attempts, looks, crashes, faults, reasons, violations, seed, ms } = result;
  const runs = Object.values(ended).reduce((sum, count) => sum + count, 0);
  const counts = Object.entries(ended).map(([kind, count]) => `${count} ${kind}`).join(", ");
  const met = Object.entries(faults).sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} ${name}`);
  return [
    ...reasons,
    ...violations,
    `${runs} runs with seed ${seed} on a real PDS in ${
      (ms / 1000).toFixed(1)
    } s, ${parts} parts, ${partsOut} parts out`,
    `posts ended: ${counts}`,
    `${attempts} attempts, ${looks} looks, ${crashes} crashes; faults that struck: ${met.join(", ")}`,
    `${violations.length} violations`,
  ].join("\n");
}
