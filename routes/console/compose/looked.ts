/** What a text comes to on one platform: its parts, how long they are, what speaks against it, and its price. */
import { limitsOf } from "../../../actors/persona/platforms/limits.ts";
import { linkedInRefusal } from "../../../actors/persona/platforms/linkedin/rules.ts";
import type { Facet, MediaRef, Part, Platform } from "../../../actors/persona/platforms/port.ts";
import type { Measured } from "../../../actors/persona/platforms/text/measure.ts";
import { partsOf } from "../../../actors/persona/platforms/text/join.ts";
import { spansOf } from "../../../actors/persona/platforms/text/offsets.ts";
import { loadText } from "../../../actors/persona/platforms/text/platform_text.ts";
import { mayHoldLink } from "../../../actors/persona/platforms/x/links.ts";
import { priceOf } from "../../../actors/persona/platforms/x/prices.ts";
import { overflow } from "./segments.ts";

/** Where a text is to go. */
export interface Place {
  connectionId: string;
  platform: Platform;
  accountId: string;
  handle: string;
}

export interface Asked {
  place: Place;
  /** As it stands in the editor: parts apart by lines of dashes. */
  text: string;
  media: MediaRef[][];
  isReply: boolean;
  /** Parts that are out already: they count for nothing but the number of parts. */
  before?: number;
}

export interface Looked {
  parts: Part[];
  measures: Measured[];
  /** UTF-16 index in each part from which on it is too long. */
  over: number[];
  /** What keeps it from going out like this; sentences for people. Empty for a text that is not begun. */
  problems: string[];
  /** Whether a split would help: it is too long, and the platform has threads. */
  splits: boolean;
  /** Millionths of a dollar; null where sending costs nothing. */
  price: { microUsd: number; hasLink: boolean } | null;
}

export async function look({ place, text, media, isReply, before = 0 }: Asked): Promise<Looked> {
  const { platform, accountId } = place;
  const { label, maxParts, maxImages, maxReplyImages } = limitsOf(platform);
  const reader = await loadText(platform);
  const texts = partsOf(text);
  const isBegun = text.trim() !== "";
  // Only the first part of a thread answers somebody.
  const isAnswer = (index: number) => isReply && before + index === 0;
  const measures = texts.map((part, index) => reader.measure(part, { reply: isAnswer(index) }));
  const parts: Part[] = texts.map((part, index) => ({
    text: part,
    facets: reader.facets(part),
    ...(media[index]?.length ? { media: media[index] } : {}),
  }));
  const named = (index: number) => texts.length + before > 1 ? `Part ${before + index + 1}: ` : "";
  const problems = measures.flatMap(({ problems }, index) => problems.map((one) => named(index) + one));
  if (texts.length + before > maxParts) {
    problems.push(
      maxParts === 1
        ? `${label} has no threads: make it one part.`
        : `The thread has ${texts.length + before} of at most ${maxParts} parts.`,
    );
  }
  for (const [index, own] of media.entries()) {
    const most = isAnswer(index) ? maxReplyImages : maxImages;
    if (own.length > most) problems.push(`${named(index)}${label} takes at most ${most} pictures.`);
  }
  if (platform === "linkedin" && problems.length === 0 && !isReply) {
    const refusal = linkedInRefusal({ accountId, parts, replyTarget: null });
    if (refusal !== null) problems.push(refusal);
  }
  return {
    parts,
    measures,
    over: parts.map(({ text, facets }, index) =>
      whole(text, facets, overflow(reader.measure, text, isAnswer(index)))
    ),
    problems: isBegun ? problems : [],
    splits: maxParts > 1 && measures.some(({ fits }) => !fits),
    price: platform === "x" && isBegun
      ? { microUsd: priceOf(texts, isReply && before === 0), hasLink: texts.some(mayHoldLink) }
      : null,
  };
}

/** Half a link is no link: what is cut there is too long from where it begins. */
function whole(text: string, facets: Facet[], over: number): number {
  const cut = over === Infinity
    ? undefined
    : spansOf(text, facets).find(([from, to]) => from < over && over < to);
  return cut?.[0] ?? over;
}
