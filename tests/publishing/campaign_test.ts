/** A seeded slice of what `deno task soak` runs in full, and the mistakes that it has to find. */
import assert from "node:assert/strict";
import { runCampaign } from "./campaign.ts";
import { MUTANTS } from "./mutants.ts";
import { openPlay } from "./plays.ts";
import type { StageName, StagePlay } from "./stage.ts";
import { linesOf, missedOf } from "./table.ts";

/** So many are enough for every fault to strike. */
const ENOUGH = 30;
/** A run on the real network takes seconds: `soak` does the rest of it. */
const RUNS: Record<StageName, number> = {
  x: 60,
  "linkedin-page": 60,
  "linkedin-member": 60,
  sandbox: 30,
  bluesky: 8,
};
/** Runs from a mutant's seed on within which it is found: what is real in a run takes its own time. */
const MUTANT_RUNS = 8;

for (const [name, runs] of Object.entries(RUNS)) {
  Deno.test(`publishing on ${name}`, async (test) => {
    const play = await openPlay(name as StageName);
    if (play === null) return;
    try {
      await test.step(
        "under faults, crashes and refusals nothing is out twice, lost unsaid, or wrongly said to be out",
        () => holds(play, runs),
      );
      for (const mutant of Object.values(MUTANTS)) {
        const first = mutant.on[play.name];
        if (first === undefined) continue;
        await test.step(`the campaign finds that ${mutant.what}`, async () => {
          const { failures } = await runCampaign({
            play,
            first,
            runs: MUTANT_RUNS,
            mutant,
            stopAtFirst: true,
          });
          assert.equal(failures.size, 1, `not found within ${MUTANT_RUNS} runs from ${first} on`);
        });
      }
    } finally {
      await play.close();
    }
  });
}

async function holds(play: StagePlay, runs: number): Promise<void> {
  const result = await runCampaign({ play, first: 0, runs });
  console.log(linesOf(play, result));
  assert.deepEqual([...result.failures], []);
  const missed = missedOf(play.faults, result.struck);
  if (runs >= ENOUGH) {
    assert.deepEqual(missed, [], "every fault struck");
    assert.ok(result.crashes > 0 && result.refusals > 0 && result.relinked > 0, linesOf(play, result));
  }
  const out = Object.entries(result.ends).reduce(
    (sum, [end, count]) => /^(published|deleted) /.test(end) ? sum + count : sum,
    0,
  );
  assert.ok(out > runs * 2 / 3, `most go out in spite of it all: ${linesOf(play, result)}`);
}
