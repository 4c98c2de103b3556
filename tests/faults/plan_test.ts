import assert from "node:assert/strict";
import { FAULTS } from "../../actors/persona/fault.ts";
import { replayLine, roundsOf, SHOWN } from "./plan.ts";

Deno.test("the rounds hold each fault as often as asked, the two from outside too, none twice before each came once", () => {
  const rounds = roundsOf({ seed: 7, rounds: 3, only: null });
  assert.equal(rounds.length, 3 * SHOWN.length);
  for (const shown of [...FAULTS, "kill", "stop"]) {
    assert.deepEqual(
      rounds.filter((round) => round.shown === shown).map((round) => round.number),
      [1, 2, 3],
      shown,
    );
  }
  assert.equal(new Set(rounds.slice(0, SHOWN.length).map((round) => round.shown)).size, SHOWN.length);
});

Deno.test("the rounds follow from the seed alone, and a replay line names the same round", () => {
  const all = roundsOf({ seed: 7, rounds: 3, only: null });
  assert.deepEqual(all, roundsOf({ seed: 7, rounds: 3, only: null }));
  assert.notDeepEqual(all, roundsOf({ seed: 8, rounds: 3, only: null }));
  const third = all.find((round) => round.shown === "flood" && round.number === 3);
  assert.ok(third !== undefined);
  assert.equal(replayLine(third, 7), "deno task faults --only flood --seed 7 --rounds 3");
  assert.deepEqual(roundsOf({ seed: 7, rounds: 3, only: "flood" }).at(-1), third);
});
