/** A text with its facets as the pieces of little text. Pure. */
import type { Facet, Part } from "../port.ts";
import type { Piece } from "./little_text.ts";
import { isAuthor } from "./urn.ts";

/** Tags are found in the same way as LinkedIn's own editor does: letters, digits, marks, not digits alone. */
const TAG = /(?<=^|[\s(])#([\p{L}\p{N}\p{M}_]{1,100})/gu;
const LINK = /(?<=^|[\s(])https?:\/\/\S+/gi;

/** The text with its links and tags. Mentions need an account's URN, which no text holds: they are left as text. */
export function findFacets(text: string): Part {
  const encoder = new TextEncoder();
  const bytes = (index: number) => encoder.encode(text.slice(0, index)).length;
  const facets: Facet[] = [];
  for (const { 0: typed, index } of text.matchAll(LINK)) {
    // What ends a sentence, and a bracket around the link, is not part of it.
    let uri = typed.replace(/[.,;:!?"'”’]+$/, "");
    if (!uri.includes("(")) uri = uri.replace(/\)+$/, "");
    if (!URL.canParse(uri)) continue;
    facets.push({ kind: "link", uri, start: bytes(index), end: bytes(index + uri.length) });
  }
  for (const { 0: typed, 1: tag = "", index } of text.matchAll(TAG)) {
    if (/^[\p{N}_]+$/u.test(tag)) continue;
    facets.push({ kind: "tag", tag, start: bytes(index), end: bytes(index + typed.length) });
  }
  return { text, facets: facets.sort((one, other) => one.start - other.start) };
}

/** Links stay text; a mention or tag that lies across another is text as well. */
export function toPieces({ text, facets }: Part): Piece[] {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const slice = (from: number, to: number) => decoder.decode(bytes.subarray(from, to));
  const pieces: Piece[] = [];
  let at = 0;
  for (const facet of [...facets].sort((one, other) => one.start - other.start)) {
    const piece = toPiece(facet, slice(facet.start, facet.end));
    if (piece === null || facet.start < at) continue;
    if (facet.start > at) pieces.push({ kind: "text", text: slice(at, facet.start) });
    pieces.push(piece);
    at = facet.end;
  }
  if (at < bytes.length) pieces.push({ kind: "text", text: slice(at, bytes.length) });
  return pieces;
}

function toPiece(facet: Facet, shown: string): Piece | null {
  switch (facet.kind) {
    case "link":
    case "cashtag":
      return null;
    case "mention": {
      const name = shown.replace(/^@/, "");
      return isAuthor(facet.accountId) && name !== ""
        ? { kind: "mention", name, urn: facet.accountId }
        : null;
    }
    case "tag":
      // Readers see what was approved, or it is no tag.
      return shown === `#${facet.tag}` ? { kind: "tag", tag: facet.tag } : null;
    default:
      return facet satisfies never;
  }
}
