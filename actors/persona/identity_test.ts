import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { personas } from "../../db/projections/personas.ts";
import { event, type PersonaEvent } from "./events.ts";
import { emptyIdentity, type Identity } from "./identity.ts";
import { folded } from "./testing.ts";

/** As identities were before people could be named who agreed to it. */
function early(name: string): Identity {
  const { mayMention: _, ...rest } = emptyIdentity;
  return { ...rest, name } as Identity;
}

const created = event("PersonaCreated", {
  identity: early("Ada"),
  origin: "form",
  format: null,
  paused: false,
});

Deno.test("identity, of an event from before a field was there: the field is empty, in state and table alike", () => {
  const edited = event("PersonaEdited", { changes: { language: "de" } });
  const expected = { ...emptyIdentity, name: "Ada", language: "de" };
  deepStrictEqual(folded([created, edited]).identity, expected);
  const row = [created, edited].reduce<ReturnType<typeof personas.fold>>(
    (row, { type, data }: PersonaEvent, index) =>
      personas.fold(row, {
        position: index + 1,
        id: `e${index}`,
        stream: "p1",
        version: index + 1,
        type,
        schema: 1,
        at: "2026-11-22T09:00:00.000Z",
        by: "user:ann",
        cause: null,
        correlation: null,
        data: JSON.parse(JSON.stringify(data)),
      }, { id: "p1" }),
    null,
  );
  deepStrictEqual(row?.identity, expected);
});

Deno.test("identity, people it may mention: kept as they were given", () => {
  const edited = event("PersonaEdited", { changes: { mayMention: ["bob.example"] } });
  strictEqual(folded([created, edited]).identity.mayMention[0], "bob.example");
});
