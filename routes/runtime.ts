/** One look at everything that runs, for pages and programs. */
import type { ActorPhase, ActorStatus, Crash, RuntimeStatus } from "../actors/supervisor/supervisor_port.ts";
import type { Program } from "./program.ts";

export const PHASES: readonly ActorPhase[] = [
  "running",
  "starting",
  "restarting",
  "waiting",
  "parked",
  "asleep",
];

/** Characters of a stack that are shown: its top says where it was thrown. */
const MAX_STACK = 4_000;
const MAX_CRASH_REASON = 500;
/** Characters of the sentence why somebody parks a persona. */
export const MAX_PARK_REASON = 500;

export interface RuntimeLook extends RuntimeStatus {
  /** Actors by state. */
  states: Record<ActorPhase, number>;
  /** Resident size of all cells together, as they said last. */
  cellsRssBytes: number;
  /** Resident size of the main process. */
  mainRssBytes: number;
  /** How often a writer has taken over the log. */
  epoch: number;
  /** Position of the last event. */
  position: number;
}

export function lookAtRuntime({ supervisor, log }: Pick<Program, "supervisor" | "log">): RuntimeLook {
  const runtime = supervisor.runtime();
  return {
    ...runtime,
    states: countStates(runtime.actors),
    cellsRssBytes: runtime.cells.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
    mainRssBytes: Deno.memoryUsage().rss,
    epoch: log.epoch,
    position: log.head,
  };
}

export function countStates(actors: ActorStatus[]): Record<ActorPhase, number> {
  const counts = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<ActorPhase, number>;
  for (const { state } of actors) counts[state]++;
  return counts;
}

/** A crash as it may leave the program: what it says may quote anything, of any length. */
export function boundedCrash(crash: Crash): Crash {
  return {
    ...crash,
    reason: cut(crash.reason, MAX_CRASH_REASON),
    stack: cut(crash.stack, MAX_STACK),
  };
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text.toWellFormed();
}
