/** What an actor's worker is at, as it said last. */
import type { Up } from "../persona/protocol.ts";

export class Load {
  /** Effects under way. */
  running = 0;
  /** ms since the epoch at which it wants to be awake next; null where nothing is due. */
  nextAt: number | null = null;
  /** ms since the epoch at which it looks at its platforms next; null: it has none. Undefined: it has not said so far. */
  listenAt: number | null | undefined = undefined;
  #whenQuiet = () => {};

  said({ running, nextAt, listenAt }: Extract<Up, { t: "load" }>): void {
    this.running = running;
    this.nextAt = nextAt;
    this.listenAt = listenAt;
    if (running === 0) this.#whenQuiet();
  }

  /** The worker is gone, and whatever it was at. */
  gone(): void {
    this.running = 0;
    this.nextAt = null;
    this.listenAt = undefined;
    this.#whenQuiet();
  }

  /** Resolves when no effect is under way, or at the latest when the signal aborts. */
  quiet(until: AbortSignal): Promise<void> {
    if (this.running === 0 || until.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenQuiet = resolve;
      until.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
