import assert from "node:assert/strict";
import { runSeeds } from "./campaign.ts";
import { FAULTS } from "./faults.ts";
import type { MutantName } from "./mutants.ts";
import { isMutant, MUTANTS } from "./mutants.ts";
import { simulate } from "./simulation.ts";

const SEEDS = 10_000;
/** Seeds within which each mutant is caught. */
const SEEDS_FOR_A_MUTANT = 500;

/** Which promise each mutant breaks, where it is seen first. */
const BROKEN: Record<MutantName, RegExp> = {
  "acknowledge-before-commit": /no acknowledged event is lost/,
  "retry-without-dedup": /carried out once|answered as the first time/,
  "no-fence": /versions and positions are contiguous/,
  "restart-before-death": /at most one live actor/,
  "take-over-at-once": /at most one live actor/,
  "no-reconcile": /at most one visible post/,
  "one-look-is-enough": /at most one visible post/,
  "doubt-counts-as-sent": /what is said to be out is out|parts go out in their order/,
  "doubt-counts-as-unsent": /nothing of a held-back post is out/,
  "parts-forgotten": /at most one visible post/,
  "leave-once-a-thread": /without a permit/,
  "window-not-heeded": /a window that is used up/,
  "heard-again": /what was said is taken in once|an interaction is answered once/,
  "deletion-believed": /a deleted post is gone/,
  "send-without-permit": /without a permit/,
  "stop-not-heeded": /no leave is given for what is stopped/,
  "hear-twice": /throws for nothing|committed intent/,
  "boundless-mailbox": /within their bounds/,
  "letter-lost-in-crash": /is not answered/,
  "outcome-turned-away": /in calm everything comes to its end/,
  "snapshot-too-new": /only the guilty one is charged|snapshot and its tail|comes to its end/,
};

Deno.test(`${SEEDS} seeds keep every promise, and meet every fault`, async () => {
  const { failures, faults, published } = await runSeeds({ first: 1, seeds: SEEDS });
  const lines = failures.map(({ seed, violation }) =>
    `${violation?.invariant}: ${violation?.detail}; deno task simulate --seed ${seed} --trace`
  );
  assert.deepEqual(lines, []);
  for (const fault of FAULTS) assert.ok((faults.get(fault) ?? 0) > 0, `${fault} never happened`);
  assert.ok(published > SEEDS, `${published} parts went out`);
});

Deno.test("a seed gives the same run each time, another seed another", async () => {
  const hashes = [];
  for (const seed of [1, 2, 3, 1, 2, 3]) hashes.push((await simulate({ seed })).hash);
  assert.deepEqual(hashes.slice(0, 3), hashes.slice(3));
  assert.equal(new Set(hashes).size, 3);
});

for (const name of Object.keys(MUTANTS).filter(isMutant)) {
  Deno.test(`the mutant ${name} is caught, in a seed that passes without it`, async () => {
    const mutant = MUTANTS[name];
    for (let seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
      const { violation } = await simulate({ seed, mutant });
      if (violation === null || !BROKEN[name].test(`${violation.invariant}: ${violation.detail}`)) continue;
      assert.equal((await simulate({ seed })).violation, null);
      return;
    }
    assert.fail(`${SEEDS_FOR_A_MUTANT} seeds did not show that ${mutant.what}`);
  });
}
