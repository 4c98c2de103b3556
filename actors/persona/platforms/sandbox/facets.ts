/** Where links, mentions and tags are in a text on the sandbox. Its server finds mentions by the same pattern. Pure. */

/** People whom one post can tell that they are named in it. */
const MAX_MENTIONS = 10;

/** Not within a word or an address; a handle ends with a letter, a digit or `_`. */
const MENTION = /(?<![\w.@/-])@([a-z0-9_](?:[a-z0-9_.-]{0,80}[a-z0-9_])?)/giu;
const LINK = /(?<=^|\s|\()https?:\/\/\S+/giu;
/** A tag ends at white space, and of digits and punctuation alone it is none: "#1". */
const TAG = /(?<=^|\s)#(?=\S*[^\d\p{P}\s])(\S+)/gu;

/** `start` and `end` are offsets in UTF-8 bytes; whose a handle is has yet to be asked. */
export type Detected =
  & { start: number; end: number }
  & ({ kind: "link"; uri: string } | { kind: "mention"; handle: string } | { kind: "tag"; tag: string });

/** In the order in which they begin. */
export function detectFacets(text: string): Detected[] {
  const encoder = new TextEncoder();
  const bytes = (index: number) => encoder.encode(text.slice(0, index)).length;
  const span = (index: number, length: number) => ({ start: bytes(index), end: bytes(index + length) });
  const found: Detected[] = [];
  for (const { 0: typed, 1: handle = "", index } of text.matchAll(MENTION)) {
    found.push({ kind: "mention", handle: handle.toLowerCase(), ...span(index, typed.length) });
  }
  for (const { 0: typed, index } of text.matchAll(LINK)) {
    // What ends a sentence, and a bracket around the link, is not part of it.
    let uri = typed.replace(/[.,;:!?]$/, "");
    if (!uri.includes("(")) uri = uri.replace(/\)$/, "");
    found.push({ kind: "link", uri, ...span(index, uri.length) });
  }
  for (const { 1: typed = "", index } of text.matchAll(TAG)) {
    const tag = typed.replace(/\p{P}+$/u, "");
    found.push({ kind: "tag", tag, ...span(index, tag.length + 1) });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The handles that a text names, each once, without the `@`. */
export function mentionedHandles(text: string): string[] {
  const handles = [...text.matchAll(MENTION)].map(([, handle = ""]) => handle.toLowerCase());
  return [...new Set(handles)].slice(0, MAX_MENTIONS);
}
