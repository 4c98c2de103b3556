/** The parts of a thread as one text that a person can edit, and back: between two parts is a line of dashes. */

/** A line that says where a part ends; with a backslash before it, it is text. */
const BORDER = /^[ \t]*-{3,}[ \t]*$/;
const ESCAPED = /^\\+[ \t]*-{3,}[ \t]*$/;

/** Parts that are joined and taken apart again are the same, to the character. */
export function editorText(parts: string[]): string {
  return parts.map((part) =>
    part.split("\n").map((line) => BORDER.test(line) || ESCAPED.test(line) ? `\\${line}` : line).join("\n")
  ).join("\n\n---\n\n");
}

/**
 * At least one; a part may be empty. Expects Unix line ends. Of the empty lines around a border one on each side belongs
 * to it.
 */
export function partsOf(text: string): string[] {
  const parts: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (BORDER.test(line)) parts.push([]);
    else parts.at(-1)?.push(ESCAPED.test(line) ? line.slice(1) : line);
  }
  return parts.map((lines, index) => {
    const from = index > 0 && lines.length > 1 && lines[0] === "" ? 1 : 0;
    const rest = lines.slice(from);
    if (index < parts.length - 1 && rest.length > 1 && rest.at(-1) === "") rest.pop();
    return rest.join("\n");
  });
}
