import { deepStrictEqual } from "node:assert/strict";
import { BEAT_MS } from "../persona/protocol.ts";
import type { Ending, Occupant } from "./cells.ts";
import { Cells } from "./cells.ts";
import type { PersonaActor } from "./persona_actor.ts";
import type { CellEvents } from "./ports.ts";
import { Room } from "./room.ts";
import { Rounds } from "./rounds.ts";

const SILENT_MS = 10 * BEAT_MS;

/** One actor in a cell that speaks as the test says. Every turn is `BEAT_MS`. */
function watched(actor: { phase: string; toldAt: number | null }) {
  let now = 0;
  let turn = () => {};
  const clock = {
    now: () => now,
    after: (_: number, then: () => void) => {
      turn = then;
      return { cancel: () => {} };
    },
  };
  let events: CellEvents | undefined;
  let killed = false;
  const endings: Ending[] = [];
  const cells: Cells = new Cells({
    open: (_, given) => {
      events = given;
      return {
        pid: 1,
        toWorker: () => {},
        toCell: () => {},
        kill: () => void (killed = true),
        close: () => Promise.resolve(),
      };
    },
    clock,
    actorsPerCell: 8,
    silentMs: SILENT_MS,
    maxRssBytes: Infinity,
    ended: (_cell, _occupants, ending) => endings.push(ending),
    logged: () => {},
  });
  const occupant: Occupant = {
    address: "a.1",
    personaId: "a",
    heard: () => {},
    beat: () => {},
    crashed: () => {},
  };
  const cell = cells.place(occupant, [], false);
  const one = {
    phase: actor.phase,
    idle: false,
    life: { address: "a.1", cell, unheardSince: actor.toldAt },
  } as unknown as PersonaActor;
  new Rounds({
    clock,
    cells,
    room: new Room(1, clock),
    actors: new Map([["a", one]]),
    maxLive: 1,
    silentMs: SILENT_MS,
    idleMs: 60_000,
  }).start();
  /** `turns` rounds, in which the cell beats or says nothing. */
  const go = (turns: number, beats: boolean) => {
    for (let count = 0; count < turns && endings.length === 0; count++) {
      now += BEAT_MS;
      if (beats) events?.fromCell({ t: "beat", rssBytes: 1, workers: [] });
      turn();
      if (killed) events?.ended("SIGKILL", false);
    }
  };
  return { go, endings: () => endings.map(({ end, guilty }) => [end, guilty]) };
}

Deno.test("a worker that takes nothing while its cell beats: it is guilty", () => {
  const { go, endings } = watched({ phase: "running", toldAt: 2 * BEAT_MS });
  go(12, true);
  deepStrictEqual(endings(), []);
  go(1, true);
  deepStrictEqual(endings(), [["worker_silent", "a.1"]]);
});

Deno.test("a cell that is stopped after one of its workers was told something: the cell is silent, nobody is guilty", () => {
  const { go, endings } = watched({ phase: "running", toldAt: 2 * BEAT_MS });
  go(4, true);
  go(100, false);
  deepStrictEqual(endings(), [["cell_silent", null]]);
});

Deno.test("a worker that is long in starting: it is not silent, the limit of its phase holds", () => {
  const { go, endings } = watched({ phase: "starting", toldAt: 0 });
  go(50, true);
  deepStrictEqual(endings(), []);
});
