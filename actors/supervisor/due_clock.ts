/** Wakes personas that have something due. The table `due` is the only source; a live actor keeps its own timers. */
import type { Sql } from "../../db/sql.ts";
import { personasWithDue } from "../../db/read/due.ts";

/** ms between two looks. */
const EVERY_MS = 1_000;

export class DueClock {
  #sql: Sql;
  #wake: (personaId: string) => void;
  #report: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(sql: Sql, wake: (personaId: string) => void, report: (text: string) => void) {
    this.#sql = sql;
    this.#wake = wake;
    this.#report = report;
  }

  async start(): Promise<void> {
    await this.#look();
  }

  async #look(): Promise<void> {
    try {
      for (const personaId of await personasWithDue(this.#sql, new Date().toISOString())) {
        this.#wake(personaId);
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
