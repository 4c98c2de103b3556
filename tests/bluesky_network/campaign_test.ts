import assert from "node:assert/strict";
import { createBlueskyAdapter } from "../../actors/persona/platforms/bluesky/adapter.ts";
import { frozen } from "../../actors/persona/platforms/bluesky/testing.ts";
import type { PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import { runCampaign } from "./campaign.ts";
import { linesOf } from "./campaign_table.ts";
import { missing } from "./network.ts";

/** The whole is `soak`'s. */
const RUNS = 30;
const BROKEN_RUNS = 12;

Deno.test({
  name:
    "posts on a real PDS, under seeded faults and crashes: each part is out once at most, none is missing unsaid, no wrong sent",
  async fn(test) {
    const lacking = await missing();
    if (lacking !== null) {
      if (Deno.env.get("CI") === "true") throw new Error(lacking);
      return console.log(`skipped "${test.name}": ${lacking}`);
    }
    const seed = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
    const result = await runCampaign({ runs: RUNS, seed, say: console.log });
    console.log(linesOf(result));
    assert.deepEqual(result.violations, []);
    assert.equal(Object.values(result.ended).reduce((sum, count) => sum + count), RUNS);
    assert.equal(result.ended.sent > RUNS / 2, true, "most go out in spite of it all");
  },
});

Deno.test({
  name: "the campaign finds an adapter that sends under a new key again",
  async fn(test) {
    if (await missing() !== null) return console.log(`skipped "${test.name}"`);
    const result = await runCampaign({ runs: BROKEN_RUNS, seed: 7, newAdapter: forgetful });
    assert.match(result.violations.join("\n"), /is out \d+ times/);
  },
});

/** Takes what is uncertain for not sent, and makes a new key for each attempt. */
function forgetful(options: { deadlineMs: number }): PlatformAdapter {
  const adapter = createBlueskyAdapter(options);
  return {
    ...adapter,
    async publish(context, { records }, before) {
      const keys = frozen(records.map(() => ({ text: "", facets: [] }))).keys;
      const outcome = await adapter.publish(context, { keys, records }, before);
      return outcome.kind === "uncertain" ? { ...outcome, kind: "not_sent" } : outcome;
    },
  };
}
