/** Wakes personas that have something due. The table `due` is the only source; a live actor keeps its own timers. */
import type { Sql } from "../../db/sql.ts";
import { personasWithDue } from "../../db/read/due.ts";

/** ms between two looks. */
const EVERY_MS = 1_000;
/** ms for which a persona that was woken is not woken again: what it could not do then, it cannot do at once. */
const NOT_AGAIN_MS = 15_000;

export class DueClock {
  #sql: Sql;
  /** False where it could not be woken now. */
  #wake: (personaId: string) => boolean;
  #report: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** When each was woken, oldest first; ms since the epoch. */
  #woken = new Map<string, number>();

  constructor(sql: Sql, wake: (personaId: string) => boolean, report: (text: string) => void) {
    this.#sql = sql;
    this.#wake = wake;
    this.#report = report;
  }

  async start(): Promise<void> {
    await this.#look();
  }

  async #look(): Promise<void> {
    try {
      const now = Date.now();
      for (const [personaId, at] of this.#woken) {
        if (now - at > NOT_AGAIN_MS) this.#woken.delete(personaId);
      }
      const recently = [...this.#woken.keys()];
      for (const personaId of await personasWithDue(this.#sql, new Date(now).toISOString(), recently)) {
        if (this.#wake(personaId)) this.#woken.set(personaId, now);
      }
    } catch (error) {
      this.#report(
        `what is due could not be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), EVERY_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}
