/** GIF, as in CompuServe's specification of 1989 (GIF89a). Of an animation the first frame is the picture. */
import { MAX_FRAMES } from "../limits.ts";
import { damaged, unsupported } from "../refused.ts";
import { joined, latin1, viewOf } from "./bytes.ts";
import { checkSize, type PictureHeader } from "./picture_header.ts";

const EXTENSION = 0x21, FRAME = 0x2c, END = 0x3b;
/** Says which color is transparent. */
const GRAPHIC_CONTROL = 0xf9;
const HAS_COLORS = 0x80;

export const isGif = (bytes: Uint8Array): boolean => /^GIF8[79]a$/.test(latin1(bytes.subarray(0, 6)));

export function readGif(bytes: Uint8Array): PictureHeader {
  if (bytes.length < 13) throw damaged("its end is missing");
  const view = viewOf(bytes);
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  checkSize(width, height);
  let at = 13 + colorBytes(view.getUint8(10));
  const parts = [bytes.subarray(0, at)];
  let control: Uint8Array | null = null;
  let frames = 0;
  while (bytes[at] !== END) {
    const start = at;
    if (bytes[at] === EXTENSION) {
      at = endOfBlocks(bytes, at + 2);
      if (bytes[start + 1] === GRAPHIC_CONTROL) control = bytes.subarray(start, at);
    } else if (bytes[at] === FRAME) {
      if (++frames > MAX_FRAMES) {
        throw unsupported(`This animation has more than ${MAX_FRAMES} frames, and only the first is used.`);
      }
      if (at + 11 > bytes.length) throw damaged("its end is missing");
      const right = view.getUint16(at + 1, true) + view.getUint16(at + 5, true);
      const bottom = view.getUint16(at + 3, true) + view.getUint16(at + 7, true);
      if (right > width || bottom > height) throw damaged("a frame is larger than the picture");
      at = endOfBlocks(bytes, at + 11 + colorBytes(view.getUint8(at + 9)));
      if (frames === 1) parts.push(...control === null ? [] : [control], bytes.subarray(start, at));
    } else {
      throw damaged(at < bytes.length ? "a part of it does not begin where it should" : "its end is missing");
    }
  }
  if (frames === 0) throw damaged("there is nothing in it");
  parts.push(Uint8Array.of(END));
  return { format: "gif", width, height, orientation: 1, bare: joined(parts) };
}

function colorBytes(flags: number): number {
  return (flags & HAS_COLORS) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Blocks of data, each led by its length, up to an empty one. */
function endOfBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (true) {
    const length = bytes[at];
    if (length === undefined) throw damaged("its end is missing");
    at += 1 + length;
    if (length === 0) return at;
  }
}
