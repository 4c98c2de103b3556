/** WebP, as in RFC 9649. */
import { damaged, unsupported } from "../refused.ts";
import { joined, latin1, viewOf } from "./bytes.ts";
import { behindPrefix, orientationOf } from "./exif.ts";
import { checkSize, type PictureHeader } from "./picture_header.ts";

const HAS_ALPHA = 0x10;
const IS_ANIMATED = 0x02;

export const isWebp = (bytes: Uint8Array): boolean =>
  latin1(bytes.subarray(0, 4)) === "RIFF" && latin1(bytes.subarray(8, 12)) === "WEBP";

export function readWebp(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes);
  const whole = 8 + view.getUint32(4, true);
  if (whole > bytes.length) throw damaged("its end is missing");
  let picture: Uint8Array | null = null;
  let alpha: Uint8Array | null = null;
  let size: { width: number; height: number } | null = null;
  let canvas: { width: number; height: number } | null = null;
  let orientation = 1;
  for (let at = 12; at + 8 <= whole;) {
    const type = latin1(bytes.subarray(at, at + 4));
    const end = at + 8 + view.getUint32(at + 4, true);
    if (end > whole) throw damaged("its end is missing");
    const data = bytes.subarray(at + 8, end);
    if (type === "VP8X") canvas = readCanvas(data);
    if (type === "ANIM" || type === "ANMF") throw animated();
    if (type === "ALPH") alpha = bytes.subarray(at, end);
    if ((type === "VP8 " || type === "VP8L") && picture === null) {
      size = type === "VP8 " ? readLossy(data) : readLossless(data);
      picture = bytes.subarray(at, end);
      if (type === "VP8L") alpha = null;
    }
    if (type === "EXIF") orientation = orientationOf(behindPrefix(data) ?? data);
    at = end + (end - at) % 2;
  }
  if (picture === null || size === null) throw damaged("there is nothing in it");
  if (canvas !== null && (canvas.width !== size.width || canvas.height !== size.height)) {
    throw damaged("it says two different sizes");
  }
  return { format: "webp", ...size, orientation, bare: bareFile(picture, alpha, size) };
}

function readCanvas(data: Uint8Array): { width: number; height: number } {
  if (data.length < 10) throw damaged("its size cannot be read");
  if (((data[0] ?? 0) & IS_ANIMATED) !== 0) throw animated();
  const view = viewOf(data);
  const width = 1 + (view.getUint32(4, true) & 0xffffff);
  const height = 1 + (view.getUint32(6, true) >>> 8);
  checkSize(width, height);
  return { width, height };
}

function animated() {
  return unsupported("This WebP is animated.");
}

function readLossy(data: Uint8Array): { width: number; height: number } {
  if (data.length < 10) throw damaged("its size cannot be read");
  const view = viewOf(data);
  const [width, height] = [view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff];
  checkSize(width, height);
  return { width, height };
}

function readLossless(data: Uint8Array): { width: number; height: number } {
  if (data.length < 5 || data[0] !== 0x2f) throw damaged("its size cannot be read");
  const bits = viewOf(data).getUint32(1, true);
  const [width, height] = [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  checkSize(width, height);
  return { width, height };
}

function bareFile(
  picture: Uint8Array,
  alpha: Uint8Array | null,
  { width, height }: { width: number; height: number },
): Uint8Array<ArrayBuffer> {
  const chunks = [picture];
  if (alpha !== null) {
    const extended = new Uint8Array(18);
    const view = viewOf(extended);
    extended.set([0x56, 0x50, 0x38, 0x58]);
    view.setUint32(4, 10, true);
    view.setUint32(8, HAS_ALPHA, true);
    view.setUint32(12, width - 1, true);
    // Three bytes of width, three of height: the second number begins in the last byte of the first.
    view.setUint16(15, (height - 1) & 0xffff, true);
    view.setUint8(17, (height - 1) >>> 16);
    chunks.unshift(extended, alpha);
  }
  const body = chunks.flatMap((chunk) => chunk.length % 2 === 1 ? [chunk, Uint8Array.of(0)] : [chunk]);
  const start = new Uint8Array(12);
  start.set([0x52, 0x49, 0x46, 0x46], 0);
  start.set([0x57, 0x45, 0x42, 0x50], 8);
  viewOf(start).setUint32(4, 4 + body.reduce((sum, part) => sum + part.length, 0), true);
  return joined([start, ...body]);
}
