import assert from "node:assert/strict";
import { skips } from "../database.ts";
import { missing } from "../bluesky_network/network.ts";
import { runCampaign } from "./campaign.ts";
import { failureOf, tableOf } from "./table.ts";

const ROUNDS = 10;
/** Where it does not suffice for all rounds, each aim still gets three and the table says how many. */
const BUDGET_MS = 90_000;

Deno.test({
  name:
    "the program, crashed at every point on both platforms, loses nothing acknowledged and says nothing twice",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    if (Deno.build.os !== "linux") return console.log("skipped: it looks for left-over processes in /proc");
    if (await skips("embedded")) return;
    const lacking = await missing();
    if (lacking !== null && Deno.env.get("CI") === "true") throw new Error(lacking);
    const seed = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
    console.log(`crash campaign with seed ${seed}`);
    const results = await runCampaign({
      rounds: ROUNDS,
      seed,
      only: null,
      budgetMs: BUDGET_MS,
      say: (line) => console.log(line),
    });
    console.log(tableOf(results));
    const failures = results.flatMap((result) => failureOf(result) ?? []);
    assert.equal(failures.length, 0, failures.join("\n"));
  },
});
