/**
 * X's own reading of a text. The only module that loads X's library, which costs a worker 12 MB and 130 ms: it is
 * imported when it is first needed (`loadText`), never by name.
 *
 * `@ambassify/twitter-text` is X's `twitter-text` without the polyfills of it that change built-in objects: once those
 * have run, `replace`, `match` and `split` by a regular expression take 3 to 12 times as long, in the whole isolate.
 */
import { speakAgain } from "./quiet.ts";
import extractEntitiesWithIndices from "@ambassify/twitter-text/dist/extractEntitiesWithIndices.js";
import hasInvalidCharacters from "@ambassify/twitter-text/dist/hasInvalidCharacters.js";
import parseTweet from "@ambassify/twitter-text/dist/parseTweet.js";
import type { Facet } from "../port.ts";
import { judge, type Measured } from "./measure.ts";
import { byteOffsets } from "./offsets.ts";

/** What the library, which has no types, gives; `indices` are in UTF-16 units. */
interface Entity {
  indices: [start: number, end: number];
  url?: string;
  screenName?: string;
  /** Of a list; empty for a mention of the account. */
  listSlug?: string;
  hashtag?: string;
  cashtag?: string;
}

speakAgain();

const weightOf: (text: string) => { weightedLength: number } = parseTweet;
const isInvalid: (text: string) => boolean | null = hasInvalidCharacters;
const entitiesOf: (text: string, options: { extractUrlsWithoutProtocol: boolean }) => Entity[] =
  extractEntitiesWithIndices;

/** It is counted in NFC, as X counts, and as it is sent. */
export function measureX(text: string): Measured {
  const measured = judge("x", text, { unit: "weighted", count: weightOf(text).weightedLength });
  if (isInvalid(text)) measured.problems.push("It holds a character that X does not take.");
  return measured;
}

/**
 * In the order in which they begin; none lies across another. A link without a scheme leads where X makes it lead. A list
 * (`@name/list`) is no mention.
 */
export function facetsX(text: string): Facet[] {
  const offsets = byteOffsets(text);
  return entitiesOf(text, { extractUrlsWithoutProtocol: true }).flatMap((entity): Facet[] => {
    const [from, to] = entity.indices;
    const place = { start: offsets[from] ?? 0, end: offsets[to] ?? 0 };
    const { url, screenName, listSlug = "", hashtag, cashtag } = entity;
    if (url !== undefined) {
      return [{ ...place, kind: "link", uri: /^https?:\/\//i.test(url) ? url : `http://${url}` }];
    }
    if (screenName !== undefined) {
      return listSlug === "" ? [{ ...place, kind: "mention", handle: screenName, accountId: "" }] : [];
    }
    if (hashtag !== undefined) return [{ ...place, kind: "tag", tag: hashtag }];
    return cashtag === undefined ? [] : [{ ...place, kind: "cashtag", tag: cashtag }];
  }).sort((one, other) => one.start - other.start);
}
