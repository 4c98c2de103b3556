/** When a crashed actor comes back: backoff with jitter, forgiven after a while, parked when it will not stay up. */

export const BACKOFF_MS = { first: 1_000, most: 60_000 };
/** Health for this long forgets earlier crashes. */
export const FORGET_AFTER_MS = 120_000;
/** More crashes than this within `INTENSITY_WINDOW_MS` park the persona. */
export const MAX_CRASHES = 5;
export const INTENSITY_WINDOW_MS = 60_000;

export type Restart = { kind: "restart"; delayMs: number } | { kind: "park" };

export class RestartPolicy {
  #count = 0;
  /** Times of the crashes within the window. */
  #recent: number[] = [];
  /** When it was to be up again after the last crash. */
  #upAt = 0;
  #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Crashes that still count. */
  get count(): number {
    return this.#count;
  }

  crashed(now: number): Restart {
    if (now - this.#upAt > FORGET_AFTER_MS) this.forgive();
    this.#count++;
    this.#recent = [...this.#recent.filter((at) => now - at <= INTENSITY_WINDOW_MS), now];
    if (this.#recent.length > MAX_CRASHES) return { kind: "park" };
    const base = Math.min(BACKOFF_MS.first * 2 ** (this.#count - 1), BACKOFF_MS.most);
    const delayMs = Math.round(base * (0.5 + this.#random() / 2));
    this.#upAt = now + delayMs;
    return { kind: "restart", delayMs };
  }

  forgive(): void {
    this.#count = 0;
    this.#recent = [];
  }
}
