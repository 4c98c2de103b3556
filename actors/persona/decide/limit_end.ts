/** A platform that asks for more than this is asked again after it. */
const MAX_LIMIT_MS = 24 * 3_600_000;
/** ms to wait for a platform that names no time. */
const UNNAMED_MS = 30_000;

/** A platform's word on when to come back, within reason; in ms since the epoch. */
export function limitEnd(until: number, now: number): number {
  if (!Number.isFinite(until)) return now + UNNAMED_MS;
  return Math.min(Math.max(Math.ceil(until), now + 1_000), now + MAX_LIMIT_MS);
}
