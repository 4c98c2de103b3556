import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Up } from "../persona/protocol.ts";
import { Errands, type ErrandsOptions } from "./errands.ts";
import type { PersonaActor } from "./persona_actor.ts";

/** Errands over a database that answers when it is told to, and an actor that only asks. */
function world() {
  const condemned: string[] = [];
  const told: unknown[] = [];
  const answers: PromiseWithResolvers<null[]>[] = [];
  const options = {
    provisioning: {
      words() {
        answers.push(Promise.withResolvers<null[]>());
        return answers.at(-1)?.promise;
      },
    },
    clock: { now: () => 0 },
    cells: { condemn: (_cell: unknown, { end }: { end: string }) => void condemned.push(end) },
    report: () => {},
  } as unknown as ErrandsOptions;
  const actor = {
    id: "p",
    life: { address: "p.1", cell: {}, tell: (message: unknown) => void told.push(message) },
  } as unknown as PersonaActor;
  const errands = new Errands(options);
  const ask = (number: number) => errands.run(actor, { t: "askWords", ask: number, refs: [] } as Up);
  return { ask, condemned, told, answers };
}

Deno.test("errands, an actor that asks and asks while the database is slow: so many at once, then its cell is ended by name", () => {
  const { ask, condemned, answers } = world();
  for (let n = 0; n < 64; n++) ask(n);
  deepStrictEqual([condemned, answers.length], [[], 64]);
  ask(64);
  deepStrictEqual([condemned, answers.length], [["flood"], 64]);
});

Deno.test("errands, an actor whose questions are answered: it may ask for ever", async () => {
  const { ask, condemned, told, answers } = world();
  for (let n = 0; n < 500; n++) {
    ask(n);
    answers[n]?.resolve([null]);
    while (told.length <= n) await Promise.resolve();
  }
  strictEqual(condemned.length, 0);
  ok(told.length === 500);
});
