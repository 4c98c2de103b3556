/** Every bound on pictures: what is taken from people, and what each platform is given. */
import type { Platform } from "../actors/persona/platforms/port.ts";

/** Bytes of an upload. */
export const MAX_PICTURE_BYTES = 10 * 1024 * 1024;
/** Width times height, as the header says before anything is decoded; phones make pictures of 50.3 million. */
export const MAX_PIXELS = 51_000_000;
/** A progressive JPEG is drawn once for each of its scans: scans times pixels. Ordinary ones have about ten. */
export const MAX_DRAWN_PIXELS = 600_000_000;
/** Scans of a progressive JPEG, however small it is. */
export const MAX_SCANS = 100;
/** Frames of an animation, of which the first is taken. */
export const MAX_FRAMES = 1_000;

export type RenditionMime = "image/jpeg" | "image/png";

export interface RenditionLimits {
  /** Bytes of the file. */
  maxBytes: number;
  /** Pixels of the longer side. */
  maxSide: number;
  /** What the platform takes; JPEG always. */
  formats: readonly RenditionMime[];
}

const BOTH: readonly RenditionMime[] = ["image/jpeg", "image/png"];
/** As base64 a picture has to fit into one frame to a cell, 8 MB. */
const MOST_BYTES = 4_000_000;

// Lexicon app.bsky.embed.images: `maxSize` 1,000,000. Newer servers take 2,000,000; what the strictest takes, all take.
// 2,000 pixels is what Bluesky's own client makes.
const bluesky: RenditionLimits = { maxBytes: 1_000_000, maxSide: 2_000, formats: BOTH };

const RENDITIONS: Record<Platform, RenditionLimits> = {
  bluesky,
  sandbox: bluesky,
  // docs.x.com/x-api/media/quickstart/best-practices: 5 MB, JPG, PNG, GIF or WEBP. 4,096 pixels is the largest that X shows.
  x: { maxBytes: MOST_BYTES, maxSide: 4_096, formats: BOTH },
  // LinkedIn, Images API: JPG, GIF or PNG with fewer than 36,152,320 pixels; 4,096 squared is 16,777,216.
  linkedin: { maxBytes: MOST_BYTES, maxSide: 4_096, formats: BOTH },
};

export function renditionLimits(platform: Platform): RenditionLimits {
  return RENDITIONS[platform];
}
