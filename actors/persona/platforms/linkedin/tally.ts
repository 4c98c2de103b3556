/**
 * How many calls of the day are left. LinkedIn's answers hold no such numbers, so we count our own; other programs of
 * the application, and earlier runs, are not among them. LinkedIn's own word, a 429, goes before any count.
 */
import type { LimitWindow } from "../port.ts";

const DAY_MS = 86_400_000;

/** Of the development tier, a day. Source: https://learn.microsoft.com/linkedin/marketing/integrations/marketing-tiers */
export const CALLS_A_DAY = { application: 500, member: 100 };

/** Every limit is by day, and a day begins at 00:00 UTC. */
export function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}

interface Day {
  /** When it ends, ms since the epoch. */
  until: number;
  calls: number;
  /** LinkedIn said that there are no more until then; 0 where it has not. */
  emptyUntil: number;
}

export class Tally {
  readonly #days = new Map<string, Day>();

  /** One more call of the application and of one connection of it. */
  count(application: string, connection: string, now: number): void {
    this.#day(`application ${application}`, now).calls++;
    this.#day(`member ${connection}`, now).calls++;
  }

  /** LinkedIn said that there are no more calls until `until`, in these words. */
  empty(application: string, connection: string, words: string, until: number, now: number): void {
    const ofApplication = /throttle APPLICATION\b/.test(words);
    const key = ofApplication ? `application ${application}` : `member ${connection}`;
    this.#day(key, now).emptyUntil = until;
  }

  windows(application: string, connection: string, now: number): LimitWindow[] {
    return [
      this.#window("calls a day of this account", `member ${connection}`, CALLS_A_DAY.member, now),
      this.#window(
        "calls a day of the application",
        `application ${application}`,
        CALLS_A_DAY.application,
        now,
      ),
    ];
  }

  #window(name: string, key: string, limit: number, now: number): LimitWindow {
    const { calls, emptyUntil } = this.#day(key, now);
    const empty = emptyUntil > now;
    return {
      name,
      // By count alone nothing is ever held up: an application of a higher tier has more.
      holds: empty ? "any" : "nothing",
      limit,
      remaining: empty ? 0 : Math.max(1, limit - calls),
      resetAt: empty ? emptyUntil : nextMidnight(now),
    };
  }

  #day(key: string, now: number): Day {
    const known = this.#days.get(key);
    if (known !== undefined && known.until > now) return known;
    const emptyUntil = known !== undefined && known.emptyUntil > now ? known.emptyUntil : 0;
    const day = { until: nextMidnight(now), calls: 0, emptyUntil };
    this.#days.set(key, day);
    return day;
  }
}
