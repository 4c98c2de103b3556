import { MAX_PIXELS } from "../limits.ts";
import { damaged, PictureRefused } from "../refused.ts";

export interface PictureHeader {
  format: "png" | "jpeg" | "webp" | "gif";
  /** As stored, before `orientation`. */
  width: number;
  height: number;
  /** 1 to 8, as EXIF counts; 1 is upright. */
  orientation: number;
  /** The file with nothing but the picture in it: what a decoder is given. */
  bare: Uint8Array<ArrayBuffer>;
}

/** To be asked as soon as the size is known. Throws PictureRefused. */
export function checkSize(width: number, height: number): void {
  if (width < 1 || height < 1) {
    throw damaged("it says that it has no pixels");
  }
  if (width * height > MAX_PIXELS) {
    throw new PictureRefused(
      "too_many_pixels",
      `The picture is ${width} by ${height} pixels: at most ${
        MAX_PIXELS / 1e6
      } million are taken. Make it smaller.`,
    );
  }
}
