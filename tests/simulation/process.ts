/**
 * Something that runs and can stop running: a main, a cell, a worker. Whatever reaches it goes through here, so that one that
 * is stuck takes it in later, and one that has ended never does.
 */
import type { Clock, Timer } from "../../actors/ports.ts";
import type { SimClock } from "./clock.ts";

export class Process {
  readonly name: string;
  /** Time as seen from inside: timers of one that has ended do not fire. */
  readonly clock: Clock;
  #world: SimClock;
  #state: "running" | "stuck" | "ended" = "running";
  /** What came while it was stuck, oldest first. */
  #held: (() => void)[] = [];
  #timers = 0;
  #failed: (error: unknown) => void;

  /** `failed` is told of what an act throws. */
  constructor(name: string, world: SimClock, failed: (error: unknown) => void) {
    this.name = name;
    this.#world = world;
    this.#failed = failed;
    this.clock = { now: () => world.now(), after: (ms, then) => this.#after(ms, then) };
  }

  get ended(): boolean {
    return this.#state === "ended";
  }

  get stuck(): boolean {
    return this.#state === "stuck";
  }

  /** Timers that were begun inside and have neither fired nor been cancelled. */
  get timers(): number {
    return this.#timers;
  }

  /** Now, or when it is not stuck any more, or never. */
  run(act: () => void): void {
    if (this.#state === "ended") return;
    if (this.#state === "stuck" || this.#held.length > 0) {
      this.#held.push(act);
      if (this.#state === "running") this.#world.after(0, () => this.#takeHeld());
      return;
    }
    this.#try(act);
  }

  /** For `ms`, or for good. */
  stick(ms: number | null): void {
    if (this.#state !== "running") return;
    this.#state = "stuck";
    if (ms !== null) this.#world.after(ms, () => this.#goOn());
  }

  end(): void {
    this.#state = "ended";
    this.#held = [];
    this.#timers = 0;
  }

  #goOn(): void {
    if (this.#state !== "stuck") return;
    this.#state = "running";
    for (let left = this.#held.length; left > 0; left--) this.#world.after(0, () => this.#takeHeld());
  }

  #takeHeld(): void {
    if (this.#state !== "running") return;
    const act = this.#held.shift();
    if (act !== undefined) this.#try(act);
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }

  #after(ms: number, then: () => void): Timer {
    if (this.#state === "ended") return { cancel: () => {} };
    this.#timers++;
    let open = true;
    const close = () => {
      if (open) this.#timers--;
      open = false;
    };
    const timer = this.#world.after(ms, () =>
      this.run(() => {
        if (!open) return;
        close();
        then();
      }));
    return {
      cancel: () => {
        close();
        timer.cancel();
      },
    };
  }
}
