import assert from "node:assert/strict";
import type { StoredEvent } from "../../db/log/log.ts";
import { purposeOf } from "./caller.ts";
import { told, verifyEdits } from "./verify.ts";

const log = (...purposes: string[]): StoredEvent[] =>
  purposes.map((purpose, index) => ({
    position: index + 1,
    id: `e${index}`,
    stream: "p",
    version: index + 1,
    type: "PersonaEdited",
    schema: 1,
    at: "2026-11-22T00:00:00.000Z",
    by: "token:faults",
    cause: null,
    correlation: null,
    data: { changes: { purpose } },
  }));

const [one, two] = [purposeOf(1), purposeOf(2)];
const given = { personaId: "p", edits: 2 };

Deno.test("verifyEdits finds nothing where each edit is in the log once, one that is lost, one that is double, one of nobody", () => {
  assert.deepEqual(verifyEdits(given, log(one, two)), []);
  assert.match(verifyEdits(given, log(one)).join(), /edit 2 of 2 is in the log 0 times/);
  assert.match(verifyEdits(given, log(one, two, one)).join(), /edit 1 of 2 is in the log 2 times/);
  assert.match(
    verifyEdits(given, log(one, two, purposeOf(3))).join(),
    /3 edits are in the log, 2 were given/,
  );
});

Deno.test("told finds an event that subscribers did not hear, and one that they heard twice", () => {
  const events = log(one, two);
  assert.deepEqual(told(events, events), []);
  assert.equal(told(events.slice(0, 1), events).length, 1);
  assert.equal(told([...events, ...events.slice(1)], events).length, 1);
  assert.equal(told(events.toReversed(), events).length, 1);
});
