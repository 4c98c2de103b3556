import assert from "node:assert/strict";
import type { Spent } from "../port.ts";
import { windowOf } from "./rate_limit.ts";

const now = Date.UTC(2026, 10, 22);
const headers = (limit: string, remaining: string, policy?: string, reset = String(now / 1000 + 60)) =>
  new Headers({
    "ratelimit-limit": limit,
    "ratelimit-remaining": remaining,
    "ratelimit-reset": reset,
    ...(policy === undefined ? {} : { "ratelimit-policy": policy }),
  });

Deno.test("windowOf names a window by what it counts and how long, and says what it holds up", () => {
  const cases: [string | undefined, Spent["what"], [string, string] | null][] = [
    ["3000;w=300", "read", ["requests in 5 minutes", "any"]],
    ["3000;w=300", "post", ["requests in 5 minutes", "any"]],
    ["5000;w=3600", "post", ["points for writing in an hour", "publish"]],
    ["5000;w=3600", "reply", ["points for writing in an hour", "publish"]],
    ["35000;w=86400", "delete", ["points for writing in a day", "publish"]],
    ["100;w=3600", "read", ["reads in an hour", "read"]],
    [undefined, "post", ["points for writing", "publish"]],
    ["1000;w=86400", "media", null],
    ["30;w=300", "other", null],
  ];
  for (const [policy, what, expected] of cases) {
    const window = windowOf(headers("5000", "4998", policy), what, now);
    assert.deepEqual(window && [window.name, window.holds], expected, `${policy} ${what}`);
    if (window === null) continue;
    assert.deepEqual([window.limit, window.remaining, window.resetAt], [5000, 4998, now + 60_000]);
  }
});

Deno.test("windowOf takes no window from headers that are missing or make no sense", () => {
  assert.equal(windowOf(new Headers(), "post", now), null);
  for (
    const [limit, remaining, reset] of [["x", "1", "1"], ["5", "-1", "1"], ["5", "1e300", "1"], [
      "5",
      "1",
      "x",
    ]]
  ) {
    assert.equal(windowOf(headers(limit!, remaining!, "5;w=60", reset), "post", now), null);
  }
  const far = windowOf(headers("5", "1", "5;w=60", "99999999999"), "post", now);
  assert.equal(far?.resetAt, now + 24 * 3600_000);
});
