/**
 * What one part of a post weighs on its platform. Pure, and light enough for every worker: only X counts in a way that
 * takes a library, and that is in `x_text.ts`. Whoever does not know the platform beforehand takes `loadText`.
 */
import { graphemes } from "../../text.ts";
import { limitsOf, maxLengthOf } from "../limits.ts";
import type { Platform } from "../port.ts";

export interface Measured {
  /** `weighted` is X's own unit; `characters` are UTF-16 units, as LinkedIn counts. */
  unit: "weighted" | "graphemes" | "characters";
  /** How long it is, in that unit. */
  count: number;
  /** How long it may be, in that unit. */
  limit: number;
  /** Whether it is short enough in every way in which the platform counts. */
  fits: boolean;
  /** Each thing that keeps it from going out like this, its length included; sentences for people. */
  problems: string[];
}

export interface MeasureOptions {
  /** Whether it answers somebody: a comment on LinkedIn may be less long than a post. @default false */
  reply?: boolean;
}

export type Measure = (text: string, options?: MeasureOptions) => Measured;

/** All whose texts can be measured without X's library. */
export type LightPlatform = Exclude<Platform, "x">;

export function measure(platform: LightPlatform, text: string, options: MeasureOptions = {}): Measured {
  // On LinkedIn it is the text as readers see it: what escaping adds is not counted.
  return platform === "linkedin"
    ? judge(platform, text, { unit: "characters", count: text.length }, options)
    : judge(platform, text, { unit: "graphemes", count: graphemes(text) }, options);
}

/** What its platform's limits say of a text that was counted. */
export function judge(
  platform: Platform,
  text: string,
  { unit, count }: Pick<Measured, "unit" | "count">,
  { reply = false }: MeasureOptions = {},
): Measured {
  const { label, maxBytes = Infinity } = limitsOf(platform);
  const limit = maxLengthOf(platform, reply);
  const problems: string[] = [];
  if (text.trim() === "") problems.push("It has no words yet.");
  if (!text.isWellFormed()) problems.push("It holds half of a character.");
  if (count > limit) problems.push(`It is ${count - limit} over the limit of ${limit}.`);
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxBytes) {
    problems.push(
      `It takes ${bytes} bytes, and ${label} allows ${maxBytes}: use fewer compound emoji.`,
    );
  }
  return { unit, count, limit, fits: count <= limit && bytes <= maxBytes, problems };
}
