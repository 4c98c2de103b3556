/** Every command in every stage of a post and in every life of a persona. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { Command } from "./commands.ts";
import type { RefusalCode } from "./decide/decision.ts";
import { type Row, ROWS } from "./decide_table.ts";
import type { PersonaEvent } from "./events.ts";
import { event } from "./events.ts";
import { at, created, given, STAGES } from "./testing.ts";

const nameOf = ({ command, now }: Row): string =>
  JSON.stringify(command) + (now === undefined ? "" : ` at ${now}`);

function check(
  events: PersonaEvent[],
  row: Row,
  expected: PersonaEvent[] | undefined,
  code: RefusalCode | "nothing",
): void {
  const asked = given(...events).when(row.command, row.now === undefined ? {} : { now: row.now });
  if (expected !== undefined) asked.then(...expected);
  else if (code === "nothing") asked.then();
  else asked.refused(code);
}

for (const stage of STAGES) {
  const found = (accepts: Row["accepts"]) => accepts.find(([taken]) => taken.includes(stage))?.[1];
  Deno.test(`decide, a post that is ${stage}: every command is taken or refused as the table says`, () => {
    for (const row of ROWS) {
      try {
        check(at(stage), row, found(row.accepts), row.otherwise);
      } catch (error) {
        throw new Error(nameOf(row), { cause: error });
      }
    }
  });

  Deno.test(`decide, a post that is ${stage}, of a paused persona: nothing new goes out, the rest is as before`, () => {
    for (const row of ROWS) {
      const events = [...at(stage), event("PersonaPaused", {})];
      try {
        if (row.paused !== undefined) check(events, row, undefined, row.paused);
        else if (row.command.type === "begin_attempt" && stage === "publishing") {
          check(events, row, undefined, "persona_paused");
        } else check(events, row, found(row.accepts), row.otherwise);
      } catch (error) {
        throw new Error(nameOf(row), { cause: error });
      }
    }
  });

  Deno.test(`decide, a post that is ${stage}, of a retired persona: outcomes are taken, all else is refused`, () => {
    for (const row of ROWS) {
      const events = [...at(stage), event("PersonaRetired", {})];
      try {
        if (row.retired === undefined) check(events, row, undefined, "persona_retired");
        else check(events, row, found(row.retired), row.otherwise);
      } catch (error) {
        throw new Error(nameOf(row), { cause: error });
      }
    }
  });
}

Deno.test("decide, no persona or a deleted one: every command but the first is refused", () => {
  for (const row of ROWS) {
    given().when(row.command).refused("not_found");
    given(...at("published"), event("PersonaDeleted", {})).when(row.command).refused("not_found");
  }
  given(created, event("PersonaDeleted", {})).when({ type: "delete" }).refused("not_found");
  given().when({ type: "retire" }).refused("not_found");
});

Deno.test("decide, a post that does not exist: every command about it is refused, also by names that objects have", () => {
  for (const row of ROWS) {
    if (!("postId" in row.command) || row.command.type === "compose") continue;
    for (const missing of ["missing", "constructor", "__proto__", "toString", "hasOwnProperty"]) {
      const { decision } = given(...at("approved")).when({ ...row.command, postId: missing });
      ok("refused" in decision, `${nameOf(row)} on ${missing}`);
      ok(["not_found", "wrong_status"].includes(decision.refused.code));
    }
  }
  given(...at("asked")).when({ type: "compose", platform: "sandbox", brief: "b", postId: "constructor" })
    .refused("not_found");
});

Deno.test("decide, the table: it holds every command about posts", () => {
  const known = new Set(ROWS.map(({ command }) => command.type));
  const about = [
    ..."compose rewrite revise submit approve reject publish schedule unschedule withdraw resolve check_again delete_post measure"
      .split(" "),
    ..."begin_writing written prepared not_prepared go_out expire begin_attempt outcome reconciled hold_back"
      .split(" "),
  ];
  deepStrictEqual(about.filter((type) => !known.has(type as Command["type"])), []);
});
