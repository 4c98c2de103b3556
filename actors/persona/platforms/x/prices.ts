/** What a post on X will cost. */
import { mayHoldLink } from "./links.ts";
import { PRICES } from "./price_list.ts";

/**
 * Millionths of a US dollar for the parts of a post, at most: a link may be seen where X sees none. Of a reply, the first
 * part is a summoned one. Which price wins for a reply with a link is not said: the dearer is taken.
 */
export function priceOf(texts: string[], isReply: boolean): number {
  return texts.reduce((sum, text, part) => sum + priceOfPart(text, isReply && part === 0), 0);
}

/** The same for one part. */
export function priceOfPart(text: string, isSummoned: boolean): number {
  const { post, postWithLink, summonedReply } = PRICES.microUsd;
  return mayHoldLink(text) ? postWithLink : isSummoned ? summonedReply : post;
}
