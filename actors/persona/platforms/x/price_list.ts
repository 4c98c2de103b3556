/** What X charges, as published; it changes, so it carries its date. */
export const PRICES = {
  /** Year and month in which it was read. */
  asOf: "2026-11",
  source: "https://docs.x.com/x-api/getting-started/pricing",
  /** Millionths of a US dollar. */
  microUsd: {
    post: 15_000,
    postWithLink: 200_000,
    /** A reply to a post that mentions or quotes the persona. */
    summonedReply: 10_000,
    deletion: 10_000,
    readPost: 5_000,
    readUser: 10_000,
    /** Its own timeline and mentions, where the persona owns the app. */
    readOwnPost: 1_000,
  },
} as const;
