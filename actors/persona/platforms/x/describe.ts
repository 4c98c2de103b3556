/** What X allows and what it costs, as plain data for people and rules, before anything is sent. Pure. */
import { mayHoldLink } from "./links.ts";
import { priceOf, PRICES } from "./prices.ts";

/** Per account in 15 minutes where nothing else is said; X's documents contradict each other, so its headers win. */
export const LIMITS = {
  maxWeight: 280,
  /** Of any link in a text, however long it is. */
  linkWeight: 23,
  maxImages: 4,
  maxCashtags: 1,
  posts: 100,
  /** Of the whole app. */
  postsADay: 10_000,
  deletions: 50,
  mentions: 300,
  timeline: 900,
} as const;

export interface Description {
  limits: typeof LIMITS;
  /** Millionths of a US dollar that sending it costs, at most; `asOf` and `source` say which list that is from. */
  price: { microUsd: number; asOf: string; source: string };
}

/** `isSummonedReply`: whether the first part answers a post that mentions or quotes the persona. */
export function describeX(texts: string[], isSummonedReply: boolean): Description {
  const parts = texts.map((text, part) => ({
    hasLink: mayHoldLink(text),
    isSummonedReply: isSummonedReply && part === 0,
  }));
  const { asOf, source } = PRICES;
  return { limits: LIMITS, price: { microUsd: priceOf(parts), asOf, source } };
}
