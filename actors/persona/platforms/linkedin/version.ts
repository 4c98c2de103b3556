/**
 * The version of LinkedIn's API, `YYYYMM`: a setting, since each lives a year only. LinkedIn promises 12 months at
 * least (https://learn.microsoft.com/linkedin/marketing/versioning); what comes after is a gift.
 */

const WARN_DAYS = 60;
const DAY_MS = 86_400_000;

/** Throws where the text is no version, and names it. */
export function checkVersion(version: string): string {
  if (!/^20\d\d(?:0[1-9]|1[0-2])$/.test(version)) {
    throw new RangeError(`LinkedIn's version must be a year and a month such as 202610, not "${version}"`);
  }
  return version;
}

/** Up to when the version is promised to work, in ms since the epoch. */
export function versionEnd(version: string): number {
  checkVersion(version);
  return Date.UTC(Number(version.slice(0, 4)) + 1, Number(version.slice(4)) - 1, 1);
}

/** What the operator should hear, from 60 days before the end on; else null. */
export function versionWarning(version: string, now: number): string | null {
  const end = versionEnd(version);
  const days = Math.ceil((end - now) / DAY_MS);
  if (days > WARN_DAYS) return null;
  const date = new Date(end).toISOString().slice(0, 10);
  return days > 0
    ? `LinkedIn promises version ${version} of its API until ${date}, ${days} ${
      days === 1 ? "day" : "days"
    } from now: set a newer one.`
    : `LinkedIn's promise of version ${version} of its API ended on ${date}: set a newer one.`;
}
