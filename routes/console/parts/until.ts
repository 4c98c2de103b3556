/** How far off a time is, in words. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `in 12 days`, rounded down, so that nobody is promised more than there is. Both in ms since the epoch. */
export function inWords(until: number, now: number): string {
  const left = until - now;
  if (left <= 0) return "now";
  if (left < 2 * MINUTE_MS) return "in a minute";
  if (left < 2 * HOUR_MS) return `in ${Math.floor(left / MINUTE_MS)} minutes`;
  if (left < 2 * DAY_MS) return `in ${Math.floor(left / HOUR_MS)} hours`;
  return `in ${Math.floor(left / DAY_MS)} days`;
}

/** When a person has to act, and how pressing that is. Times in ms since the epoch; null: not known, or never. */
export function forecast(
  { accessUntil, leaveUntil }: { accessUntil: number | null; leaveUntil: number | null },
  now: number,
  options: { renewedByUse?: boolean } = {},
): { text: string; tone: "" | "warn" | "bad" } {
  if (leaveUntil !== null) {
    if (leaveUntil <= now) return { text: "ended: connect it again", tone: "bad" };
    const tone = leaveUntil - now < 7 * DAY_MS ? "bad" : leaveUntil - now < 14 * DAY_MS ? "warn" : "";
    const when = inWords(leaveUntil, now);
    return options.renewedByUse
      ? { text: `ends ${when} if it is not used; each use renews it`, tone }
      : { text: `ends ${when}: connect it again before`, tone };
  }
  if (accessUntil === null) return { text: "does not end by itself", tone: "" };
  return accessUntil <= now
    ? { text: "renewed by itself at the next call", tone: "" }
    : { text: `renewed by itself, next ${inWords(accessUntil, now)}`, tone: "" };
}
