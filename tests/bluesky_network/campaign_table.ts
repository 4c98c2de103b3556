import type { CampaignResult } from "./campaign.ts";

/** The result, for people. */
export function linesOf(result: CampaignResult): string {
  const { ended, parts, attempts, looks, crashes, faults, reasons, violations, seed, ms } = result;
  const runs = Object.values(ended).reduce((sum, count) => sum + count, 0);
  const counts = Object.entries(ended).map(([kind, count]) => `${count} ${kind}`).join(", ");
  const laid = Object.entries(faults).sort(([, a], [, b]) => b - a).map(([name, count]) =>
    `${name} ${count}`
  );
  return [
    `${runs} runs with seed ${seed} on a real PDS, ${parts} parts, ${(ms / 1000).toFixed(1)} s: ${counts}`,
    `${attempts} attempts, ${looks} looks, ${crashes} crashes; faults laid: ${laid.join(", ")}`,
    ...reasons,
    ...violations,
    `${violations.length} violations`,
  ].join("\n");
}
