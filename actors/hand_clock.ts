/** Test equipment: a clock that the test moves. */
import type { Clock } from "./ports.ts";

/** Time stands still until it is moved. */
export class HandClock implements Clock {
  #now = Date.UTC(2026, 0, 5, 8);
  #timers: { at: number; then: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, then: () => void) {
    const timer = { at: this.#now + Math.max(0, ms), then };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((one) => one !== timer)) };
  }

  /** Somebody sets the machine's clock; timers are not touched by that. */
  set(byMs: number): void {
    this.#now += byMs;
    for (const timer of this.#timers) timer.at += byMs;
  }

  /** Timers in their order, and after each what follows from it. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.then();
    }
    this.#now = until;
    await settled();
  }
}

/** Everything that follows without time passing has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
