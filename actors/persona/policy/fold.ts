/** Texts as they are compared: without case, width and what is not seen. */

/** Invisible or direction-changing: control characters but tab and line ends, soft hyphen, marks, tags. */
export const HIDDEN =
  /(?![\t\n\r])\p{Cc}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/** What is not seen: also joiners and variation selectors, which are right inside emoji but not inside words. */
const UNSEEN = new RegExp(`${HIDDEN.source}|\\p{Default_Ignorable_Code_Point}`, "gu");

/** Compared without case, width and hidden characters, so that a banned word cannot hide behind them. */
export function fold(text: string): string {
  const seen = text.replace(UNSEEN, "").normalize("NFKC").replace(UNSEEN, "");
  // Up and down again, so that “STRASSE” and “Straße” are the same.
  return seen.toUpperCase().toLowerCase().replace(/\s+/g, " ");
}

/** What a word goes on with. Scripts that put no spaces between words have no borders to respect. */
const IN_WORD =
  "(?![\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}])[\\p{L}\\p{N}\\p{M}]";
const BEGINS_IN_WORD = new RegExp(`^${IN_WORD}`, "u");
const ENDS_IN_WORD = new RegExp(`${IN_WORD}$`, "u");

/** Both folded. */
export function containsWord(text: string, word: string): boolean {
  for (let from = text.indexOf(word); from !== -1; from = text.indexOf(word, from + 1)) {
    const before = text.slice(0, from);
    const after = text.slice(from + word.length);
    const startsInWord = ENDS_IN_WORD.test(before) && BEGINS_IN_WORD.test(word);
    const endsInWord = BEGINS_IN_WORD.test(after) && ENDS_IN_WORD.test(word);
    if (!startsInWord && !endsInWord) return true;
  }
  return false;
}
