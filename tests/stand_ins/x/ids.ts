/** Ids, keys and tokens: the same for the same seed, clock and order of calls. */
import { createHash } from "node:crypto";

/** 4 November 2010, where X's ids begin; ms since the epoch. */
const SNOWFLAKE_EPOCH = 1_288_834_974_657n;
const SEQUENCE_BITS = 22n;

/** Ids that sort by time, as X's do: ms since its epoch, then a count. Always rising, even when the clock is not. */
export function snowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const first = (BigInt(Math.trunc(now())) - SNOWFLAKE_EPOCH) << SEQUENCE_BITS;
    last = first > last ? first : last + 1n;
    return String(last);
  };
}

/** Secrets of this stand-in: nobody can guess the next one without the seed, and a test gets the same again. */
export function secretSource(seed: string): (kind: string) => string {
  let made = 0;
  return (kind) => {
    const digest = createHash("sha256").update(`${seed}/${kind}/${made++}`).digest("base64url");
    return `${kind}-${digest}`;
  };
}

/** Ten letters and digits for `https://t.co/…`, made from what the link is. */
export function shortCode(of: string): string {
  const digest = createHash("sha256").update(of).digest("base64").replace(/[+/=]/g, "");
  return digest.slice(0, 10);
}
