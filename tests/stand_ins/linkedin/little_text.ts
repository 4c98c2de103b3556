/**
 * LinkedIn's "little text", the format of `commentary`, read strictly and answered as LinkedIn does: where the text
 * breaks the grammar it is cut, and nobody is told.
 */

export type LittleElement =
  | { kind: "text"; text: string }
  | { kind: "mention"; name: string; urn: string }
  | { kind: "hashtag"; tag: string };

export interface LittleText {
  elements: LittleElement[];
  /** Index into the source of the first character that was dropped; null: the text is whole. */
  cutAt: number | null;
}

const RESERVED = "\\|{}@[]()<>#*_~";
const ESCAPED = /\\([\\|{}@[\]()<>#*_~])/g;
/** A run of plain text: ordinary characters and escaped reserved ones. */
const PLAIN = /(?:[^\\|{}@[\]()<>#*_~]|\\[\\|{}@[\]()<>#*_~])+/y;
const MENTION =
  /@(?:\[((?:[^\\|{}@[\]()<>#*_~]|\\[\\|{}@[\]()<>#*_~])+)\])?\((urn:li:(?:person:[A-Za-z0-9_-]+|organization:\d+))\)/y;
const HASHTAG = /#([\p{L}\p{N}\p{M}]+)/uy;
const TEMPLATE = /\{hashtag\|\\?[#＃]\|((?:[^\\|{}@[\]()<>#*_~]|\\[\\|{}@[\]()<>#*_~])+)\}/y;

export function readLittleText(source: string): LittleText {
  const elements: LittleElement[] = [];
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < source.length) {
    const plain = match(PLAIN);
    if (plain !== null) {
      elements.push({ kind: "text", text: unescaped(plain[0]) });
      continue;
    }
    const mention = match(MENTION);
    if (mention !== null) {
      elements.push({ kind: "mention", name: unescaped(mention[1] ?? ""), urn: mention[2] ?? "" });
      continue;
    }
    const hashtag = match(HASHTAG);
    const tag = hashtag?.[1] ?? match(TEMPLATE)?.[1];
    if (tag === undefined) return { elements, cutAt: at };
    elements.push({ kind: "hashtag", tag: unescaped(tag) });
  }
  return { elements, cutAt: null };
}

/** As LinkedIn gives a text back: escaped, and with every hashtag in the long form. */
export function writeLittleText(elements: LittleElement[]): string {
  return elements.map((element) => {
    switch (element.kind) {
      case "text":
        return escaped(element.text);
      case "mention":
        return `@[${escaped(element.name)}](${element.urn})`;
      case "hashtag":
        return `{hashtag|\\#|${escaped(element.tag)}}`;
    }
  }).join("");
}

/** What readers see. */
export function visibleText(elements: LittleElement[]): string {
  return elements.map((element) => {
    switch (element.kind) {
      case "text":
        return element.text;
      case "mention":
        return element.name;
      case "hashtag":
        return `#${element.tag}`;
    }
  }).join("");
}

/** UTF-16 units of a source without its escapes: what the length limit counts here. */
export function littleLength(source: string): number {
  return unescaped(source).length;
}

function unescaped(text: string): string {
  return text.replace(ESCAPED, "$1");
}

function escaped(text: string): string {
  return [...text].map((character) => RESERVED.includes(character) ? `\\${character}` : character).join("");
}
