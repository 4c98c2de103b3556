/**
 * Who has been silent for too long. A judge that was late itself judges nobody: what they said may still be waiting to be
 * heard; it looks again a turn later. Pure but for the clock that it is given.
 */

export interface WatchdogOptions {
  /** ms of silence after which somebody is stuck. */
  silentMs: number;
  /** ms between two looks. */
  everyMs: number;
  now(): number;
}

/** A look that comes later than this many turns is late. */
const LATE_TURNS = 2;

export class Watchdog<Id> {
  #options: WatchdogOptions;
  #heard = new Map<Id, number>();
  #looked: number;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#looked = options.now();
  }

  /** From now on it has to be heard; or it was just heard. */
  heard(id: Id): void {
    this.#heard.set(id, this.#options.now());
  }

  forget(id: Id): void {
    this.#heard.delete(id);
  }

  /** ms since it was heard; 0 for one that is not watched. */
  silence(id: Id): number {
    const at = this.#heard.get(id);
    return at === undefined ? 0 : Math.max(0, this.#options.now() - at);
  }

  /** To be called every `everyMs`: those that are silent past the limit. */
  look(): Id[] {
    const { silentMs, everyMs, now } = this.#options;
    const at = now();
    const lateBy = at - this.#looked - everyMs;
    this.#looked = at;
    // Somebody set the clock back: what was heard before that was heard now at the latest.
    for (const [id, heard] of this.#heard) if (heard > at) this.#heard.set(id, at);
    if (lateBy > (LATE_TURNS - 1) * everyMs) {
      // As long as the judge was away, nobody could be heard.
      for (const [id, heard] of this.#heard) this.#heard.set(id, Math.min(heard + lateBy + everyMs, at));
      return [];
    }
    return [...this.#heard].filter(([, heard]) => at - heard > silentMs).map(([id]) => id);
  }
}
