/** When a crashed actor comes back: backoff with jitter, forgiven after a while, parked when it will not stay up. */

export const BACKOFF_MS = { first: 1_000, most: 60_000 };
/** Health for this long forgets earlier crashes. */
export const FORGET_AFTER_MS = 120_000;
/** More crashes than this within `INTENSITY_WINDOW_MS` park the persona. */
export const MAX_CRASHES = 5;
export const INTENSITY_WINDOW_MS = 60_000;

export type Restart = { kind: "restart"; delayMs: number } | { kind: "park" };

export class RestartPolicy {
  #crashes: number[] = [];
  #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Crashes that still count. */
  get count(): number {
    return this.#crashes.length;
  }

  crashed(now: number): Restart {
    const last = this.#crashes.at(-1);
    if (last !== undefined && now - last > FORGET_AFTER_MS) this.#crashes = [];
    this.#crashes.push(now);
    const recent = this.#crashes.filter((at) => now - at <= INTENSITY_WINDOW_MS).length;
    if (recent > MAX_CRASHES) return { kind: "park" };
    const base = Math.min(BACKOFF_MS.first * 2 ** (this.#crashes.length - 1), BACKOFF_MS.most);
    return { kind: "restart", delayMs: Math.round(base * (0.5 + this.#random() / 2)) };
  }

  forgive(): void {
    this.#crashes = [];
  }
}
