/** A text cut where it means something, where it is too long, and where a platform folds it away. Pure. */
import type { Facet, Part, Platform } from "../../../actors/persona/platforms/port.ts";
import type { Measure } from "../../../actors/persona/platforms/text/measure.ts";
import { spans } from "../parts/text.tsx";

export interface Segment {
  text: string;
  facet: Facet | null;
  /** Beyond what the platform takes. */
  over: boolean;
  /** Readers see it only after they have asked for more. */
  folded: boolean;
}

/** LinkedIn shows about so many characters of a post, or three lines, before "…see more": what its feed shows in 2026. */
const LINKEDIN_SHOWS = 210;
const LINKEDIN_LINES = 3;

/** `from` values are UTF-16 indices; Infinity for nowhere. */
export function segments(part: Part, { over, fold }: { over: number; fold: number }): Segment[] {
  const all: Segment[] = [];
  let at = 0;
  for (const { text, facet } of spans(part)) {
    const end = at + text.length;
    const cuts = [at, ...[over, fold].filter((cut) => cut > at && cut < end).sort((a, b) => a - b), end];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const piece = text.slice(from - at, (cuts[index + 1] ?? end) - at);
      if (piece !== "") all.push({ text: piece, facet, over: from >= over, folded: from >= fold });
    }
    at = end;
  }
  return all;
}

/** Where a text begins to be too long: never within what is seen as one character. Infinity where all of it fits. */
export function overflow(measure: Measure, text: string, reply: boolean): number {
  const whole = measure(text, { reply });
  if (whole.fits) return Infinity;
  const ends = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)]
    .map(({ index, segment }) => index + segment.length);
  let [fitting, tooFar] = [-1, ends.length - 1];
  while (tooFar - fitting > 1) {
    const middle = (fitting + tooFar) >> 1;
    if (measure(text.slice(0, ends[middle]), { reply }).fits) fitting = middle;
    else tooFar = middle;
  }
  return ends[fitting] ?? 0;
}

/** Where a platform folds a post away in its feed; Infinity where it does not. */
export function foldOf(platform: Platform, text: string): number {
  if (platform !== "linkedin") return Infinity;
  const lines = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const byLines = lines[LINKEDIN_LINES - 1] ?? Infinity;
  const byLength = text.length > LINKEDIN_SHOWS
    ? Math.max(text.lastIndexOf(" ", LINKEDIN_SHOWS), LINKEDIN_SHOWS - 30)
    : Infinity;
  return Math.min(byLines, byLength);
}
