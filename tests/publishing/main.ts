/**
 * `deno run -A tests/publishing/main.ts [--only NAME] [--runs N] [--first N] [--mutant NAME]`: posts on every platform (on Bluesky only by its name),
 * under faults and crashes. Ends with 1 where a promise was broken.
 */
import { parseArgs } from "node:util";
import { wholeNumber } from "../whole_number.ts";
import { runCampaign } from "./campaign.ts";
import { isMutant, MUTANTS } from "./mutants.ts";
import { openPlay } from "./plays.ts";
import { STAGES } from "./stage.ts";
import { linesOf } from "./table.ts";

const SHOWN = 5;

const { values } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string" },
    runs: { type: "string", default: "1000" },
    first: { type: "string", default: "0" },
    mutant: { type: "string" },
  },
});
// A run on a real network takes seconds: it is a part of its own.
const names = STAGES.filter((name) => values.only === undefined ? name !== "bluesky" : name === values.only);
if (names.length === 0) {
  console.error(`--only must be one of ${STAGES.join(", ")}, not “${values.only}”`);
  Deno.exit(78);
}
if (values.mutant !== undefined && !isMutant(values.mutant)) {
  console.error(`--mutant must be one of ${Object.keys(MUTANTS).join(", ")}, not “${values.mutant}”`);
  Deno.exit(78);
}
let failures = 0;
for (const name of names) {
  const play = await openPlay(name);
  if (play === null) continue;
  try {
    const result = await runCampaign({
      play,
      first: wholeNumber("first", values.first),
      runs: wholeNumber("runs", values.runs),
      mutant: values.mutant === undefined ? undefined : MUTANTS[values.mutant],
      say: console.error,
      failed: (run, violations) => console.log(`run ${run}: ${violations.slice(0, SHOWN).join("; ")}`),
    });
    failures += result.failures.size;
    console.log(linesOf(play, result));
  } finally {
    await play.close();
  }
}
Deno.exit(failures > 0 ? 1 : 0);
