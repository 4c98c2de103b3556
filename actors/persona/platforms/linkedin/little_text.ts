/**
 * LinkedIn's "little text", the format of a post's `commentary`. What is not escaped is accepted and then silently
 * cut, so everything that is text goes through `escapeText`.
 */

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "mention"; name: string; urn: string }
  | { kind: "tag"; tag: string };

const RESERVED = /[\\|{}@[\]()<>#*_~]/g;
const ESCAPED = /\\([\\|{}@[\]()<>#*_~])/g;

const CHARACTER = String.raw`(?:[^\\|{}@[\]()<>#*_~]|\\[\\|{}@[\]()<>#*_~])`;
/** In the order in which they are tried: the long form of a hashtag is what LinkedIn reads back. */
const TOKEN = new RegExp(
  [
    `(?<text>${CHARACTER}+)`,
    String.raw`@(?:\[(?<name>${CHARACTER}+)\])?\((?<urn>urn:li:[A-Za-z]+:[A-Za-z0-9_-]+)\)`,
    String.raw`\{hashtag\|\\?[#＃]\|(?<long>${CHARACTER}+)\}`,
    String.raw`#(?<short>[\p{L}\p{N}\p{M}]+)`,
  ].join("|"),
  "uy",
);

/** Text that readers see exactly as it is. */
export function escapeText(text: string): string {
  return text.replace(RESERVED, "\\$&");
}

export function writePieces(pieces: Piece[]): string {
  return pieces.map((piece) => {
    switch (piece.kind) {
      case "text":
        return escapeText(piece.text);
      case "mention":
        return `@[${escapeText(piece.name)}](${piece.urn})`;
      case "tag":
        return `{hashtag|\\#|${escapeText(piece.tag)}}`;
      default:
        return piece satisfies never;
    }
  }).join("");
}

/** The pieces of a commentary; null where it breaks the grammar. */
export function parseLittleText(source: string): Piece[] | null {
  const pieces: Piece[] = [];
  const token = new RegExp(TOKEN);
  while (token.lastIndex < source.length) {
    const { text, name = "", urn, long, short } = token.exec(source)?.groups ?? {};
    const tag = long ?? short;
    if (text !== undefined) pieces.push({ kind: "text", text: unescape(text) });
    else if (urn !== undefined) pieces.push({ kind: "mention", name: unescape(name), urn });
    else if (tag !== undefined) pieces.push({ kind: "tag", tag: unescape(tag) });
    else return null;
  }
  return pieces;
}

/** What readers see; null where the source breaks the grammar. */
export function visibleText(source: string): string | null {
  const pieces = parseLittleText(source);
  if (pieces === null) return null;
  return pieces.map((piece) => {
    switch (piece.kind) {
      case "text":
        return piece.text;
      case "mention":
        return piece.name;
      case "tag":
        return `#${piece.tag}`;
      default:
        return piece satisfies never;
    }
  }).join("");
}

function unescape(text: string): string {
  return text.replace(ESCAPED, "$1");
}
