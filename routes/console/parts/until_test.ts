import assert from "node:assert/strict";
import { forecast, inWords } from "./until.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

Deno.test("times to come: in words, never more than there is", () => {
  const words = [-1, 60_000, 119 * 60_000, 2 * HOUR, 47 * HOUR, 2 * DAY, 12.9 * DAY].map((ms) =>
    inWords(NOW + ms, NOW)
  );
  assert.deepEqual(words, [
    "now",
    "in a minute",
    "in 119 minutes",
    "in 2 hours",
    "in 47 hours",
    "in 2 days",
    "in 12 days",
  ]);
});

Deno.test("forecast of a connection: pressing under seven days, calm where it renews itself", () => {
  const of = (leaveUntil: number | null, accessUntil: number | null = null) =>
    forecast({ leaveUntil, accessUntil }, NOW);
  assert.deepEqual(of(NOW + 12.5 * DAY), { text: "ends in 12 days: connect it again before", tone: "warn" });
  assert.deepEqual(of(NOW + 6.9 * DAY), { text: "ends in 6 days: connect it again before", tone: "bad" });
  assert.deepEqual(of(NOW + 60 * DAY).tone, "");
  assert.deepEqual(of(NOW - 1), { text: "ended: connect it again", tone: "bad" });
  assert.deepEqual(of(null, NOW + 2 * HOUR), { text: "renewed by itself, next in 2 hours", tone: "" });
  assert.deepEqual(of(null, NOW - 1), { text: "renewed by itself at the next call", tone: "" });
  assert.deepEqual(of(null), { text: "does not end by itself", tone: "" });
});
