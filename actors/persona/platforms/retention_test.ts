import { equal, ok, throws } from "node:assert/strict";
import { PLATFORMS } from "./limits.ts";
import { keepMs, keepQuotingMs, type KeptFrom, RETENTION } from "./retention.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

Deno.test("retention keeps LinkedIn's comments 48 hours, its profiles 24, and the others as they say", () => {
  equal(keepMs("linkedin", "words"), 48 * HOUR_MS);
  equal(keepMs("linkedin", "profile"), 24 * HOUR_MS);
  for (const platform of ["x", "bluesky", "sandbox"] as const) {
    equal(keepMs(platform, "words"), 90 * DAY_MS, platform);
    equal(keepMs(platform, "profile"), 90 * DAY_MS, platform);
  }
  equal(keepMs("model", "words"), 365 * DAY_MS);
});

Deno.test("retention has exactly one rule for each platform and kind, and no profile outlives its words", () => {
  const from: KeptFrom[] = [...PLATFORMS, "model"];
  equal(RETENTION.length, from.length * 2);
  for (const one of from) ok(keepMs(one, "profile") <= keepMs(one, "words"), one);
  throws(() => keepMs("orkut" as "x", "words"), RangeError);
});

Deno.test("what quotes words is kept for the least of all that is in it", () => {
  equal(keepQuotingMs([]), 365 * DAY_MS);
  equal(keepQuotingMs(["bluesky"]), 90 * DAY_MS);
  equal(keepQuotingMs(["bluesky", "linkedin"]), 24 * HOUR_MS);
});
