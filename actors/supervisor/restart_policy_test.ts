import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  BACKOFF_MS,
  FORGET_AFTER_MS,
  INTENSITY_WINDOW_MS,
  MAX_CRASHES,
  RestartPolicy,
} from "./restart_policy.ts";

const longest = () => 1 - Number.EPSILON;

Deno.test("restart policy, crash after crash: the wait doubles up to its most, with half of it by chance", () => {
  for (const [random, share] of [[() => 0, 0.5], [longest, 1]] as const) {
    const policy = new RestartPolicy(random);
    let now = 0;
    const waits: number[] = [];
    for (let crash = 0; crash < 9; crash++) {
      const next = policy.crashed(now);
      if (next.kind === "park") throw new Error("parked");
      waits.push(next.delayMs);
      // Far enough apart not to be parked, near enough not to be forgiven.
      now += INTENSITY_WINDOW_MS;
    }
    deepStrictEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000 * share));
    strictEqual(waits.at(-1), BACKOFF_MS.most * share);
  }
});

Deno.test("restart policy, more crashes than may be within the window: parked", () => {
  const policy = new RestartPolicy(() => 0);
  for (let crash = 0; crash < MAX_CRASHES; crash++) {
    strictEqual(policy.crashed(crash * 1_000).kind, "restart");
  }
  strictEqual(policy.crashed(INTENSITY_WINDOW_MS).kind, "park");
  const slow = new RestartPolicy(() => 0);
  for (let crash = 0; crash < MAX_CRASHES; crash++) slow.crashed(crash * 1_000);
  strictEqual(slow.crashed(INTENSITY_WINDOW_MS + 1).kind, "restart", "the first has left the window");
});

Deno.test("restart policy, health for long enough since it was up again: earlier crashes are forgotten", () => {
  const policy = new RestartPolicy(longest);
  let now = 0;
  for (let crash = 0; crash < 8; crash++) {
    policy.crashed(now);
    now += 61_000;
  }
  const last = policy.crashed(now);
  ok(last.kind === "restart");
  strictEqual(policy.count, 9);
  policy.crashed(now + last.delayMs + FORGET_AFTER_MS);
  strictEqual(policy.count, 10, "not quite long enough");
  now += last.delayMs + FORGET_AFTER_MS;
  const fresh = policy.crashed(now + BACKOFF_MS.most + FORGET_AFTER_MS + 1);
  deepStrictEqual(fresh, { kind: "restart", delayMs: 1_000 });
  strictEqual(policy.count, 1);
});

Deno.test("restart policy, forgiven by a person: a clean slate", () => {
  const policy = new RestartPolicy(longest);
  for (let crash = 0; crash <= MAX_CRASHES; crash++) policy.crashed(0);
  policy.forgive();
  strictEqual(policy.count, 0);
  deepStrictEqual(policy.crashed(1), { kind: "restart", delayMs: 1_000 });
});
