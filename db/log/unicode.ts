/** Text as Postgres can hold it: no NUL, no half of a surrogate pair. */

/** What keeps `text` out of the log, or null. */
export function textFault(text: string): string | null {
  if (!text.isWellFormed()) return "holds half of a surrogate pair (not well-formed Unicode)";
  if (text.includes("\0")) return "holds a NUL character";
  return null;
}

/** `text` with each NUL and each half of a surrogate pair replaced by U+FFFD. For text of models and platforms. */
export function repairText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
