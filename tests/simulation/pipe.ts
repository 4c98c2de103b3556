/** A way between two processes: what goes in comes out later, in the same order. */
import type { Clock } from "../../actors/ports.ts";

export class Pipe<Item> {
  #clock: Clock;
  #delayMs: () => number;
  #deliver: (item: Item) => void;
  #under: Item[] = [];
  /** When the last item comes out. */
  #last = 0;

  constructor(clock: Clock, delayMs: () => number, deliver: (item: Item) => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#deliver = deliver;
  }

  send(item: Item): void {
    const now = this.#clock.now();
    this.#last = Math.max(this.#last, now + this.#delayMs());
    this.#under.push(item);
    // Whichever of several timers fires first, the oldest item comes out.
    this.#clock.after(this.#last - now, () => this.#out());
  }

  #out(): void {
    const item = this.#under.shift();
    if (item !== undefined) this.#deliver(item);
  }
}
