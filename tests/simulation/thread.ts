/** The entry of a thread of a campaign. */
/// <reference lib="deno.worker" />
import type { Share, Told } from "./campaign.ts";
import { MUTANTS } from "./mutants.ts";
import { simulate } from "./simulation.ts";

self.onmessage = async ({ data: { first, count, mutant } }: MessageEvent<Share>) => {
  const told: Told[] = [];
  for (let seed = first; seed < first + count; seed++) {
    const { trace: _, ...result } = await simulate({
      seed,
      mutant: mutant === null ? undefined : MUTANTS[mutant],
    });
    told.push(result);
  }
  self.postMessage(told);
};
