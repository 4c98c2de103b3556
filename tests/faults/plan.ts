/** Which faults are shown, in which order, at which command: everything follows from a seed. */
import type { Fault } from "../../actors/persona/fault.ts";
import { FAULTS } from "../../actors/persona/fault.ts";
import type { CellEnd } from "../../actors/supervisor/supervisor_port.ts";
import { randomOf } from "../crash/plan.ts";

/** What a worker does by itself; and, from outside, SIGKILL or SIGSTOP to its cell. */
export type Shown = Fault | "kill" | "stop";
export const SHOWN: readonly Shown[] = [...FAULTS, "kill", "stop"];

/**
 * How a cell may end by it; none where it goes on. And who is charged: the guilty one at once; the guilty one, but after a
 * second showing where the first told of nobody; nobody. What fills memory slowly is silent for too long before it is full.
 */
export const EXPECTED: Record<Shown, { ends: CellEnd[]; charged: "at once" | "found" | "nobody" }> = {
  loop: { ends: ["worker_silent"], charged: "at once" },
  regex: { ends: ["worker_silent"], charged: "at once" },
  exit: { ends: ["worker_silent"], charged: "at once" },
  never: { ends: ["deadline"], charged: "at once" },
  flood: { ends: ["flood"], charged: "at once" },
  rejection: { ends: [], charged: "at once" },
  throw: { ends: [], charged: "at once" },
  heap: { ends: ["out_of_memory", "worker_silent"], charged: "found" },
  buffers: { ends: ["memory", "worker_silent"], charged: "found" },
  kill: { ends: ["ended"], charged: "nobody" },
  stop: { ends: ["cell_silent"], charged: "nobody" },
};

/** Commands, from the start of its worker, within which a fault is shown. */
const MOST_COMMANDS = 6;

/** One fault, shown once. */
export interface Round {
  shown: Shown;
  /** Counts the rounds of this fault, from 1. */
  number: number;
  /** Which command of its worker it is shown at, from 1. */
  atCommand: number;
  /** From 0 up to 1: whom of those who could show it. */
  pick: number;
}

export interface Plan {
  seed: number;
  /** Rounds of each fault. */
  rounds: number;
  only: Shown | null;
}

/** Each fault once before any comes again, in a new order each time. */
export function roundsOf({ seed, rounds, only }: Plan): Round[] {
  const planned: Round[] = [];
  const shown = SHOWN.filter((one) => only === null || one === only);
  for (let number = 1; number <= rounds; number++) {
    const order = randomOf(seed, `order ${number}`);
    const turns = shown.map((one) => ({ one, at: order() })).sort((a, b) => a.at - b.at);
    for (const { one } of turns) planned.push(roundOf(seed, one, number));
  }
  return planned;
}

function roundOf(seed: number, shown: Shown, number: number): Round {
  const random = randomOf(seed, `${shown} ${number}`);
  return { shown, number, atCommand: 1 + Math.floor(random() * MOST_COMMANDS), pick: random() };
}

/** The line that shows a round's fault again, with the rounds of it that came before. */
export function replayLine({ shown, number }: Round, seed: number): string {
  return `deno task faults --only ${shown} --seed ${seed} --rounds ${number}`;
}
