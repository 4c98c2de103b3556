/** What X does to a text: judges its length, finds what is in it, wraps links and escapes. */
import twitterText from "twitter-text";
import { shortCode } from "./ids.ts";

/** Weighted, as X counts. */
export const MAX_WEIGHT = 280;

export interface Measured {
  weight: number;
  fits: boolean;
  links: number;
  cashtags: number;
  /** Names without the `@`, as written. */
  mentions: string[];
}

export function measured(text: string): Measured {
  return {
    weight: twitterText.parseTweet(text).weightedLength,
    fits: twitterText.parseTweet(text).weightedLength <= MAX_WEIGHT,
    links: twitterText.extractUrls(text).length,
    cashtags: twitterText.extractCashtags(text).length,
    mentions: twitterText.extractMentions(text),
  };
}

/** Characters that X takes in no text. */
export function hasInvalidCharacters(text: string): boolean {
  return !text.isWellFormed() || twitterText.hasInvalidCharacters(text);
}

/** The same for two texts that X takes for one. */
export function comparable(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

interface Found {
  indices: [number, number];
  url?: string;
  screenName?: string;
  hashtag?: string;
  cashtag?: string;
}

export interface Rendered {
  /** Escaped, with links wrapped. */
  text: string;
  /** Offsets in characters of that text, the end exclusive. */
  entities: {
    urls: Record<string, unknown>[];
    mentions: { start: number; end: number; username: string }[];
    hashtags: { start: number; end: number; tag: string }[];
    cashtags: { start: number; end: number; tag: string }[];
  };
}

/** The text as it is read back. `salt` makes wrapped links differ from post to post, as they do on X. */
export function rendered(text: string, salt: string): Rendered {
  const entities: Rendered["entities"] = { urls: [], mentions: [], hashtags: [], cashtags: [] };
  const found: Found[] = twitterText.extractEntitiesWithIndices(text, { extractUrlsWithoutProtocol: true });
  let out = "";
  let length = 0;
  const add = (piece: string) => {
    const start = length;
    out += piece;
    length += [...piece].length;
    return { start, end: length };
  };
  let at = 0;
  for (const entity of found) {
    const [from, to] = entity.indices;
    if (from < at) continue;
    add(escaped(text.slice(at, from)));
    const raw = text.slice(from, to);
    if (entity.url !== undefined) {
      const place = add(`https://t.co/${shortCode(`${salt}/${from}/${raw}`)}`);
      const expanded = /^https?:\/\//i.test(raw) ? raw : `http://${raw}`;
      const display = raw.replace(/^https?:\/\/(www\.)?/i, "");
      entities.urls.push({
        ...place,
        url: out.slice(-23),
        expanded_url: expanded,
        display_url: display.length > 27 ? `${display.slice(0, 26)}…` : display,
      });
    } else {
      const place = add(escaped(raw));
      if (entity.screenName !== undefined) entities.mentions.push({ ...place, username: entity.screenName });
      if (entity.hashtag !== undefined) entities.hashtags.push({ ...place, tag: entity.hashtag });
      if (entity.cashtag !== undefined) entities.cashtags.push({ ...place, tag: entity.cashtag });
    }
    at = to;
  }
  add(escaped(text.slice(at)));
  return { text: out, entities };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
