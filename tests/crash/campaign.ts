/** All aims, the two platforms beside each other: two programs run at once, never more. */
import { missing, startBlueskyNetwork } from "../bluesky_network/network.ts";
import type { ChainResult } from "./chain.ts";
import { runChain } from "./chain.ts";
import { removeTemplate } from "./data_dir.ts";
import { aims } from "./plan.ts";
import { bluesky, sandbox } from "./platform.ts";
import type { Platform } from "./platform.ts";
import { failureOf } from "./table.ts";

/** The part of a chain's time in which it is crashed; the rest is for coming to rest and for looking. */
const CRASHING = 0.75;

export interface CampaignOptions {
  rounds: number;
  seed: number;
  only: string | null;
  say: (line: string) => void;
  /** Each platform's chains share this time; one that has used its part up ends after 3 rounds. @default none */
  budgetMs?: number;
}

export async function runCampaign(options: CampaignOptions): Promise<ChainResult[]> {
  const results = await Promise.all([onSandbox(options), onBluesky(options)]).finally(removeTemplate);
  if (results.flat().length === 0) throw new Error(`nothing is called ${options.only}`);
  return results.flat();
}

export function onSandbox(options: CampaignOptions): Promise<ChainResult[]> {
  return chains(sandbox, options);
}

export async function onBluesky(options: CampaignOptions): Promise<ChainResult[]> {
  if (aims("bluesky", options.only).length === 0) return [];
  const lacking = await missing();
  if (lacking !== null) {
    options.say(`left out: ${lacking}`);
    return [];
  }
  const network = await startBlueskyNetwork({ say: options.say });
  try {
    return await chains(bluesky(network), options);
  } finally {
    await network.stop();
  }
}

async function chains(platform: Platform, options: CampaignOptions): Promise<ChainResult[]> {
  const { rounds, seed, only, say, budgetMs = Infinity } = options;
  const results: ChainResult[] = [];
  const until = performance.now() + budgetMs;
  const todo = aims(platform.name, only);
  for (const [done, aim] of todo.entries()) {
    const share = (until - performance.now()) / (todo.length - done);
    const result = await runChain({ aim, platform, seed, rounds, enoughMs: share * CRASHING });
    results.push(result);
    say(
      failureOf(result) ?? `${result.replay.slice(18)}: ${result.rounds} crashes, ${result.posts} posts, ` +
          `${result.seconds.toFixed(1)} s, nothing violated`,
    );
  }
  return results;
}
