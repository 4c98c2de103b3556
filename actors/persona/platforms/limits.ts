/** What each platform allows, as plain data that pages, rules and writers share. */
import type { Platform } from "./port.ts";

export interface PlatformLimits {
  /** What people call it. */
  label: string;
  /** In one part: graphemes, but weighted characters on X (facts: its text library) and UTF-16 units on LinkedIn. */
  maxLength: number;
  unit: "graphemes" | "weighted characters" | "characters";
  /** Of a reply, where that differs. */
  maxReplyLength?: number;
  /** Bytes of UTF-8 in one part. */
  maxBytes?: number;
  /** Parts of a thread. */
  maxParts: number;
  maxImages: number;
  /** Pictures in a reply. */
  maxReplyImages: number;
  /** Cashtags in one part. */
  maxCashtags?: number;
  /** Whether what is said there can be seen by people outside. */
  real: boolean;
  /** Whether a repeated attempt with the same key is a no-op there. */
  keyedWrites: boolean;
  /** Whether texts need `prepare` (links and mentions looked up) before they can be approved. */
  needsPreparation: boolean;
  /** Whether a person has to approve every post in a session: a token's approval does not hold. */
  personApproves: boolean;
  /** Whether what others say there is shown to a model where the operator has not said. */
  wordsToModel: boolean;
  /** ms between two polls for interactions. */
  pollMs: number;
}

/** So far ahead, in ms, a platform is believed that nothing is left of a window: a day, and clocks that differ. */
export const MAX_WINDOW_MS = 25 * 3_600_000;

const MINUTE_MS = 60_000;

const LIMITS: Record<Platform, PlatformLimits> = {
  sandbox: {
    label: "Sandbox",
    maxLength: 500,
    unit: "graphemes",
    maxParts: 25,
    maxImages: 4,
    maxReplyImages: 4,
    real: false,
    keyedWrites: true,
    needsPreparation: false,
    personApproves: false,
    wordsToModel: true,
    pollMs: 30_000,
  },
  // 300 graphemes and 3,000 bytes, four pictures: lexicons app.bsky.feed.post and app.bsky.embed.images.
  bluesky: {
    label: "Bluesky",
    maxLength: 300,
    unit: "graphemes",
    maxBytes: 3_000,
    maxParts: 25,
    maxImages: 4,
    maxReplyImages: 4,
    real: true,
    keyedWrites: true,
    needsPreparation: true,
    personApproves: false,
    wordsToModel: true,
    pollMs: MINUTE_MS,
  },
  // 280 weighted, four pictures, one cashtag: X's documents of November 2026; each look costs money.
  x: {
    label: "X",
    maxLength: 280,
    unit: "weighted characters",
    maxParts: 25,
    maxImages: 4,
    maxReplyImages: 4,
    maxCashtags: 1,
    real: true,
    keyedWrites: false,
    needsPreparation: true,
    personApproves: false,
    wordsToModel: true,
    pollMs: 5 * MINUTE_MS,
  },
  // 3,000 a post and 1,250 a comment, enforced here; the development tier allows 100 calls a day and member.
  linkedin: {
    label: "LinkedIn",
    maxLength: 3_000,
    unit: "characters",
    maxReplyLength: 1_250,
    maxParts: 1,
    maxImages: 4,
    maxReplyImages: 0,
    real: true,
    keyedWrites: false,
    needsPreparation: true,
    personApproves: true,
    wordsToModel: false,
    pollMs: 30 * MINUTE_MS,
  },
};

export const PLATFORMS = Object.keys(LIMITS) as Platform[];

export function limitsOf(platform: Platform): PlatformLimits {
  return LIMITS[platform];
}

/** What one part may have. */
export function maxLengthOf(platform: Platform, isReply: boolean): number {
  const { maxLength, maxReplyLength = maxLength } = LIMITS[platform];
  return isReply ? maxReplyLength : maxLength;
}
