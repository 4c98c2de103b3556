/**
 * How many may be live. Who finds no room waits; the least recently used idle ones are put to sleep for it, and after a
 * while also those that are at work, when what they are at has ended: so everybody has a turn.
 */
import type { Clock } from "../ports.ts";

/** ms that one at work keeps its place while others wait. */
const TENURE_MS = 2_000;
/** ms after which one that nobody waits for comes before those whom somebody waits for. */
const PATIENCE_MS = 10_000;

/** Who takes up room. */
export interface Tenant {
  readonly id: string;
  /** It has nothing in hand, nothing waiting and nothing under way. */
  readonly idle: boolean;
  /** ms since the epoch. */
  readonly lastUsed: number;
  readonly liveSince: number;
  /** Somebody waits for an answer of it. */
  readonly wanted: boolean;
  /** It ends as soon as nothing is under way. */
  leaving: boolean;
  makeRoom(): void;
  /** There is a place for it now. */
  enter(): void;
}

export class Room {
  #maxLive: number;
  #clock: Clock;
  #live = new Set<Tenant>();
  /** Since when each waits (ms), oldest first. */
  #waiting = new Map<Tenant, number>();

  constructor(maxLive: number, clock: Clock) {
    this.#maxLive = maxLive;
    this.#clock = clock;
  }

  get live(): number {
    return this.#live.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** True: it has a place. False: it waits until `enter` is called. */
  ask(tenant: Tenant): boolean {
    if (this.#live.has(tenant)) return true;
    if (this.#live.size < this.#maxLive) {
      this.#live.add(tenant);
      return true;
    }
    if (!this.#waiting.has(tenant)) this.#waiting.set(tenant, this.#clock.now());
    this.makeRoom();
    // One without a worker gives up its place at once.
    return this.#live.has(tenant);
  }

  leave(tenant: Tenant): void {
    this.#waiting.delete(tenant);
    if (!this.#live.delete(tenant)) return;
    const next = this.#next();
    if (next === null) return;
    this.#waiting.delete(next);
    this.#live.add(next);
    next.enter();
  }

  /**
   * Those whom somebody waits for come first, each group in the order in which it came; but not for ever: what is due has its
   * turn, however much is asked of others.
   */
  #next(): Tenant | null {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return null;
    const [first, since] = oldest;
    if (this.#clock.now() - since >= PATIENCE_MS) return first;
    return [...this.#waiting.keys()].find((one) => one.wanted) ?? first;
  }

  /** Asks as many to leave as wait. To be called now and then: who is at work may be asked later only. */
  makeRoom(): void {
    const leaving = [...this.#live].filter((one) => one.leaving).length;
    const needed = this.#waiting.size - leaving;
    if (needed <= 0) return;
    const now = this.#clock.now();
    const others = [...this.#live].filter((one) => !one.leaving)
      .sort((a, b) => Number(b.idle) - Number(a.idle) || a.lastUsed - b.lastUsed);
    for (const one of others.slice(0, needed)) {
      if (one.idle || now - one.liveSince >= TENURE_MS) one.makeRoom();
    }
  }
}
