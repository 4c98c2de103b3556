/**
 * What a text looks like, whatever signs it is written in: letters that look alike are one (Unicode's UTS 39 in small), marks that
 * any letter can carry are gone, and digits and signs that stand for letters are these letters. For comparing only.
 */
import { fold } from "./fold.ts";

/** Each letter with what is drawn like it, in small letters: Cyrillic, Greek, Armenian, Latin of phonetics and small capitals. */
const ALIKE: Record<string, string> = {
  a: "аαɑᴀ",
  b: "вβʙ",
  c: "сϲᴄ",
  d: "ԁɖᴅ",
  e: "еεҽєᴇ",
  f: "ꜰ",
  g: "ɡցɢ",
  h: "нһհʜ",
  i: "іιıɩɪӏ",
  j: "јϳᴊ",
  k: "кκᴋ",
  l: "ʟ",
  m: "мμᴍ",
  n: "ηոɴ",
  o: "оοօᴏ",
  p: "рρᴘ",
  q: "ԛգ",
  r: "ʀ",
  s: "ѕꜱ",
  t: "тτᴛ",
  u: "υսᴜ",
  v: "νѵᴠ",
  w: "ԝωᴡ",
  x: "хχ",
  y: "уγүʏ",
  z: "ζᴢ",
};
const LETTER = new Map(Object.entries(ALIKE).flatMap(([to, all]) => [...all].map((from) => [from, to])));
const LOOKS = new RegExp(`[${[...LETTER.keys()].join("")}]`, "gu");
/** Capitals that look like another letter than their small ones do: read so beside Latin letters. */
const CAPITAL: Record<string, string> = { Ν: "N", Η: "H", Υ: "Y" };
const BESIDE_LATIN = /(?<=\p{sc=Latn})[ΝΗΥ]|[ΝΗΥ](?=\p{sc=Latn})/gu;
/** Letters in circles, squares and flags, which Unicode does not take apart by itself: where each row of 26 begins. */
const BOXES = [0x1f150, 0x1f170, 0x1f1e6];
const BOXED = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu;
/** Marks for any letter: accents, strokes, rings. Those of Indic, Thai, Arabic or Hebrew script are no such: they make the word. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;
const MARKED = /\p{L}[\p{L}\p{M}]*/gu;

const SIGNS: Record<string, string> = {
  0: "o",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  "@": "a",
  "$": "s",
  "€": "e",
};
const SIGN = /[03457@$€]/g;
/** Digits by themselves are numbers: only among letters do they stand for any. */
const WITH_LETTERS = /(?=(?:[^\s\p{L}]*\p{L}){2})\S+/gu;
const BAR = /[1|](?=[1|]*\p{L})|(?<=\p{L}[1|]*)[1|]|(?<=\p{L})!(?=\p{L})/gu;

/**
 * `accents`: “dropped”, or “kept” where they make another word (Spanish “ano” and “año”); a word of which half the letters carry one is
 * dressed, and loses them all the same. `bar`: what `1`, `|` and `!` stand for.
 */
export function skeleton(
  text: string,
  accents: "dropped" | "kept" = "dropped",
  bar: "i" | "l" = "i",
): string {
  const unboxed = text.replace(BOXED, unbox).replace(BESIDE_LATIN, (letter) => CAPITAL[letter] ?? letter);
  const folded = fold(unboxed);
  const bare = accents === "dropped" ? dropMarks(folded) : folded.replace(MARKED, dropDress);
  return bare.replace(LOOKS, (letter) => LETTER.get(letter) ?? letter)
    .replace(WITH_LETTERS, (word) => word.replace(BAR, bar).replace(SIGN, (sign) => SIGNS[sign] ?? sign));
}

function unbox(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const first = BOXES.findLast((from) => from <= code) ?? code;
  return String.fromCharCode(0x61 + code - first);
}

const dropMarks = (text: string): string => text.normalize("NFD").replace(MARKS, "").normalize("NFC");

/** What is left in NFC is a mark on a letter that no language has with it. */
function dropDress(word: string): string {
  const marks = word.normalize("NFD").match(MARKS)?.length ?? 0;
  if (marks === 0) return word;
  const bare = dropMarks(word);
  return marks * 2 >= [...bare].length ? bare : word.replace(MARKS, "");
}
