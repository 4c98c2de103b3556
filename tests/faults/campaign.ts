/** All rounds of a plan, in worlds of a few rounds each: who was suspected lives alone for a while, and worlds wear out. */
import type { Plan, Round } from "./plan.ts";
import { replayLine, roundsOf } from "./plan.ts";
import type { RoundResult } from "./round.ts";
import { playRound } from "./round.ts";
import { verifyWorld } from "./verify.ts";
import type { World } from "./world.ts";
import { openWorld } from "./world.ts";

const ROUNDS_A_WORLD = 6;

export interface CampaignOptions extends Plan {
  /** Worlds beside each other. */
  lanes: number;
  say: (line: string) => void;
}

export interface CampaignResult {
  rounds: RoundResult[];
  worlds: number;
  posts: number;
  commands: number;
  violations: string[];
}

/** Ends after the world in which the first violation was found. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const todo = roundsOf(options);
  const result: CampaignResult = { rounds: [], worlds: 0, posts: 0, commands: 0, violations: [] };
  await Promise.all(Array.from({ length: options.lanes }, async () => {
    while (todo.length > 0 && result.violations.length === 0) await inOneWorld(todo, options, result);
  }));
  if (result.violations.length > 0) {
    result.violations.push(
      `all of it again: deno task faults --seed ${options.seed} --rounds ${options.rounds}`,
    );
  }
  return result;
}

/** Takes rounds from `todo`, and adds to `result`. */
async function inOneWorld(
  todo: Round[],
  { seed, say }: CampaignOptions,
  result: CampaignResult,
): Promise<void> {
  const world = await openWorld(seed + ++result.worlds);
  try {
    for (let played = 0; played < ROUNDS_A_WORLD && world.violations.length === 0; played++) {
      const round = todo.shift();
      if (round === undefined) break;
      const came = await playRound(world, round);
      if (came === null) {
        todo.unshift(round);
        if (played === 0) throw new Error("nobody shares a cell in a new world");
        break;
      }
      say(lineOf(came));
      result.rounds.push(came);
      world.violations.push(...came.violations.map((one) => `${one}\n  again: ${replayLine(round, seed)}`));
    }
    await world.finish();
    world.violations.push(...await verifyWorld(world));
  } catch (error) {
    world.violations.push(error instanceof Error ? error.stack ?? error.message : String(error));
  } finally {
    add(world, result);
    await world.close();
  }
}

function add({ inhabitants, running, violations }: World, result: CampaignResult): void {
  for (const { ledger, caller } of inhabitants) {
    result.posts += ledger.approved.size;
    result.commands += caller.answered.length;
  }
  result.violations.push(...violations);
  if (violations.length > 0) {
    result.violations.push(`the last lines of that world:\n  ${running.reports.slice(-30).join("\n  ")}`);
  }
}

function lineOf({ round, fallenWaits, recoveries, violations }: RoundResult): string {
  const answered = recoveries.map((ms) => `${Math.round(ms)} ms`).join(", ");
  return `${round.shown} ${round.number}: ${fallenWaits.length} innocents fell, all answered after ${answered}; ` +
    (violations.length === 0 ? "nothing violated" : `violated: ${violations.join("; ")}`);
}
