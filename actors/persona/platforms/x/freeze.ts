import type { Part, Payload, ReplyTarget } from "../port.ts";

export interface FreezeXOptions {
  /** Of the intent, ms since the epoch. */
  createdAt: number;
  /** What the first part answers; null for a post that stands alone. */
  replyTarget: Pick<ReplyTarget, "id"> | null;
  /** Whether X shall say that it was made with AI. */
  madeWithAi: boolean;
}

/** X's clock may be so far behind ours. */
const SKEW_MS = 60_000;
/** Where X's ids begin, ms since the epoch; a millisecond is 2^22 of them. */
const SNOWFLAKE_EPOCH = 1_288_834_974_657;
const IDS_A_MS = 1n << 22n;

/**
 * The complete records of a post, fixed before the first attempt. Pure: it runs in the persona core. What X gives only
 * when it is sent is put in then: the id of the part before, and for each of `media` (in our shape, not X's) the id of its
 * upload. X knows no idempotency keys: in place of one stands, for every part, an id that any attempt's post is newer than,
 * so that a look begins there.
 */
export function freezeX(
  parts: Pick<Part, "text" | "media">[],
  { createdAt, replyTarget, madeWithAi }: FreezeXOptions,
): Payload {
  if (parts.length === 0) throw new RangeError("a post needs a part");
  if (parts.some(({ text }) => text.trim() === "")) throw new RangeError("a part needs a text");
  const since = idAt(createdAt - SKEW_MS);
  return {
    keys: parts.map(() => since),
    records: parts.map(({ text, media = [] }, part) => ({
      text: text.normalize("NFC"),
      ...(madeWithAi ? { made_with_ai: true } : {}),
      ...(part === 0 && replyTarget !== null ? { reply: { in_reply_to_tweet_id: replyTarget.id } } : {}),
      ...(media.length === 0 ? {} : { media: media.map(({ sha256, mime, alt }) => ({ sha256, mime, alt })) }),
    })),
  };
}

/** The smallest id of a moment. */
export function idAt(ms: number): string {
  return String(BigInt(Math.max(0, Math.trunc(ms) - SNOWFLAKE_EPOCH)) * IDS_A_MS);
}

/** When a post of that id was made, ms since the epoch. */
export function timeOf(id: string): number {
  return Number(BigInt(id) / IDS_A_MS) + SNOWFLAKE_EPOCH;
}
