import assert from "node:assert/strict";
import { throttleText } from "./throttle.ts";

function clock() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    pass: (ms: number) => {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
  };
}

Deno.test("a throttle passes the first text at once, then the newest of each interval, and nothing after stop", () => {
  const time = clock();
  const seen: string[] = [];
  const throttle = throttleText((text) => seen.push(text), () => assert.fail(), time);
  for (const text of ["a", "ab", "abc"]) throttle.push(text);
  assert.deepEqual(seen, ["a"]);
  time.pass(100);
  assert.deepEqual(seen, ["a", "abc"]);
  throttle.push("abcd");
  throttle.stop();
  time.pass(1_000);
  throttle.push("abcde");
  assert.deepEqual(seen, ["a", "abc"]);
});

Deno.test("what a listener throws is handed over once", () => {
  const time = clock();
  const failures: unknown[] = [];
  const throttle = throttleText(
    () => {
      throw new Error("mine");
    },
    (error) => failures.push(error),
    time,
  );
  throttle.push("a");
  throttle.push("b");
  time.pass(1_000);
  assert.equal(failures.length, 1);
});
