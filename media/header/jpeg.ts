/** JPEG, as in ITU-T T.81; EXIF as an APP1 segment. */
import { MAX_DRAWN_PIXELS, MAX_SCANS } from "../limits.ts";
import { damaged, unsupported } from "../refused.ts";
import { joined, startsWith, viewOf } from "./bytes.ts";
import { behindPrefix, orientationOf } from "./exif.ts";
import { checkSize, type PictureHeader } from "./picture_header.ts";

const START = 0xd8, END = 0xd9, SCAN = 0xda, COMMENT = 0xfe;
const TEMPORARY = 0x01;
const APP0 = 0xe0, APP1 = 0xe1, APP14 = 0xee, APP15 = 0xef;
/** Baseline, extended and progressive, with Huffman coding: what is in use, and what the decoder takes. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** All that begin a frame; 0xc4, 0xc8 and 0xcc between them do not. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;
/** Of the application segments only JFIF's (APP0) and Adobe's (APP14) say how to decode. */
const isKept = (marker: number) =>
  marker !== COMMENT && (marker < APP0 || marker > APP15 || marker === APP0 || marker === APP14);

interface Frame {
  width: number;
  height: number;
}

export const isJpeg = (bytes: Uint8Array): boolean => startsWith(bytes, [0xff, START, 0xff]);

export function readJpeg(bytes: Uint8Array): PictureHeader {
  const view = viewOf(bytes);
  const parts = [bytes.subarray(0, 2)];
  let frame: Frame | null = null;
  let orientation = 1, scans = 0;
  let at = 2;
  while (true) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (marker === undefined) throw damaged("its end is missing");
    if (bytes[at] !== 0xff) throw damaged("a part of it does not begin where it should");
    if (marker === END) break;
    if (marker === START || marker === 0 || marker === TEMPORARY || isRestart(marker)) {
      throw damaged("its parts are out of order");
    }
    if (at + 4 > bytes.length) throw damaged("its end is missing");
    const length = view.getUint16(at + 2);
    let end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw damaged("its end is missing");
    const data = bytes.subarray(at + 4, end);
    if (isFrame(marker)) {
      if (frame !== null) throw damaged("it holds more than one picture");
      frame = readFrame(marker, data);
    }
    if (marker === APP1) {
      const exif = behindPrefix(data);
      if (exif !== null) orientation = orientationOf(exif);
    }
    if (marker === SCAN) {
      if (frame === null) throw damaged("it does not say how large it is");
      checkScans(++scans, frame);
      end = endOfScan(bytes, end);
    }
    if (isKept(marker)) parts.push(bytes.subarray(at, end));
    at = end;
  }
  if (frame === null || scans === 0) throw damaged("there is nothing in it");
  parts.push(Uint8Array.of(0xff, END));
  return { format: "jpeg", ...frame, orientation, bare: joined(parts) };
}

function readFrame(marker: number, data: Uint8Array): Frame {
  if (!FRAMES.includes(marker)) throw unsupported("This JPEG is of a rare kind (lossless or arithmetic).");
  if (data.length < 6) throw damaged("its size cannot be read");
  const view = viewOf(data);
  const components = view.getUint8(5);
  if (view.getUint8(0) !== 8) throw unsupported("This JPEG has more than 8 bits for each color.");
  if (components === 4) throw unsupported("This JPEG is made for printing (CMYK).");
  if (components !== 1 && components !== 3) throw damaged(`it says that it has ${components} colors`);
  const [width, height] = [view.getUint16(3), view.getUint16(1)];
  checkSize(width, height);
  return { width, height };
}

function checkScans(scans: number, { width, height }: Frame): void {
  if (scans <= MAX_SCANS && scans * width * height <= MAX_DRAWN_PIXELS) return;
  throw unsupported("This JPEG is drawn over in more layers than are taken.");
}

/** Where the next marker stands after the coded data that begin at `from`. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next === 0xff) at++;
    else if (next === 0 || isRestart(next)) at += 2;
    else return at;
  }
  throw damaged("its end is missing");
}
