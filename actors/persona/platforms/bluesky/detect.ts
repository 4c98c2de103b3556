/**
 * Where links, mentions and tags are in a text, exactly as Bluesky's own client finds them: people see there what they
 * approved here. A test compares the two over many texts. The client itself (`@atproto/api`) finds the same, but weighs
 * 27 MB in every worker.
 */
import tlds from "tlds" with { type: "json" };
import { graphemes } from "../../text.ts";

/** `start` and `end` are offsets in UTF-8 bytes (https://docs.bsky.app/docs/advanced-guides/post-richtext). */
export type Detected =
  & { start: number; end: number }
  & (
    | { kind: "link"; uri: string }
    | { kind: "tag"; tag: string }
    /** As it was typed; whose it is has yet to be asked. */
    | { kind: "mention"; handle: string }
  );

/** Graphemes of a tag: lexicon app.bsky.richtext.facet, `maxGraphemes`. */
const MAX_TAG = 64;

const TOP_LEVEL_DOMAINS = new Set(tlds);

const MENTION = /(?<=^|\s|\()@([a-z0-9.-]+)\b/gi;
const LINK = /(?<=^|\s|\()(?:https?:\/\/\S+|(?<domain>[a-z][a-z0-9]*(?:\.[a-z0-9]+)+)\S*)/gi;
/** A tag ends at white space, and at what nobody sees (soft hyphen, joiners, the enclosing keycap). */
const TAG = /(?<=^|\s)[#＃](?!\ufe0f)([^\s\u00ad\u200b-\u200d\u2060\u20e2]+)/gu;
const CASHTAG = /(?<=^|\s|\()\$([a-z][a-z0-9]{0,4})(?=$|[\s.,;:!?)"'’])/gi;

/** In the order in which they begin; they may overlap, as they may on Bluesky. */
export function detectFacets(text: string): Detected[] {
  // These still have JavaScript's offsets, in UTF-16 units.
  const found = [...mentions(text), ...links(text), ...tags(text), ...cashtags(text)];
  const encoder = new TextEncoder();
  const bytes = (index: number) => encoder.encode(text.slice(0, index)).length;
  return found
    .map((one) => ({ ...one, start: bytes(one.start), end: bytes(one.end) }))
    .sort((a, b) => a.start - b.start);
}

function* mentions(text: string): Generator<Detected> {
  for (const { 1: handle = "", index } of text.matchAll(MENTION)) {
    // Networks for tests have handles below a name that is on no list.
    if (!isDomain(handle) && !handle.endsWith(".test")) continue;
    yield { kind: "mention", handle, start: index, end: index + 1 + handle.length };
  }
}

function* links(text: string): Generator<Detected> {
  for (const { 0: typed, groups, index } of text.matchAll(LINK)) {
    const complete = typed.startsWith("http");
    if (!complete && !isDomain(groups?.domain ?? "")) continue;
    // What ends a sentence, and a bracket around the link, is not part of it.
    let shown = typed.replace(/[.,;:!?]$/, "");
    if (!shown.includes("(")) shown = shown.replace(/\)$/, "");
    const uri = complete ? shown : `https://${shown}`;
    yield { kind: "link", uri, start: index, end: index + shown.length };
  }
}

function* tags(text: string): Generator<Detected> {
  for (const { 1: typed = "", index } of text.matchAll(TAG)) {
    // Of digits and punctuation alone it is none: "#1".
    if (!/[^\d\p{P}]/u.test(typed)) continue;
    const tag = typed.replace(/\p{P}+$/u, "");
    if (graphemes(tag) > MAX_TAG) continue;
    yield { kind: "tag", tag, start: index, end: index + 1 + tag.length };
  }
}

function* cashtags(text: string): Generator<Detected> {
  for (const { 1: ticker = "", index } of text.matchAll(CASHTAG)) {
    const tag = `$${ticker.toUpperCase()}`;
    yield { kind: "tag", tag, start: index, end: index + tag.length };
  }
}

/** Whether a name ends in a top-level domain that exists. */
function isDomain(name: string): boolean {
  const dot = name.lastIndexOf(".");
  return dot !== -1 && TOP_LEVEL_DOMAINS.has(name.slice(dot + 1));
}
