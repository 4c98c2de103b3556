/** PNG, as in the W3C's specification, third edition. */
import { damaged } from "../refused.ts";
import { joined, latin1, startsWith, viewOf } from "./bytes.ts";
import { orientationOf } from "./exif.ts";
import { checkSize, type PictureHeader } from "./picture_header.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Texts, profiles, times and further frames are left out: no decoder has to look at them. */
const KEPT = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

export const isPng = (bytes: Uint8Array): boolean => startsWith(bytes, SIGNATURE);

export function readPng(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes);
  const parts = [bytes.subarray(0, SIGNATURE.length)];
  let width = 0, height = 0, orientation = 1;
  let at = SIGNATURE.length;
  for (let type = ""; type !== "IEND";) {
    if (at + 12 > bytes.length) throw damaged("its end is missing");
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw damaged("its end is missing");
    const first = type === "";
    type = latin1(bytes.subarray(at + 4, at + 8));
    if (first) {
      if (type !== "IHDR" || end - at !== 25) throw damaged("it does not begin with its size");
      [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
      checkSize(width, height);
    }
    if (type === "eXIf") orientation = orientationOf(bytes.subarray(at + 8, end - 4));
    if (KEPT.has(type)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return { format: "png", width, height, orientation, bare: joined(parts) };
}
