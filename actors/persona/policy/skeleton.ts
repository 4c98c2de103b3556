/**
 * What a text looks like, whatever signs it is written in: letters that look alike are one (Unicode's UTS 39 in small), marks that
 * any letter can carry are gone, and digits and signs that stand for letters are these letters. For comparing only.
 */
import { fold } from "./fold.ts";

/** Each letter with what is drawn like it, in small letters: Cyrillic, Greek, Armenian, Latin letters of phonetics and small capitals. */
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
  n: "ηոпɴ",
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
/** Letters in squares, circles and flags, which Unicode does not take apart by itself. */
const BOXED = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu;
/** Marks for any letter, such as accents, strokes and rings. Those of Indic, Thai, Arabic or Hebrew script belong to their words. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;

/** Signs for letters; `1` and the like are read as the one or the other. */
const SIGNS: Record<string, string> = { 0: "o", 3: "e", 4: "a", 5: "s", 7: "t", "@": "a", "$": "s", "€": "e" };
const WITH_LETTERS = /(?=[^\s\p{L}]*\p{L})\S+/gu;
const SIGN = /[03457@$€]/g;
const BAR = /(?<=\p{L})[1!|](?=\p{L})|[1|](?=\p{L})|(?<=\p{L})[1|]/gu;

/** `marks`: whether those that any letter can carry are left where Unicode has a letter with them. */
export function skeleton(text: string, { marks = false, bar = "i" } = {}): string {
  const folded = fold(text.replace(BESIDE_LATIN, (letter) => CAPITAL[letter] ?? letter).replace(BOXED, unboxed));
  const plain = marks ? folded.replace(MARKS, "") : folded.normalize("NFD").replace(MARKS, "").normalize("NFC");
  return plain.replace(LOOKS, (letter) => LETTER.get(letter) ?? letter)
    .replace(WITH_LETTERS, (word) => word.replace(BAR, bar).replace(SIGN, (sign) => SIGNS[sign] ?? sign));
}

function unboxed(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const first = [0x1f1e6, 0x1f170, 0x1f150].find((from) => code >= from) ?? code;
  return String.fromCharCode(0x61 + code - first);
}
