/** The unit in which platforms count and people read: graphemes; and the repair of text that came from outside. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function graphemesOf(text: string): string[] {
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count++;
  return count;
}

/** The first `max` graphemes of `text`, ended at a word and marked with an ellipsis where something is missing. */
export function cutAtWord(text: string, max: number): string {
  const graphemes = graphemesOf(text);
  if (graphemes.length <= max) return text;
  if (max <= 1) return graphemes.slice(0, Math.max(max, 0)).join("");
  const room = graphemes.slice(0, max - 1).join("");
  const cutsAWord = /\S/.test(graphemes[max - 1] ?? "");
  const lastSpace = room.search(/\s\S*$/);
  // A cut that would lose more than half is made inside the word: some languages have no spaces.
  const whole = cutsAWord && lastSpace > room.length / 2 ? room.slice(0, lastSpace) : room;
  return `${whole.replace(/[\s,;:.…–—-]+$/u, "")}…`;
}

// Bidirectional overrides and isolates, byte order marks, interlinear marks and line or word breaks that nobody sees.
// The zero-width joiner, variation selectors and tag characters stay: emoji and several scripts need them.
const INVISIBLE = /(?![\t\n])\p{Cc}|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]/gu;

/** Well-formed Unicode in NFC, with `\n` as the only line break, without control and direction characters. */
export function repairText(text: string): string {
  return text.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(INVISIBLE, "").normalize(
    "NFC",
  );
}

/** One line, no control characters, at most `max` characters: for names and short fields inside a prompt. */
export function oneLine(text: string, max: number): string {
  const line = repairText(text).replace(/\s+/g, " ").trim();
  return line.length <= max
    ? line
    : `${line.slice(0, max - 1).toWellFormed().replace(/\ufffd$/, "").trimEnd()}…`;
}

/** At most `max` characters, ended behind a whole sentence where there is one in the second half. */
export function shorten(text: string, max: number): string {
  const clean = repairText(text).trim();
  if (clean.length <= max) return clean;
  const head = clean.slice(0, max - 1).toWellFormed().replace(/\ufffd$/, "");
  const ends = Array.from(head.matchAll(/[.!?…。！？](?=\s)|\n/gu), (match) => match.index + match[0].length);
  const end = ends.at(-1) ?? 0;
  return end > max / 2 ? head.slice(0, end).trimEnd() : `${head.trimEnd()}…`;
}

/** The words of a text that carry meaning for comparing: lower case, four letters or more, or any in scripts without spaces. */
export function contentWords(text: string): Set<string> {
  const words = text.toLowerCase().normalize("NFKC").match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return new Set(
    words.filter((word) => !COMMON.has(word)).map((word) => word.replace(/(?<=\p{L}{3})(es|s)$/u, "")),
  );
}

const COMMON = new Set(
  ("about after also always because been before being between both could does doing down each even ever every from " +
    "have having here into just keep like made make many more most much must need never only other over people post " +
    "really said same says should short some something such take tell than that their them then there these they " +
    "thing things this those through under until very want were what when where which while with without would write " +
    "your yours").split(" "),
);
