/** Virtual time: it stands still while something runs, and jumps to the next timer. */
import type { Clock, Timer } from "../../actors/ports.ts";
import type { SimRandom } from "./random.ts";

/** Where every run begins, in ms since the epoch. */
export const START_MS = Date.UTC(2026, 0, 5, 8);

interface Entry {
  at: number;
  /** Who of those at the same time comes first. */
  tie: number;
  order: number;
  then: (() => void) | null;
}

export class SimClock implements Clock {
  #now = START_MS;
  #heap: Entry[] = [];
  #order = 0;
  #ties: SimRandom;

  constructor(ties: SimRandom) {
    this.#ties = ties;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, then: () => void): Timer {
    const entry: Entry = {
      at: this.#now + Math.max(0, Math.ceil(ms)),
      tie: this.#ties.number(),
      order: this.#order++,
      then,
    };
    this.#push(entry);
    return { cancel: () => void (entry.then = null) };
  }

  /** Goes to the next timer and fires it. False where there is none. */
  fire(): boolean {
    for (let entry = this.#pop(); entry !== null; entry = this.#pop()) {
      if (entry.then === null) continue;
      this.#now = entry.at;
      const { then } = entry;
      entry.then = null;
      then();
      return true;
    }
    return false;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): Entry | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) child++;
      const next = heap[child];
      if (next === undefined || !before(next, last)) break;
      heap[index] = next;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function before(one: Entry, other: Entry): boolean {
  if (one.at !== other.at) return one.at < other.at;
  return one.tie !== other.tie ? one.tie < other.tie : one.order < other.order;
}
