/** What a picture's file says of itself, read by its contents alone and before anything is decoded. */
import { MAX_PICTURE_BYTES } from "../limits.ts";
import { PictureRefused } from "../refused.ts";
import { isGif, readGif } from "./gif.ts";
import { isJpeg, readJpeg } from "./jpeg.ts";
import { isPng, readPng } from "./png.ts";
import type { PictureHeader } from "./picture_header.ts";
import { isWebp, readWebp } from "./webp.ts";

/** Throws PictureRefused: no picture, one of a kind that is not taken, damaged, or too large to be decoded. */
export function readHeader(bytes: Uint8Array): PictureHeader {
  if (bytes.length > MAX_PICTURE_BYTES) {
    const most = MAX_PICTURE_BYTES / 1024 / 1024;
    throw new PictureRefused("too_large", `The picture has more than ${most} MB: make it smaller.`);
  }
  if (isPng(bytes)) return readPng(bytes);
  if (isJpeg(bytes)) return readJpeg(bytes);
  if (isWebp(bytes)) return readWebp(bytes);
  if (isGif(bytes)) return readGif(bytes);
  const kind = otherKind(bytes);
  const what = kind === null ? "This is no picture." : `This is ${kind}.`;
  throw new PictureRefused(
    kind === null ? "not_a_picture" : "unsupported",
    `${what} JPEG, PNG, WebP and GIF are taken.`,
  );
}

/** What people upload by mistake, by its first bytes; null for anything else. */
function otherKind(bytes: Uint8Array): string | null {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1_024));
  if (/^.{4}ftyp(hei|hev|mif1|msf1)/s.test(start)) return "a HEIC picture";
  if (/^.{4}ftypavi[fs]/s.test(start)) return "an AVIF picture";
  if (/^.{4}ftyp/s.test(start)) return "a video";
  if (/<svg[\s>]/i.test(start)) return "an SVG drawing";
  if (/<!doctype html|<html|<script/i.test(start)) return "a web page";
  if (start.startsWith("%PDF-")) return "a PDF";
  if (start.startsWith("BM")) return "a BMP picture";
  if (/^(II\*\0|MM\0\*)/.test(start)) return "a TIFF picture";
  return null;
}
