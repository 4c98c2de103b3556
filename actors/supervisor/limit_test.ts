import assert from "node:assert/strict";
import type { Clock } from "../ports.ts";
import { limit } from "./limit.ts";

/** A clock whose timers fire when it is told that time has passed, however late that is. */
function handClock(): Clock & { pass(ms: number): void } {
  let now = 0;
  let timers: { at: number; then: () => void }[] = [];
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return { cancel: () => void (timers = timers.filter((one) => one !== timer)) };
    },
    pass(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { then } of due) then();
    },
  };
}

/** Time passes as it should. */
function seconds(clock: { pass(ms: number): void }, count: number): void {
  for (let second = 0; second < count; second++) clock.pass(1_000);
}

Deno.test("limit is over when the time has passed", () => {
  const clock = handClock();
  let over = 0;
  limit(clock, 15_000, () => over++);
  seconds(clock, 14);
  assert.equal(over, 0);
  seconds(clock, 20);
  assert.equal(over, 1);
});

Deno.test("limit does not count the time in which this process stood still", () => {
  const clock = handClock();
  let over = 0;
  limit(clock, 15_000, () => over++);
  seconds(clock, 5);
  clock.pass(60_000);
  seconds(clock, 9);
  assert.equal(over, 0);
  clock.pass(60_000);
  assert.equal(over, 0);
  seconds(clock, 1);
  assert.equal(over, 1);
});

Deno.test("limit is over a part of a second after the whole ones", () => {
  const clock = handClock();
  let over = 0;
  limit(clock, 1_500, () => over++);
  clock.pass(1_000);
  clock.pass(499);
  assert.equal(over, 0);
  clock.pass(1);
  assert.equal(over, 1);
});

Deno.test("limit is never over once it is cancelled", () => {
  const clock = handClock();
  const timer = limit(clock, 15_000, () => assert.fail("over"));
  seconds(clock, 10);
  timer.cancel();
  seconds(clock, 10);
});
