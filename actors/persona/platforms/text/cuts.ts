/** Where a text may be cut, and how well each place is suited. */
import type { Span } from "./offsets.ts";

/** The lower, the better: people see the cut less. */
export const PARAGRAPH = 0;
export const LINE = 1;
export const SENTENCE = 2;
export const WORD = 3;
export const GRAPHEME = 4;
export type Level = typeof PARAGRAPH | typeof LINE | typeof SENTENCE | typeof WORD | typeof GRAPHEME;

export interface Cut {
  /** The index, in UTF-16 units, at which what is after the cut begins. */
  at: number;
  level: Level;
}

/** White space at which a line may be broken, and what comes after it. */
const AFTER_SPACE = /(?<=[^\S\u00a0\u202f\ufeff])(?=\S)/g;
/** Words of these scripts stand side by side. */
const SIDE_BY_SIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}、。，．！？；：）」』】]$/u;
/** Opens a quotation or a bracket. */
const OPENING = /[\p{Ps}\p{Pi}]$/u;

/**
 * Every place between two graphemes but those within a span, in order; the last one is the text's end. Words and
 * sentences are those of `language` (BCP 47; what is no such tag throws `RangeError`).
 */
export function cutsOf(text: string, spans: Span[], language: string): Cut[] {
  const levels = new Map<number, Level>();
  const segments = (granularity: "grapheme" | "word" | "sentence") =>
    new Intl.Segmenter(language, { granularity }).segment(text);
  for (const { index } of segments("grapheme")) levels.set(index, GRAPHEME);
  // From here on the better of two wins, since it comes later.
  const mark = (at: number, level: Level) => levels.has(at) && levels.set(at, level);
  let before = "";
  for (const { index, segment, isWordLike } of segments("word")) {
    const canStart = isWordLike === true || OPENING.test(segment);
    if (canStart && SIDE_BY_SIDE.test(before) && !OPENING.test(before)) mark(index, WORD);
    before = segment;
  }
  for (const { index } of text.matchAll(AFTER_SPACE)) mark(index, WORD);
  for (const { index } of segments("sentence")) mark(index, SENTENCE);
  for (const { 0: space, index } of text.matchAll(/\s+/g)) {
    const lines = space.split("\n").length - 1;
    if (lines > 0) mark(index + space.length, lines > 1 ? PARAGRAPH : LINE);
  }
  levels.delete(0);
  for (const [from, to] of spans) {
    for (let at = from + 1; at < to; at++) levels.delete(at);
  }
  levels.set(text.length, PARAGRAPH);
  return [...levels].map(([at, level]) => ({ at, level })).sort((one, other) => one.at - other.at);
}
