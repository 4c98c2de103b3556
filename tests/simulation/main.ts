/**
 * `deno task simulate [--seed N] [--seeds COUNT] [--mutant NAME] [--trace]`: plays runs by their seeds, says what was
 * done to them, and of each that failed which promise was broken, at which step, and how to play it again.
 */
import { parseArgs } from "node:util";
import { runSeeds } from "./campaign.ts";
import type { CampaignResult, Told } from "./campaign.ts";
import { FAULTS } from "./faults.ts";
import type { MutantName } from "./mutants.ts";
import { isMutant, MUTANTS } from "./mutants.ts";
import { simulate } from "./simulation.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    mutant: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

const first = wholeNumber("seed", values.seed ?? "1");
/** Without a seed, a good look; with one, that one. */
const seeds = wholeNumber("seeds", values.seeds ?? (values.seed === undefined ? "1000" : "1"));
const mutant = values.mutant ?? null;
if (mutant !== null && !isMutant(mutant)) {
  fail(
    `--mutant must be one of\n${
      Object.entries(MUTANTS).map(([name, { what }]) => `  ${name}: ${what}`).join("\n")
    }`,
  );
}

const startedAt = performance.now();
if (values.trace) await tell(first, mutant);
const total = await runSeeds({ first, seeds, mutant, failed: (result) => console.log(failureOf(result)) });
console.log(summary(total, performance.now() - startedAt));
Deno.exit(total.failures.length === 0 ? 0 : 1);

/** The trace of one run, in words. */
async function tell(seed: number, mutant: MutantName | null): Promise<void> {
  const { trace } = await simulate({
    seed,
    mutant: mutant === null ? undefined : MUTANTS[mutant],
    trace: true,
  });
  console.log(trace.join("\n"));
}

function failureOf({ seed, violation, hash }: Told): string {
  const as = mutant === null ? "" : ` --mutant ${mutant}`;
  return `seed ${seed}, step ${violation?.step}: ${violation?.invariant}\n  ${violation?.detail}\n` +
    `  trace ${hash}; again: deno task simulate --seed ${seed}${as} --trace`;
}

function summary(total: CampaignResult, ms: number): string {
  const { seeds, steps, lastedMs, events, published, failures } = total;
  const faults = FAULTS.map((fault) => `${fault} ${total.faults.get(fault) ?? 0}`);
  const answers = [...total.answers].map(([kind, count]) => `${kind} ${count}`).sort();
  return [
    `${seeds} seeds from ${first} on, ${failures.length} failed; ${(ms / 1_000).toFixed(1)} s, ` +
    `${(ms / seeds).toFixed(1)} ms a seed`,
    `${steps} steps, ${
      Math.round(lastedMs / 60_000)
    } virtual minutes, ${events} events, ${published} parts went out`,
    `commands: ${answers.join(", ")}`,
    `faults: ${faults.join(", ")}`,
  ].join("\n");
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) fail(`--${name} must be a whole number from 1, not ${text}`);
  return Number(text);
}

function fail(reason: string): never {
  console.error(reason);
  Deno.exit(2);
}
