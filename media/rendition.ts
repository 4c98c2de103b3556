/** What a platform is given of a picture: upright, small enough, and nothing in it but pixels. */
import type { Codecs } from "./codecs.ts";
import { readHeader } from "./header/header.ts";
import type { RenditionLimits, RenditionMime } from "./limits.ts";
import { clearInvisible, onWhite, type Pixels, upright } from "./pixels.ts";
import { shrink, sizeWithin } from "./shrink.ts";

export interface Rendition {
  mime: RenditionMime;
  /** As it is to be looked at. */
  width: number;
  height: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Tried one after the other; below the last one it looks better smaller. */
const QUALITIES = [88, 78, 68];
/** From the first quality to the last a file shrinks 1.9 to 2.9 times (measured): one that is larger still has to be made smaller. */
const QUALITY_GAINS = 3;
/** Each time by this much. Noise, the worst there is, of 16 million pixels fits into 1 MB after four. */
const SMALLER = 0.75;
const MAX_SHRINKS = 16;
/** Formats whose pictures are drawn, mostly: PNG keeps them as they are. */
const DRAWN = ["png", "gif"];

/**
 * The same file and the same limits make the same bytes. PNG where the picture came as PNG or GIF and fits so, else JPEG,
 * on white where it was transparent. Throws PictureRefused.
 */
export async function renditionOf(
  file: Uint8Array,
  limits: RenditionLimits,
  codecs: Codecs,
): Promise<Rendition> {
  const header = readHeader(file);
  const decoded = await codecs.decode(header);
  const pixels = upright(shrink(decoded, sizeWithin(decoded, limits.maxSide)), header.orientation);
  clearInvisible(pixels);
  if (DRAWN.includes(header.format) && limits.formats.includes("image/png")) {
    const bytes = await codecs.encode(pixels, "image/png", 100);
    if (bytes.length <= limits.maxBytes) return rendition(pixels, "image/png", bytes);
  }
  onWhite(pixels);
  return await smallestLoss(pixels, limits, codecs);
}

async function smallestLoss(
  pixels: Pixels,
  { maxBytes }: RenditionLimits,
  codecs: Codecs,
): Promise<Rendition> {
  let smaller = pixels;
  for (let shrinks = 0; shrinks <= MAX_SHRINKS; shrinks++) {
    for (const quality of QUALITIES) {
      const bytes = await codecs.encode(smaller, "image/jpeg", quality);
      if (bytes.length <= maxBytes) return rendition(smaller, "image/jpeg", bytes);
      if (bytes.length > maxBytes * QUALITY_GAINS) break;
    }
    smaller = shrink(smaller, sizeWithin(smaller, Math.max(smaller.width, smaller.height) * SMALLER));
  }
  throw new Error(`a picture did not fit into ${maxBytes} bytes`);
}

function rendition(
  { width, height }: Pixels,
  mime: RenditionMime,
  bytes: Uint8Array<ArrayBuffer>,
): Rendition {
  return { mime, width, height, bytes };
}
