/** What is being done in real time, while the virtual clock stands still. */
import { setImmediate } from "node:timers";
import type { SimClock } from "../simulation/clock.ts";

/** Turns of the loop without news after which everything has been done. */
const QUIET_TURNS = 3;

export class AtWork {
  readonly #work = new Set<Promise<unknown>>();
  /** How many of them wait for the virtual clock. */
  #waiting = 0;
  /** Resolves when one of them begins to wait. */
  #pausing = Promise.withResolvers<void>();
  #clock: SimClock;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  get isNone(): boolean {
    return this.#work.size === 0;
  }

  /** The clock stands still until it is done; what it throws, `settle` throws. */
  add(work: Promise<unknown>): void {
    const over: Promise<unknown> = work.finally(() => this.#work.delete(over));
    this.#work.add(over);
  }

  /** One of them waits for the clock, until what is returned is called. */
  pause(): () => void {
    this.#waiting++;
    this.#pausing.resolve();
    this.#pausing = Promise.withResolvers();
    return () => void this.#waiting--;
  }

  /** For adapters that pause between two calls of their own. */
  async wait(ms: number): Promise<void> {
    const goOn = this.pause();
    await new Promise<void>((resolve) => void this.#clock.after(ms, resolve));
    goOn();
  }

  /** Everything that follows without the clock moving has happened. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      if (this.#isBusy()) {
        await Promise.race([...this.#work, this.#pausing.promise]);
        quiet = 0;
      }
      await new Promise<void>((resolve) => void setImmediate(resolve));
      quiet = this.#isBusy() ? 0 : quiet + 1;
    }
  }

  #isBusy(): boolean {
    return this.#work.size > this.#waiting;
  }
}
