import assert from "node:assert/strict";
import { type ActorStatus, withoutActor } from "../../actors/supervisor/supervisor_port.ts";
import type { NextActivity } from "../../db/read/console.ts";
import { health } from "./health.ts";

const NOW = Date.parse("2026-11-22T14:00:00Z");
const at = (ms: number) => new Date(NOW + ms).toISOString();

function of(
  actor: Partial<ActorStatus>,
  more: { life?: "active" | "paused" | "retired"; next?: NextActivity } = {},
) {
  const { life = "active", next = null } = more;
  const users = new Map([["u1", "Ann"]]);
  return health({
    life,
    actor: { ...withoutActor("p"), ...actor },
    next,
    zone: "Europe/Paris",
    now: NOW,
    users,
  });
}
const said = (...args: Parameters<typeof of>) => {
  const { text, sentence } = of(...args);
  return [text, sentence];
};
const crash = (ms: number, charged: boolean, reason = "out of memory") => ({
  at: at(ms),
  reason,
  stack: "",
  charged,
});

Deno.test("health: running, waking up and waiting say no more than they have to", () => {
  assert.deepEqual(said({ state: "running" }), ["running", null]);
  assert.deepEqual(said({ state: "starting" }), ["waking up", null]);
  assert.match(of({ state: "waiting" }).sentence ?? "", /as soon as one of them makes room/);
});

Deno.test("health: asleep says what wakes it, and when by its own clock", () => {
  const slot: NextActivity = { stream: "p", reason: "slot", at: at(3_600_000) };
  assert.deepEqual(said({}, { next: slot }), ["asleep until 16:00 (Paris): a post goes out", null]);
  assert.deepEqual(said({}, { next: { ...slot, at: at(-1) } }), [
    "asleep: a post is due",
    null,
  ]);
  assert.deepEqual(said({}, { next: { ...slot, reason: "compose", at: at(-1) } }), [
    "asleep, about to wake: writes a draft",
    null,
  ]);
  assert.deepEqual(said({}), ["asleep until something is asked of it", null]);
  assert.equal(of({}, { next: slot }).saysNext, true);
  assert.equal(of({ state: "running" }, { next: slot }).saysNext, false);
});

Deno.test("health: restarting says what happened, which try it is, and when", () => {
  const lastCrash = crash(-2_000, true);
  assert.deepEqual(said({ state: "restarting", restarts: 3, nextAt: at(4_000), lastCrash }), [
    "restarting after a crash",
    "It crashed at 14:59 (Paris): out of memory. Try 3 to start it begins at 15:00:04.",
  ]);
  assert.match(
    of({ state: "restarting", restarts: 1, nextAt: null, lastCrash }).sentence ?? "",
    /out of memory\. It starts again soon\.$/,
  );
});

Deno.test("health: a crash that is not charged to it blames nobody, while it restarts and for a while after", () => {
  const lastCrash = crash(-60_000, false);
  const { text, sentence } = of({ state: "restarting", lastCrash });
  assert.deepEqual([text, sentence?.startsWith("The process that it ran in ended")], ["restarting", true]);
  assert.equal(
    of({ state: "running", lastCrash }).sentence,
    "It was restarted at 14:59 (Paris) because the process that it ran in ended. Nothing of it was lost.",
  );
  assert.equal(of({ state: "running", lastCrash: crash(-3_600_000, false) }).sentence, null);
});

Deno.test("health: stopped after repeated crashes says since when and what happened, and can be started again", () => {
  const stopped = of({
    state: "parked",
    lastCrash: crash(-120_000, true, "TypeError: x\n is undefined"),
    parked: { at: at(-120_000), by: "system", reason: "6 crashes" },
  }, { life: "paused" });
  assert.deepEqual([stopped.text, stopped.tone, stopped.startAgain], [
    "stopped after repeated crashes",
    "bad",
    true,
  ]);
  assert.match(
    stopped.sentence ?? "",
    /stopped since 14:58 \(Paris\)\. The last time: TypeError: x is undefined\. It does nothing until/,
  );
});

Deno.test("health: shut down by a person names who and why", () => {
  const parked = { at: at(-3_600_000), by: "user:u1", reason: "It moves house." };
  const { text, sentence, startAgain } = of({ state: "parked", parked });
  assert.deepEqual([text, startAgain], ["shut down by Ann", true]);
  assert.match(
    sentence ?? "",
    /^Ann shut it down at 14:00 \(Paris\): It moves house\. It does nothing until/,
  );
});

Deno.test("health: a long reason is cut, a retired persona is just retired", () => {
  const lastCrash = crash(-1_000, true, "x".repeat(10_000));
  assert.ok((of({ state: "restarting", lastCrash }).sentence?.length ?? 0) < 400);
  assert.deepEqual(said({ state: "parked", lastCrash }, { life: "retired" }), ["retired", null]);
});
