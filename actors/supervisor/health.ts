/** How often an actor has fallen, what follows from it, and whether it is under suspicion. */
import type { Clock } from "../ports.ts";
import type { Restart } from "./restart_policy.ts";
import { RestartPolicy } from "./restart_policy.ts";
import type { Crash } from "./supervisor_port.ts";
import type { Fall } from "./surroundings.ts";

/** Health for this long ends a suspicion. */
const ALONE_MS = 120_000;
/** Falls of neighbours within `UNCHARGED_WINDOW_MS` after which even an innocent one comes back more slowly. */
const MAX_UNCHARGED = 5;
const UNCHARGED_WINDOW_MS = 10_000;
const UNCHARGED_PAUSE_MS = 1_000;
/** ms until a start that failed is tried again: each time twice as long, up to the last. */
const START_AGAIN_MS = { first: 1_000, most: 8_000 };
/** Characters of a stack that are kept for people. */
const MAX_STACK = 4_000;

export class Health {
  /** Since the start of the program, charged to it. */
  restarts = 0;
  lastCrash: Crash | null = null;
  #policy: RestartPolicy;
  #clock: Clock;
  #uncharged: number[] = [];
  #aloneUntil = 0;
  /** Starts in a row that came to nothing. */
  #failedStarts = 0;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#policy = new RestartPolicy(random);
  }

  /** It may have brought a cell down: it runs in one of its own. */
  get alone(): boolean {
    return this.#aloneUntil > this.#clock.now();
  }

  /** Crashes that still count. */
  get crashes(): number {
    return this.#policy.count;
  }

  fell({ reason, stack, charged, suspect }: Fall): void {
    const now = this.#clock.now();
    this.lastCrash = { at: new Date(now).toISOString(), reason, stack: stack.slice(0, MAX_STACK), charged };
    if (suspect || charged) this.#aloneUntil = now + ALONE_MS;
    if (charged) this.restarts++;
  }

  /** When it comes back. */
  next(charged: boolean): Restart {
    const now = this.#clock.now();
    if (charged) return this.#policy.crashed(now);
    this.#uncharged = [...this.#uncharged.filter((at) => now - at <= UNCHARGED_WINDOW_MS), now];
    return { kind: "restart", delayMs: this.#uncharged.length > MAX_UNCHARGED ? UNCHARGED_PAUSE_MS : 0 };
  }

  /** The database was away or a cell did not come up: not its doing, so no crash. In how many ms it is tried again. */
  startFailed(): number {
    const { first, most } = START_AGAIN_MS;
    return Math.min(first * 2 ** this.#failedStarts++, most);
  }

  started(): void {
    this.#failedStarts = 0;
  }

  /** A clean slate. */
  forgive(): void {
    this.#policy.forgive();
    this.#aloneUntil = 0;
  }
}
