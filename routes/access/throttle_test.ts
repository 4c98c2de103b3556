import assert from "node:assert/strict";
import { createThrottle } from "./throttle.ts";

function setUp(options: { maxEntries?: number } = {}) {
  const clock = { at: 1_000_000 };
  return { clock, throttle: createThrottle({ now: () => clock.at, ...options }) };
}

Deno.test("wrong tries: three are free, then the wait doubles up to a minute", () => {
  const { clock, throttle } = setUp();
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    assert.equal(throttle.begin("ada", "10.0.0.1"), null);
    const wait = throttle.begin("ada", "10.0.0.1");
    waits.push(wait ?? 0);
    clock.at += (wait ?? 0) * 1_000;
    if (wait === null) throttle.undone("ada", "10.0.0.1");
  }
  assert.deepEqual(waits, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
});

Deno.test("trying too early: does not make the wait longer, so nobody is locked out", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 3; i++) throttle.begin("ada", "10.0.0.1");
  for (let i = 0; i < 100; i++) assert.equal(throttle.begin("ada", "10.0.0.1"), 1);
  clock.at += 1_000;
  assert.equal(throttle.begin("ada", "10.0.0.1"), null);
});

Deno.test("throttling: another address and another account are not held up", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 4; i++) throttle.begin("ada", "10.0.0.1");
  assert.notEqual(throttle.begin("ada", "10.0.0.1"), null);
  assert.equal(throttle.begin("ada", "10.0.0.2"), null);
  assert.equal(throttle.begin("grace", "10.0.0.1"), null);
});

Deno.test("throttling: addresses of one IPv6 network count as one", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 4; i++) throttle.begin("ada", `2001:db8:1:2::${i + 1}`);
  assert.notEqual(throttle.begin("ada", "2001:db8:1:2:ffff::9"), null);
  assert.equal(throttle.begin("ada", "2001:db8:1:3::1"), null);
});

Deno.test("throttling: addresses of IPv4 in IPv6 clothes stay apart", () => {
  const { throttle } = setUp();
  for (let i = 0; i < 4; i++) throttle.begin("ada", "::ffff:10.0.0.1");
  assert.notEqual(throttle.begin("ada", "::ffff:10.0.0.1"), null);
  assert.equal(throttle.begin("ada", "::ffff:10.0.0.2"), null);
});

Deno.test("throttling: success, and a quarter of an hour, wipe the slate clean", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 4; i++) throttle.begin("ada", "10.0.0.1");
  throttle.succeeded("ada", "10.0.0.1");
  for (let i = 0; i < 3; i++) assert.equal(throttle.begin("ada", "10.0.0.1"), null);
  clock.at += 900_000;
  for (let i = 0; i < 3; i++) assert.equal(throttle.begin("ada", "10.0.0.1"), null);
});

Deno.test("throttling: memory is bounded, the longest unused entry goes first", () => {
  const { throttle } = setUp({ maxEntries: 2 });
  for (let i = 0; i < 4; i++) throttle.begin("ada", "10.0.0.1");
  throttle.begin("b", "10.0.0.1");
  throttle.begin("c", "10.0.0.1");
  assert.equal(throttle.begin("ada", "10.0.0.1"), null);
});
