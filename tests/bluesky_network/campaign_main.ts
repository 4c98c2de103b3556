/** The campaign on a real PDS by hand: `campaign_main.ts [--runs 300] [--seed N]`. Ends with 1 when anything was violated. */
import { parseArgs } from "node:util";
import { wholeNumber } from "../whole_number.ts";
import { runCampaign } from "./campaign.ts";
import { linesOf } from "./campaign_table.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "300" },
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint16Array(1))[0]) },
  },
});
const runs = wholeNumber("runs", values.runs);
const seed = wholeNumber("seed", values.seed);
console.log(`Bluesky campaign: ${runs} runs, seed ${seed}`);
const result = await runCampaign({ runs, seed, say: console.log });
console.log(linesOf(result));
Deno.exit(result.violations.length > 0 ? 1 : 0);
