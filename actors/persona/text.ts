/** Measures and repairs of text. */
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Length as people count: user-perceived characters. */
export function graphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count++;
  return count;
}

/** Text from models and platforms, made storable: no NUL, no lone surrogates, NFC, Unix line ends. */
export function repair(text: string): string {
  return text.replaceAll("\0", "").toWellFormed().replace(/\r\n?/g, "\n").normalize("NFC");
}
