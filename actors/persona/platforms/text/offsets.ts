/** Between JavaScript's offsets in a text (UTF-16 units) and those of facets (UTF-8 bytes). */
import type { Facet } from "../port.ts";

/** At each index of the text, and at its end: how many bytes come before. Within a surrogate pair: before the pair. */
export function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let index = 0;
  let bytes = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit++) offsets[index++] = bytes;
    bytes += bytesOf(character.codePointAt(0) ?? 0);
  }
  offsets[index] = bytes;
  return offsets;
}

/** A lone surrogate becomes U+FFFD, which takes three. */
function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** From and to, in UTF-16 units, the end exclusive. */
export type Span = readonly [from: number, to: number];

/** Where facets are in JavaScript's own offsets. */
export function spansOf(text: string, facets: Pick<Facet, "start" | "end">[]): Span[] {
  const offsets = byteOffsets(text);
  return facets.map(({ start, end }) => [offsets.indexOf(start), offsets.indexOf(end)] as const);
}
