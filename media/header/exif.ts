import { latin1, viewOf } from "./bytes.ts";

const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/**
 * The orientation, 1 to 8, that EXIF data (a TIFF header and its first directory, Exif 2.32 §4.5) says; 1 where it says none
 * that makes sense.
 */
export function orientationOf(exif: Uint8Array): number {
  if (exif.length < 14) return 1;
  const order = latin1(exif.subarray(0, 2));
  if (order !== "II" && order !== "MM") return 1;
  const little = order === "II";
  const view = viewOf(exif);
  const directory = view.getUint32(4, little);
  if (directory + 2 > exif.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let n = 0; n < entries; n++) {
    const at = directory + 2 + n * ENTRY_BYTES;
    if (at + ENTRY_BYTES > exif.length) return 1;
    if (view.getUint16(at, little) !== ORIENTATION || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

const PREFIX = "Exif\0\0";

/** EXIF data behind the prefix that JPEG, and some writers of WebP, put before it; null without the prefix. */
export function behindPrefix(data: Uint8Array): Uint8Array | null {
  return latin1(data.subarray(0, PREFIX.length)) === PREFIX ? data.subarray(PREFIX.length) : null;
}
