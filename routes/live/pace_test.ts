import assert from "node:assert/strict";
import { Pace } from "./pace.ts";

/** What was drawn when, in ms since the start; `drawn(n)` waits for the n-th. */
function watched(
  options: { leastMs: number; mostMs: number; isWanted?: () => boolean; draw?: () => Promise<void> },
) {
  const times: number[] = [];
  let wake = () => {};
  const began = performance.now();
  const pace = new Pace({
    isWanted: () => true,
    ...options,
    async draw() {
      times.push(performance.now() - began);
      wake();
      await options.draw?.();
    },
  });
  const drawn = async (count: number) => {
    while (times.length < count) await new Promise<void>((resolve) => wake = resolve);
  };
  return { pace, times, drawn };
}

Deno.test("pace: the first change is drawn at once, a burst after it once", async () => {
  const { pace, times, drawn } = watched({ leastMs: 60, mostMs: 60_000 });
  for (let index = 0; index < 100; index++) pace.touch();
  await drawn(1);
  for (let index = 0; index < 100; index++) pace.touch();
  await drawn(2);
  pace.close();
  const [first = 0, second = 0] = times;
  assert.equal(times.length, 2);
  assert.ok(first < 50, `${first}`);
  assert.ok(second - first >= 58, `${second - first}`);
});

Deno.test({
  name: "pace: goes on by itself while somebody looks, and holds no timer when nobody does",
  sanitizeOps: true,
  async fn() {
    let looks = true;
    const { pace, drawn } = watched({ leastMs: 1, mostMs: 10, isWanted: () => looks });
    pace.look();
    await drawn(3);
    looks = false;
    pace.touch();
    pace.look();
    // Not closed: the test runner finds a timer that is left.
  },
});

Deno.test("pace: a change while it is drawn is drawn afterwards, never at the same time", async () => {
  let atOnce = 0;
  let most = 0;
  const { pace, drawn } = watched({
    leastMs: 1,
    mostMs: 60_000,
    async draw() {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce--;
    },
  });
  pace.touch();
  await drawn(1);
  pace.touch();
  pace.touch();
  await drawn(2);
  pace.close();
  assert.equal(most, 1);
});
