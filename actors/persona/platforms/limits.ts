/** What each platform allows, as plain data that pages, rules and writers share. */
import type { Platform } from "./port.ts";

export interface PlatformLimits {
  /** What people call it. */
  label: string;
  /** Graphemes in one part. */
  maxGraphemes: number;
  /** Whether what is said there can be seen by people outside. */
  real: boolean;
  /** Whether a repeated attempt with the same key is a no-op there. */
  keyedWrites: boolean;
  /** Whether texts need `prepare` (links and mentions looked up) before they can be approved. */
  needsPreparation: boolean;
  /** ms between two polls for interactions. */
  pollMs: number;
}

const LIMITS: Record<Platform, PlatformLimits> = {
  sandbox: {
    label: "Sandbox",
    maxGraphemes: 500,
    real: false,
    keyedWrites: true,
    needsPreparation: false,
    pollMs: 30_000,
  },
  // 300 graphemes: lexicon app.bsky.feed.post.
  bluesky: {
    label: "Bluesky",
    maxGraphemes: 300,
    real: true,
    keyedWrites: true,
    needsPreparation: true,
    pollMs: 60_000,
  },
};

export const PLATFORMS = Object.keys(LIMITS) as Platform[];

export function limitsOf(platform: Platform): PlatformLimits {
  return LIMITS[platform];
}
