/**
 * `deno task faults [--seed N] [--only FAULT] [--rounds 20]`: each fault so often, with a table at the end. Ends with 1 when
 * anything was violated.
 */
import { parseArgs } from "node:util";
import { wholeNumber } from "../whole_number.ts";
import { runCampaign } from "./campaign.ts";
import { SHOWN } from "./plan.ts";
import { tableOf } from "./table.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "20" },
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint16Array(1))[0]) },
    only: { type: "string" },
  },
});
const rounds = wholeNumber("rounds", values.rounds);
const seed = wholeNumber("seed", values.seed);
const only = SHOWN.find((shown) => shown === values.only) ?? null;
if (values.only !== undefined && only === null) {
  console.error(`--only must be one of ${SHOWN.join(", ")}, not “${values.only}”`);
  Deno.exit(78);
}
console.log(`real faults: ${rounds} rounds each, seed ${seed}`);
// One world at a time: the times in the table are those of one program on this machine.
const result = await runCampaign({ rounds, seed, only, lanes: 1, say: console.log });
console.log(tableOf(result));
if (result.violations.length > 0) console.error(result.violations.join("\n"));
Deno.exit(result.violations.length > 0 ? 1 : 0);
