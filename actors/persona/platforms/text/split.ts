/** A long text as a thread whose parts fit their platform. Pure. */
import { limitsOf } from "../limits.ts";
import { type Cut, cutsOf, GRAPHEME, type Level, LINE, PARAGRAPH, SENTENCE, WORD } from "./cuts.ts";
import { partsOf } from "./join.ts";
import { spansOf } from "./offsets.ts";
import type { PlatformText } from "./platform_text.ts";

export interface SplitOptions {
  /** Whether each part ends with a line that says which one it is: `2/5`. @default false */
  numbered?: boolean;
  /** 1 to 99; the platform's own limit holds as well. @default the platform's */
  maxParts?: number;
  /** BCP 47, for where sentences and words end. @default "en" */
  language?: string;
}

const MAX_PARTS = 99;

/** How full a part must be at least for a cut of that level, else a finer one is looked for. */
const MIN_FILL: Record<Level, number> = {
  [PARAGRAPH]: 1 / 2,
  [LINE]: 1 / 2,
  [SENTENCE]: 1 / 3,
  [WORD]: 0,
  [GRAPHEME]: 0,
};
const LEVELS = [PARAGRAPH, LINE, SENTENCE, WORD, GRAPHEME] as const;

/** A last part that fills less than this is tiny. */
const MIN_LAST = 1 / 3;

/**
 * At least one part, in order; nothing of the text is lost but white space at the cuts.
 *
 * - A line of dashes (`partsOf`) is a cut. What is between two of them is cut further only where it is too long: as far
 *   on as possible at a paragraph, else at a line, a sentence, a word, and within a word only where that alone is longer
 *   than a part. Never within a link, a mention, a tag, or what is seen as one character.
 * - A last part that would fill less than a third takes words from the one before it, at the best kind of cut that
 *   leaves both a third or more.
 * - Every part fits, but for two: a link, or one character, that alone is longer than a part stays whole, for a person to
 *   shorten; and where `maxParts` are not enough the last one holds the rest. `measure` says so of both.
 * - LinkedIn has no threads: it is always one part.
 *
 * Throws `RangeError` for options that mean nothing.
 */
export function splitThread(platformText: PlatformText, text: string, options: SplitOptions = {}): string[] {
  const allowed = limitsOf(platformText.platform).maxParts;
  const { numbered = false, maxParts = allowed, language = "en" } = options;
  if (!Number.isInteger(maxParts) || maxParts < 1 || maxParts > MAX_PARTS) {
    throw new RangeError(`\`maxParts\` must be 1 to ${MAX_PARTS}, not ${maxParts}`);
  }
  const most = Math.min(maxParts, allowed);
  const typed = partsOf(text);
  if (typed.length === 1 && platformText.measure(typed[0] ?? "").fits) return typed;
  const sections = typed.map((section) => section.trim()).filter((section) => section !== "")
    .map((section) => ({
      text: section,
      cuts: cutsOf(section, spansOf(section, platformText.facets(section)), language),
    }));
  const plain = partsOfSections(platformText, sections, "", most);
  if (!numbered || plain.length < 2) return plain;
  for (let digits = 1;; digits++) {
    const widest = "9".repeat(digits);
    const parts = partsOfSections(platformText, sections, numberLine(widest, widest), most);
    if (String(parts.length).length > digits) continue;
    return parts.map((part, index) => part + numberLine(index + 1, parts.length));
  }
}

function numberLine(part: number | string, of: number | string): string {
  return `\n\n${part}/${of}`;
}

/** What stands between two lines of dashes. */
interface Section {
  text: string;
  cuts: Cut[];
}

function partsOfSections(
  platformText: PlatformText,
  sections: Section[],
  ending: string,
  maxParts: number,
): string[] {
  const textOf = (index: number, from: number, to?: number) =>
    sections[index]?.text.slice(from, to).trim() ?? "";
  // What is left behind a cut that nothing finer could move may be nothing to see.
  const parts = sections.flatMap((section, index) => {
    const starts = startsOf(section, filling(platformText, section, ending));
    return starts.map((from, part) => ({
      section: index,
      from,
      to: starts[part + 1] ?? section.text.length,
    }));
  }).filter(({ section, from, to }) => textOf(section, from, to) !== "");
  const shown = parts.slice(0, maxParts).map(({ section, from, to }) => textOf(section, from, to));
  const last = parts[maxParts - 1];
  if (last !== undefined && parts.length > maxParts) {
    const rest = sections.slice(last.section + 1).map((section) => section.text);
    shown[maxParts - 1] = [textOf(last.section, last.from), ...rest].join("\n\n");
  }
  return shown.length === 0 ? [""] : shown;
}

/** How much of a part the words between two indices take: 1 is full, and more does not fit. */
type Fill = (from: number, to: number) => number;

function filling({ measure }: PlatformText, { text }: Section, ending: string): Fill {
  return (from, to) => {
    const { count, limit, fits } = measure(text.slice(from, to).trim() + ending);
    return fits ? count / limit : Math.max(count / limit, 1 + Number.EPSILON);
  };
}

/** Where in a section each part begins. */
function startsOf(section: Section, fill: Fill): number[] {
  const starts = [0];
  for (let at = 0; (at = nextCut(section, fill, at)) < section.text.length;) starts.push(at);
  const [before, last] = [starts.at(-2), starts.at(-1)];
  if (before !== undefined && last !== undefined) {
    starts[starts.length - 1] = balanced(section, fill, before, last);
  }
  return starts;
}

/** Where the part that begins at `from` ends: as far on as it fits, at the best kind of cut. */
function nextCut({ text, cuts }: Section, fill: Fill, from: number): number {
  const ahead = cuts.slice(cuts.findIndex(({ at }) => at > from));
  const fitting = ahead.slice(0, furthest(ahead, (to) => fill(from, to) <= 1) + 1);
  const end = fitting.at(-1)?.at ?? text.length;
  if (end === text.length) return end;
  for (const level of LEVELS) {
    const cut = fitting.findLast((one) => one.level <= level);
    if (cut !== undefined && fill(from, cut.at) >= MIN_FILL[level]) return cut.at;
  }
  return end;
}

/**
 * The index of the last cut before which all fits; 0 where nothing does. Looks twice as far each time, and then between:
 * a text is never measured much beyond what fits.
 */
function furthest(cuts: Cut[], fits: (to: number) => boolean): number {
  const fitsAt = (index: number) => fits(cuts[index]?.at ?? 0);
  let fitting = 0;
  let step = 1;
  while (fitting + step < cuts.length && fitsAt(fitting + step)) {
    fitting += step;
    step *= 2;
  }
  let tooFar = Math.min(fitting + step, cuts.length);
  while (tooFar - fitting > 1) {
    const middle = (fitting + tooFar) >> 1;
    if (fitsAt(middle)) fitting = middle;
    else tooFar = middle;
  }
  return fitting;
}

/** Where the last part begins if the two last ones share their words, so that it is not tiny; else `at`, as it was. */
function balanced({ text, cuts }: Section, fill: Fill, from: number, at: number): number {
  if (fill(at, text.length) >= MIN_LAST) return at;
  const finest = Math.max(WORD, cuts.find((cut) => cut.at === at)?.level ?? WORD);
  for (const level of LEVELS.filter((one) => one <= finest)) {
    let best: { at: number; apart: number } | null = null;
    for (const cut of cuts) {
      if (cut.level !== level || cut.at <= from || cut.at >= at) continue;
      const [one, other] = [fill(from, cut.at), fill(cut.at, text.length)];
      if (Math.min(one, other) < MIN_LAST || Math.max(one, other) > 1) continue;
      const apart = Math.abs(one - other);
      if (best === null || apart < best.apart) best = { at: cut.at, apart };
    }
    if (best !== null) return best.at;
  }
  return at;
}
