/** How much an account may ask within a window: exact, in memory, told in the headers that Bluesky uses. */

export interface RateLimit {
  requests: number;
  windowMs: number;
}

/** Far more than personas need, so that only what runs wild meets it. */
export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 6_000, windowMs: 60_000 };

/** Accounts that are remembered before those whose window is over are forgotten. */
const MANY = 10_000;

export interface Allowance {
  allowed: boolean;
  headers: Record<string, string>;
}

export class RateLimiter {
  #limit: RateLimit;
  #windows = new Map<string, { used: number; endsAt: number }>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes one request of `accountId`; `now` in ms since the epoch. What is refused is not counted. */
  take(accountId: string, now: number): Allowance {
    const { requests, windowMs } = this.#limit;
    if (this.#windows.size >= MANY) this.#forget(now);
    const known = this.#windows.get(accountId);
    const window = known !== undefined && now < known.endsAt ? known : { used: 0, endsAt: now + windowMs };
    this.#windows.set(accountId, window);
    const allowed = window.used < requests;
    if (allowed) window.used++;
    return {
      allowed,
      headers: {
        "ratelimit-limit": String(requests),
        "ratelimit-remaining": String(requests - window.used),
        // Seconds since the epoch.
        "ratelimit-reset": String(Math.ceil(window.endsAt / 1_000)),
        "ratelimit-policy": `${requests};w=${Math.round(windowMs / 1_000)}`,
      },
    };
  }

  #forget(now: number): void {
    for (const [accountId, { endsAt }] of this.#windows) {
      if (endsAt <= now) this.#windows.delete(accountId);
    }
  }
}
