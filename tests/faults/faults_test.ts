import assert from "node:assert/strict";
import { skips } from "../database.ts";
import { runCampaign } from "./campaign.ts";
import { SHOWN } from "./plan.ts";
import { tableOf } from "./table.ts";

const ROUNDS = 3;
/** Most of a round is waiting for a limit to pass: two worlds wait beside each other. */
const LANES = 2;

Deno.test({
  name:
    "each fault in one of 20 personas at work: the other 19 go on publishing, lose and double nothing, and are not charged",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    if (Deno.build.os !== "linux") return console.log("skipped: it looks for left-over processes in /proc");
    if (await skips("embedded")) return;
    const seed = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
    console.log(`real faults with seed ${seed}`);
    const result = await runCampaign({
      rounds: ROUNDS,
      seed,
      only: null,
      lanes: LANES,
      say: (line) => console.log(line),
    });
    console.log(tableOf(result));
    assert.equal(result.violations.length, 0, result.violations.join("\n"));
    assert.equal(result.rounds.length, ROUNDS * SHOWN.length);
  },
});
