/** How long what people outside wrote is kept, as plain data: where it came from, what of it, under which rule. */
import type { Platform } from "./port.ts";

/** `words`: what was said. `profile`: who said it, so names, handles, ids of accounts and addresses that lead to them. */
export type KeptKind = "words" | "profile";
/** `model`: prompts and answers of the language model. */
export type KeptFrom = Platform | "model";

export interface Retention {
  from: KeptFrom;
  kind: KeptKind;
  /** ms from the moment in which it was fetched. */
  keepMs: number;
  /** One sentence for people. */
  rule: string;
  /** The page that asks for it; null where the time is our own choice. */
  source: { name: string; url: string } | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const LINKEDIN = {
  name: "LinkedIn: data storage requirements",
  url: "https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements",
};
const X = { name: "X: developer policy", url: "https://docs.x.com/developer-terms/policy" };
const OURS = "No rule names a time: this one is ours.";
const X_RULE =
  "X names no time: this one is ours. What its author deletes or takes back has to go: erase it by its author.";
const MODEL_RULE = "Ours. What quotes other people's words goes with them, at the latest.";

export const RETENTION: readonly Retention[] = [
  {
    from: "linkedin",
    kind: "words",
    keepMs: 48 * HOUR_MS,
    rule: "Comments are members' data: 48 hours at most.",
    source: LINKEDIN,
  },
  {
    from: "linkedin",
    kind: "profile",
    keepMs: 24 * HOUR_MS,
    rule: "Profiles of other members: 24 hours at most.",
    source: LINKEDIN,
  },
  { from: "x", kind: "words", keepMs: 90 * DAY_MS, rule: X_RULE, source: X },
  { from: "x", kind: "profile", keepMs: 90 * DAY_MS, rule: X_RULE, source: X },
  { from: "bluesky", kind: "words", keepMs: 90 * DAY_MS, rule: OURS, source: null },
  { from: "bluesky", kind: "profile", keepMs: 90 * DAY_MS, rule: OURS, source: null },
  { from: "sandbox", kind: "words", keepMs: 90 * DAY_MS, rule: OURS, source: null },
  { from: "sandbox", kind: "profile", keepMs: 90 * DAY_MS, rule: OURS, source: null },
  { from: "model", kind: "words", keepMs: 365 * DAY_MS, rule: MODEL_RULE, source: null },
  { from: "model", kind: "profile", keepMs: 365 * DAY_MS, rule: MODEL_RULE, source: null },
];

/** ms for which this may be kept. Throws RangeError for what has no rule: nothing is kept without one. */
export function keepMs(from: KeptFrom, kind: KeptKind): number {
  const found = RETENTION.find((row) => row.from === from && row.kind === kind);
  if (found === undefined) throw new RangeError(`no rule says how long ${kind} of ${from} are kept`);
  return found.keepMs;
}

/**
 * ms for which a prompt or an answer may be kept that quotes words of `platforms`: the least of all that is in it. Names in
 * a running text cannot be taken out by themselves, so the time of profiles counts too.
 */
export function keepQuotingMs(platforms: readonly Platform[]): number {
  const quoted = platforms.flatMap((platform) => [keepMs(platform, "words"), keepMs(platform, "profile")]);
  return Math.min(keepMs("model", "words"), ...quoted);
}
