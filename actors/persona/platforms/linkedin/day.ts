/**
 * How much of a day LinkedIn leaves. Its answers hold no figures, and it publishes none but those of the development
 * tier, so that calls are counted here against the figure of the settings. Its own word, a 429, goes before any count.
 */
import type { LimitWindow, Taken } from "../port.ts";

const DAY_MS = 86_400_000;

/**
 * Of the development tier. A member's calls are those with his token, for whichever of his pages. Source:
 * https://learn.microsoft.com/linkedin/marketing/integrations/marketing-tiers
 */
export const CALLS_A_DAY = { application: 500, member: 100 };

/** Every limit is by day, and a day begins at 00:00 UTC. */
export function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}

/**
 * One call of an account. What the whole application has left nobody here knows: it is LinkedIn's to say.
 * @param callsADay 0: not known
 */
export function oneCall(callsADay: number, now: number): Taken[] {
  if (callsADay === 0) return [];
  return [{
    name: "calls a day of this account",
    holds: "any",
    limit: callsADay,
    resetAt: nextMidnight(now),
    calls: 1,
  }];
}

/** LinkedIn said in these words that there are no more calls until `until`. */
export function noneUntil(until: number, words: string): LimitWindow {
  const whose = /throttle APPLICATION\b/.test(words) ? "of the application" : "of this account";
  return { name: `calls ${whose}, as LinkedIn says`, holds: "any", limit: 0, remaining: 0, resetAt: until };
}
