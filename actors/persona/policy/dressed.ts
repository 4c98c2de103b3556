/** Banned words that are dressed: with signs between their letters, spelled out, in other letters or with digits for letters. */
import { skeleton } from "./skeleton.ts";

/** Shorter ones are found only in one piece: “a.m.” is not “am”. */
const MIN_LETTERS = 3;
const LINKS = /https?:\/\/\S+/gi;
const LETTER = "[\\p{L}\\p{N}]\\p{M}*";
/** At least three letters by themselves: “s c a m”. */
const SPELLED = new RegExp(
  `(?<![\\p{L}\\p{N}\\p{M}])${LETTER}(?:[^\\p{L}\\p{N}\\p{M}]+${LETTER}(?![\\p{L}\\p{N}\\p{M}])){2,}`,
  "gu",
);
const BETWEEN = /[^\p{L}\p{N}\p{M}]+/gu;
const PIECE = /[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+/gu;
/** Scripts that put no spaces between words have no borders to respect. */
const BORDERLESS = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

/** A text with nothing but letters, and spaces where it has some; `borders`: where in it something else stood. */
interface Undressed {
  letters: string;
  borders: Set<number>;
}

/** Says of words whether a text holds them. Links are left out: their paths are no words. */
export function dressedIn(text: string): (word: string) => boolean {
  const plain = text.replace(LINKS, " ");
  // The same in both but for the few texts with such a sign.
  const seen = new Map((["l", "i"] as const).map((bar) => [skeleton(plain, "kept", bar), bar]));
  const readings = [...seen].map(([letters, bar]) => ({ bar, text: undress(letters) }));
  return (word) => readings.some(({ bar, text }) => holds(text, skeleton(word, "kept", bar)));
}

function undress(seen: string): Undressed {
  const borders = new Set<number>();
  let letters = "";
  const joined = seen.replace(SPELLED, (run) => run.replace(/\s+/gu, "."));
  for (const piece of joined.match(PIECE) ?? []) {
    if (/^[\p{L}\p{N}\p{M}]/u.test(piece)) letters += piece;
    // “It's” is one word.
    else if (/^['’]$/u.test(piece)) continue;
    else {
      borders.add(letters.length);
      if (/\s/u.test(piece)) letters += " ";
      borders.add(letters.length);
    }
  }
  borders.add(0).add(letters.length);
  return { letters, borders };
}

function holds(text: Undressed, word: string): boolean {
  const spaced = word.replace(/['’]/gu, "").replace(BETWEEN, " ").trim();
  const letters = spaced.replaceAll(" ", "");
  if (letters === "") return false;
  return [...new Set([spaced, letters])].some((needle) => {
    for (
      let from = text.letters.indexOf(needle);
      from !== -1;
      from = text.letters.indexOf(needle, from + 1)
    ) {
      if (stands(text, from, from + needle.length, letters.length < MIN_LETTERS)) return true;
    }
    return false;
  });
}

function stands({ letters, borders }: Undressed, from: number, to: number, inOnePiece: boolean): boolean {
  const begins = borders.has(from) || BORDERLESS.test(letters.charAt(from)) ||
    BORDERLESS.test(letters.charAt(from - 1));
  const ends = borders.has(to) || BORDERLESS.test(letters.charAt(to - 1)) ||
    BORDERLESS.test(letters.charAt(to));
  if (!begins || !ends) return false;
  return !inOnePiece || BORDERLESS.test(letters.charAt(from)) ||
    [...borders].every((at) => at <= from || at >= to);
}
