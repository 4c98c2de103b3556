/**
 * `deno task crash [--rounds 100] [--seed N] [--only POINT[:WHO[:PLATFORM]]]`: the whole campaign, with a table at the end.
 * Ends with 1 when anything was violated.
 */
import { parseArgs } from "node:util";
import { wholeNumber } from "../whole_number.ts";
import { runCampaign } from "./campaign.ts";
import { tableOf } from "./table.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint16Array(1))[0]) },
    only: { type: "string" },
  },
});
const rounds = wholeNumber("rounds", values.rounds);
const seed = wholeNumber("seed", values.seed);
console.log(`crash campaign: ${rounds} rounds each, seed ${seed}`);
const results = await runCampaign({ rounds, seed, only: values.only ?? null, say: console.log });
console.log(tableOf(results));
Deno.exit(results.some(({ violations }) => violations.length > 0) ? 1 : 0);
