/**
 * What adapters take note of, on its way to the database: one write at a time for a connection, and what is told meanwhile is
 * put together. So a worker that tells without end costs one statement at a time and a bounded memory.
 */
import { readNoted, sumTaken } from "../../db/platform_use.ts";
import type { Noted, Spent } from "../persona/platforms/port.ts";

/** Connections of one persona that are told of at once; it has one a platform. */
const MAX_CONNECTIONS = 16;
/** Windows of one connection that wait to be written. */
const MAX_WINDOWS = 100;

export interface NotingOptions {
  /** ms since the epoch. */
  now(): number;
  write(personaId: string, connectionId: string, noted: Noted): Promise<void>;
}

export class Noting {
  #options: NotingOptions;
  /** By persona and connection: what waits while a write is under way. */
  #waiting = new Map<string, Map<string, Noted | null>>();

  constructor(options: NotingOptions) {
    this.#options = options;
  }

  /** Resolves when what was told is written, or waits for the write that is under way. Throws what the write throws. */
  async take(personaId: string, connectionId: string, told: unknown): Promise<void> {
    const noted = readNoted(told, this.#options.now());
    const own = this.#waiting.get(personaId) ?? new Map<string, Noted | null>();
    const waiting = own.get(connectionId);
    if (waiting !== undefined) {
      return void own.set(connectionId, waiting === null ? noted : both(waiting, noted));
    }
    if (own.size >= MAX_CONNECTIONS) throw new Error("it tells of more connections than it can have");
    this.#waiting.set(personaId, own.set(connectionId, null));
    try {
      for (let next: Noted | null = noted; next !== null;) {
        await this.#options.write(personaId, connectionId, next);
        next = own.get(connectionId) ?? null;
        if (next !== null) own.set(connectionId, null);
      }
    } finally {
      own.delete(connectionId);
      if (own.size === 0) this.#waiting.delete(personaId);
    }
  }
}

function both(before: Noted, now: Noted): Noted {
  const spent = new Map<Spent["what"], Spent>();
  for (const { what, count, microUsd } of [...before.spent ?? [], ...now.spent ?? []]) {
    const sum = spent.get(what) ?? { what, count: 0, microUsd: 0 };
    spent.set(what, { what, count: sum.count + count, microUsd: sum.microUsd + microUsd });
  }
  return {
    windows: [...before.windows ?? [], ...now.windows ?? []].slice(-MAX_WINDOWS),
    taken: sumTaken([...before.taken ?? [], ...now.taken ?? []]),
    spent: [...spent.values()],
    ...((now.call ?? before.call) && { call: now.call ?? before.call }),
  };
}
