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
  return storable(text).replace(/\r\n?/g, "\n").normalize("NFC");
}

/** An id or address from a platform, made storable but otherwise the same: no NUL, no lone surrogates. */
export function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

/** Longest explanation that is kept, in UTF-16 units. */
const MAX_REASON = 1_000;

/** What went wrong, in the words of a platform or a model: repaired and bounded. */
export function reasonOf(text: string): string {
  return repair(text).slice(0, MAX_REASON).toWellFormed();
}

/** Every string in plain JSON made storable. */
export function storableJson<T>(value: T): T {
  if (typeof value === "string") return storable(value) as T;
  if (Array.isArray(value)) return value.map(storableJson) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [storable(key), storableJson(one)]),
  ) as T;
}
