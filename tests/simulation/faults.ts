/** What goes wrong in a run: which kinds, how often, and how often it did. Each seed has its own choice of kinds. */
import type { SimRandom } from "./random.ts";

export const FAULTS = [
  "slow_commit",
  "commit_unsent",
  "commit_unanswered",
  "read_failed",
  "read_slow",
  "database_away",
  "frame_lost",
  "frame_repeated",
  "line_slow",
  "worker_threw",
  "worker_looped",
  "worker_paused",
  "worker_exited",
  "worker_slow_start",
  "command_poisoned",
  "cell_died",
  "cell_out_of_memory",
  "cell_stuck",
  "cell_slow_start",
  "cell_no_start",
  "kill_slow",
  "main_vanished",
  "main_closed",
  "main_paused",
  "main_taken_over",
  "publish_unanswered",
  "publish_failed",
  "publish_refused",
  "publish_unsent",
  "publish_limited",
  "publish_slow",
  "lists_lag",
  "window_used_up",
  "rules_against",
  "credentials_dead",
  "target_gone",
  "delete_refused",
  "delete_failed",
  "look_failed",
  "writer_slow",
  "writer_failed",
  "secrets_slow",
] as const;
export type Fault = typeof FAULTS[number];

/** How often a kind happens where it may, in a seed that has it. */
const CHANCES: Record<Fault, number> = {
  slow_commit: 0.2,
  commit_unsent: 0.05,
  commit_unanswered: 0.05,
  read_failed: 0.03,
  read_slow: 0.05,
  database_away: 0,
  frame_lost: 0.004,
  frame_repeated: 0.03,
  line_slow: 0.01,
  worker_threw: 0,
  worker_looped: 0,
  worker_paused: 0,
  worker_exited: 0,
  worker_slow_start: 0.3,
  command_poisoned: 0.03,
  cell_died: 0,
  cell_out_of_memory: 0,
  cell_stuck: 0,
  cell_slow_start: 0.3,
  cell_no_start: 0.1,
  kill_slow: 0.5,
  main_vanished: 0,
  main_closed: 0,
  main_paused: 0,
  main_taken_over: 0,
  publish_unanswered: 0.2,
  publish_failed: 0.15,
  publish_refused: 0.1,
  publish_unsent: 0.1,
  publish_limited: 0.05,
  publish_slow: 0.2,
  lists_lag: 0.4,
  window_used_up: 0.4,
  rules_against: 0.1,
  credentials_dead: 0.03,
  target_gone: 0.05,
  delete_refused: 0.1,
  delete_failed: 0.5,
  look_failed: 0.2,
  writer_slow: 0.1,
  writer_failed: 0.1,
  secrets_slow: 0.1,
};

/** Kinds that come by themselves, every so many ms. */
export const BLOWS = [
  "database_away",
  "worker_threw",
  "worker_looped",
  "worker_paused",
  "worker_exited",
  "cell_died",
  "cell_out_of_memory",
  "cell_stuck",
  "main_vanished",
  "main_closed",
  "main_paused",
  "main_taken_over",
] as const satisfies readonly Fault[];
export type Blow = typeof BLOWS[number];

/** Share of the kinds that a seed has. */
const SHARE = 0.4;

export class Faults {
  /** Commands, by id, with whether they bring down whoever decides them. */
  #poisoned = new Map<string, boolean>();
  readonly counts = new Map<Fault, number>();
  /** The kinds of this seed. */
  readonly chosen: ReadonlySet<Fault>;
  #random: SimRandom;
  #calm = false;

  constructor(random: SimRandom) {
    this.#random = random;
    this.chosen = new Set(FAULTS.filter(() => random.chance(SHARE)));
  }

  /** From here on nothing goes wrong any more. */
  calm(): void {
    this.#calm = true;
  }

  get over(): boolean {
    return this.#calm;
  }

  /** Whether it goes wrong this time. */
  strikes(fault: Fault): boolean {
    if (this.#calm || !this.chosen.has(fault) || !this.#random.chance(CHANCES[fault])) return false;
    this.count(fault);
    return true;
  }

  /** The same command always does the same. */
  isPoisoned(commandId: string): boolean {
    const known = this.#poisoned.get(commandId);
    if (known !== undefined) return known && !this.#calm;
    const poisoned = this.strikes("command_poisoned");
    this.#poisoned.set(commandId, poisoned);
    return poisoned;
  }

  count(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }
}
