/**
 * Wakes personas that have something due, or that are to look at their platforms. The table `due` is the only source of
 * what they have to do; a live actor keeps its own timers.
 */
import type { Clock, Timer } from "../ports.ts";
import type { HeldBack } from "../../db/read/due.ts";
import type { Reads } from "./ports.ts";

/** ms between two looks. */
const EVERY_MS = 1_000;
/** ms for which a persona that was woken is not woken again: what it could not do then, it cannot do at once. */
const NOT_AGAIN_MS = 15_000;
/** Sleeping personas that are awake at once only to look at their platforms: the machine has other things to do. */
export const LISTENERS = 4;

export interface DueClockOptions {
  reads: Pick<Reads, "personasDue" | "personasToListen">;
  clock: Clock;
  wake(personaId: string, why: "due" | "listening"): void;
  /** What may not go out now. */
  held(): HeldBack;
  /** How many are awake only to listen. */
  listening(): number;
  report(text: string): void;
}

export class DueClock {
  #options: DueClockOptions;
  #timer: Timer | null = null;
  #closed = false;
  /** When each was woken, oldest first; ms since the epoch. */
  #woken = new Map<string, number>();

  constructor(options: DueClockOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#look();
  }

  async #look(): Promise<void> {
    const { reads, clock, wake, held, listening, report } = this.#options;
    try {
      const now = clock.now();
      for (const [personaId, at] of this.#woken) {
        // One in the future was woken before somebody set the clock back.
        if (at > now || now - at > NOT_AGAIN_MS) this.#woken.delete(personaId);
      }
      const iso = new Date(now).toISOString();
      for (const personaId of await reads.personasDue(iso, [...this.#woken.keys()], held())) {
        this.#woken.set(personaId, now);
        wake(personaId, "due");
      }
      const room = LISTENERS - listening();
      if (room > 0) {
        for (const personaId of await reads.personasToListen(iso, room)) wake(personaId, "listening");
      }
    } catch (error) {
      report(`what is due could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!this.#closed) this.#timer = this.#options.clock.after(EVERY_MS, () => void this.#look());
  }

  /** Something may go out again: who could do nothing a moment ago is woken at once. */
  again(): void {
    this.#woken.clear();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }
}
