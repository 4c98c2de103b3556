import { strictEqual } from "node:assert/strict";
import type { LimitWindow } from "../platforms/port.ts";
import { Limits } from "./limits.ts";

const window = (more: Partial<LimitWindow> = {}): LimitWindow => ({
  name: "calls in an hour",
  holds: "any",
  limit: 100,
  remaining: 50,
  resetAt: 3_600_000,
  ...more,
});

function knowing(...windows: LimitWindow[]): Limits {
  const limits = new Limits();
  limits.learn("c", windows, 0);
  return limits;
}

Deno.test("limits, a window that is used up: what it holds up waits for its end, the rest does not", () => {
  const limits = knowing(window({ remaining: 0, holds: "publish" }));
  strictEqual(limits.mayAt("c", "publish", 1_000), 3_600_000);
  strictEqual(limits.mayAt("c", "read", 1_000), 0);
  strictEqual(limits.mayAt("other", "publish", 1_000), 0);
  strictEqual(limits.mayAt("c", "publish", 3_600_000), 0, "the window has ended");
});

Deno.test("limits, a window that reading shares with publishing: a fifth of it is left to publishing", () => {
  const limits = knowing(window({ remaining: 20 }));
  strictEqual(limits.mayAt("c", "read", 0), 3_600_000);
  strictEqual(limits.mayAt("c", "publish", 0), 0);
  strictEqual(knowing(window({ remaining: 21 })).mayAt("c", "read", 0), 0);
});

Deno.test("limits, looks: spread so that what is left lasts until the window ends, never more often than usual", () => {
  strictEqual(knowing(window({ remaining: 30 })).spread("c", 60_000, 0), 360_000);
  strictEqual(knowing(window({ remaining: 100, limit: 100 })).spread("c", 60_000, 0), 60_000);
  strictEqual(knowing(window({ remaining: 5 })).spread("c", 60_000, 600_000), 3_000_000);
  strictEqual(new Limits().spread("c", 60_000, 0), 60_000);
});

Deno.test("limits, the same window told again: only ever less; a new one begins anew", () => {
  const limits = knowing(window({ remaining: 0 }));
  limits.learn("c", [window({ remaining: 100 })], 0);
  strictEqual(limits.mayAt("c", "publish", 0), 3_600_000);
  limits.learn("c", [window({ remaining: 100, resetAt: 7_200_000 })], 0);
  strictEqual(limits.mayAt("c", "publish", 0), 0);
});

Deno.test("limits, many windows of one connection: bounded", () => {
  const limits = knowing(
    ...Array.from({ length: 40 }, (_, n) => window({ name: `w${n}`, remaining: 0, resetAt: n + 1 })),
  );
  strictEqual(limits.mayAt("c", "publish", 0), 20);
});

Deno.test("limits, a window that ends in the year 9999: it is believed for a day, and an hour for its clock", () => {
  const limits = knowing(window({ remaining: 0, resetAt: Date.UTC(9999, 1) }));
  strictEqual(limits.mayAt("c", "publish", 0), 25 * 3_600_000);
  strictEqual(limits.spread("c", 60_000, 0), 25 * 3_600_000);
});

Deno.test("limits, windows whose numbers are none: they say nothing", () => {
  for (const wrong of [Number.NaN, Infinity, null as unknown as number]) {
    const limits = knowing(
      window({ name: "a", remaining: 0, resetAt: wrong }),
      window({ name: "b", remaining: wrong }),
      window({ name: "c", remaining: 0, limit: wrong }),
    );
    strictEqual(limits.mayAt("c", "publish", 0), 0, String(wrong));
    strictEqual(limits.spread("c", 60_000, 0), 60_000, String(wrong));
  }
});

Deno.test("limits, a window that only we count: every call takes from what was kept, and a new day begins full", () => {
  const { remaining: _, ...day } = window({ limit: 10, remaining: 0 });
  const limits = knowing(window({ limit: 10, remaining: 3 }));
  limits.take("c", [{ ...day, calls: 2 }], 0);
  strictEqual(limits.mayAt("c", "publish", 0), 0);
  limits.take("c", [{ ...day, calls: 1 }], 0);
  strictEqual(limits.mayAt("c", "publish", 0), 3_600_000, "7 were gone at the start, 3 since");
  limits.take("c", [{ ...day, limit: 20, calls: 1 }], 0);
  strictEqual(limits.mayAt("c", "publish", 0), 0, "a higher limit: 9 are left");
  strictEqual(limits.spread("c", 1, 0), 3_600_000 / 5, "of which 4 are for posting");
  limits.take("c", [{ ...day, resetAt: 7_200_000, calls: 1 }], 3_600_000);
  strictEqual(limits.spread("c", 1, 3_600_000), 3_600_000 / 7);
});
