/**
 * How alike two texts are, whatever signs they are written in: first their letters, without what stands between them, as the groups
 * that they share of all that they have (Jaccard); then their words, in whatever order. `bandsOf` finds the likely ones among many by an
 * index (MinHash in bands); `alike` then says for certain.
 */
import { fold } from "./fold.ts";
import { skeleton } from "./skeleton.ts";

/** From this share of letter groups on, two texts say the same. Measured on the pairs of the test: those that are fine reach 0.42, the others begin at 0.53. */
export const ALIKE = 0.48;
/** From this share of words on they do, in whatever order the words are: texts that are fine reach 0.50. */
export const SAME_WORDS = 0.75;
/** Texts with fewer letters are alike only when they are the same. */
export const MIN_LETTERS = 20;
/** Fewer words say nothing in another order. */
const MIN_WORDS = 5;

/** So many rows are shared by chance in one band only: two texts at `ALIKE` share one of the 32 with 97 %, at 0.6 with 99.9 %. */
const ROWS = 3;
const LETTER_BANDS = 32;
/** At `SAME_WORDS` one of these with 98 %. */
const WORD_BANDS = 8;

/** Stand for any link and for anybody's name, as private characters that no platform shows. */
const LINK = "\ue000";
const NAME = "\ue001";
const LINKS = /https?:\/\/\S+/gi;
const NAMES = /(?<![\p{L}\p{N}\p{M}])@[\p{L}\p{N}_][\p{L}\p{N}_.-]*/gu;
/** Signs that say as much as several letters: groups of two of them are looked at, of four elsewhere. */
const LETTERS_A_SIGN = 4;
const SIGN = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Hang}]/u;
/** Scripts without spaces have no words here. */
const NO_SPACES =
  "\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}";
const WORD = new RegExp(`(?:(?![${NO_SPACES}])[\\p{L}\\p{N}\\p{M}]){2,}`, "gu");
const BETWEEN = new RegExp(`[^\\p{L}\\p{N}\\p{M}${LINK}${NAME}]+`, "gu");

/** What is compared of a text: a short one as a whole, with its links and names; others as hashes of groups of letters, and of words. */
export type Measure = { whole: string } | { letters: Set<number>; words: Set<number> };

/** Of one text. */
export function measure(text: string): Measure {
  // Case is needed still, for capitals that look like another letter.
  const plain = text.normalize("NFKC");
  const seen = skeleton(plain.replace(LINKS, LINK).replace(NAMES, NAME));
  const signs = [...seen.replace(BETWEEN, "")];
  if (signs.reduce((sum, sign) => sum + lettersIn(sign), 0) < MIN_LETTERS) return { whole: whole(plain) };
  const words = new Set((seen.match(WORD) ?? []).map((word) => hash(word, 1)));
  return { letters: groups(signs), words: words.size < MIN_WORDS ? new Set() : words };
}

/** The texts that a post says: its parts and, of a thread, all of them as one. */
export const sayings = (parts: string[]): string[] => parts.length > 1 ? [...parts, parts.join(" ")] : parts;

/** Whether two texts say the same, and how much of it: 0 to 1. */
export function alike(a: Measure, b: Measure): { alike: boolean; likeness: number } {
  if ("whole" in a || "whole" in b) {
    const same = "whole" in a && "whole" in b && a.whole === b.whole;
    return { alike: same, likeness: same ? 1 : 0 };
  }
  const letters = shared(a.letters, b.letters);
  if (letters >= ALIKE) return { alike: true, likeness: letters };
  const words = shared(a.words, b.words);
  return words >= SAME_WORDS ? { alike: true, likeness: words } : { alike: false, likeness: letters };
}

/** 32-bit numbers of which two texts that are alike have at least one in common, all but surely. */
export function bandsOf(text: string): number[] {
  const measured = measure(text);
  if ("whole" in measured) return [hash(measured.whole, 0)];
  const { letters, words } = measured;
  return [...bands(letters, LETTER_BANDS, 1), ...(words.size === 0 ? [] : bands(words, WORD_BANDS, 101))];
}

function bands(hashes: Set<number>, count: number, seed: number): number[] {
  const least = new Int32Array(count * ROWS).fill(0x7fffffff);
  for (const one of hashes) {
    for (let row = 0; row < least.length; row++) {
      const value = mixed(one ^ Math.imul(row + 1, 0x9e3779b1));
      if (value < (least[row] ?? 0)) least[row] = value;
    }
  }
  return Array.from({ length: count }, (_, band) =>
    least.subarray(band * ROWS, (band + 1) * ROWS)
      .reduce((sum, value) => mixed(Math.imul(sum, 31) ^ value), band + seed));
}

/** Without what stands between letters, and without what follows the `?` in a link; a text of such signs alone as it is. */
function whole(plain: string): string {
  const links = plain.match(LINKS) ?? [];
  const letters = skeleton(plain.replace(LINKS, " ")).replace(BETWEEN, "");
  return [letters, ...links.map((link) => fold(link.replace(/[?#].*/, "")))].join(" ").trim() || fold(plain);
}

function lettersIn(sign: string): number {
  return sign === LINK || sign === NAME ? 0 : SIGN.test(sign) ? LETTERS_A_SIGN : 1;
}

/** Each sign with its next one, four letters with each other. */
function groups(signs: string[]): Set<number> {
  const found = new Set<number>();
  for (let at = 0; at < signs.length; at++) {
    const length = SIGN.test(signs[at] ?? "") ? 2 : 4;
    if (at + length <= signs.length) found.add(hash(signs.slice(at, at + length).join(""), length));
  }
  return found;
}

function shared(a: Set<number>, b: Set<number>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const one of a) if (b.has(one)) both++;
  return both / (a.size + b.size - both);
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return mixed(value);
}

/** The last step of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
