/** Decoders and encoders, WebAssembly all but GIF's: they touch nothing but what they are given. */
import decodeJpeg, { init as initJpegDecoder } from "@jsquash/jpeg/decode.js";
import encodeJpeg, { init as initJpegEncoder } from "@jsquash/jpeg/encode.js";
import { decode as decodePng, encode as encodePng, initSync } from "@jsquash/png/codec/pkg/squoosh_png.js";
import decodeWebp, { init as initWebpDecoder } from "@jsquash/webp/decode.js";
import { GifReader } from "omggif";
import type { CodecModules } from "./codec_modules.ts";
import type { PictureHeader } from "./header/picture_header.ts";
import type { RenditionMime } from "./limits.ts";
import type { Pixels } from "./pixels.ts";
import { damaged } from "./refused.ts";

export interface Codecs {
  /** As stored, not yet upright. Throws PictureRefused when it is damaged. */
  decode(picture: PictureHeader): Promise<Pixels>;
  /** The same pixels make the same bytes. `quality` 1 to 100 is for JPEG, which has no transparency. */
  encode(pixels: Pixels, mime: RenditionMime, quality: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** One set for one thread: what a decoder has asked for of memory it keeps. */
export async function openCodecs(modules: CodecModules): Promise<Codecs> {
  initSync(modules.png);
  // The packages' types leave this first parameter out; their documentation shows it.
  type Init = (module: WebAssembly.Module) => Promise<void>;
  await (initJpegDecoder as unknown as Init)(modules.jpegDecoder);
  await (initJpegEncoder as unknown as Init)(modules.jpegEncoder);
  await (initWebpDecoder as unknown as Init)(modules.webpDecoder);
  return { decode, encode };
}

async function decode(picture: PictureHeader): Promise<Pixels> {
  let pixels: Pixels;
  try {
    pixels = await DECODERS[picture.format](picture);
  } catch (error) {
    // Traps, aborts, strings: each decoder has its own way to say that it cannot go on.
    throw damaged("it cannot be decoded", error);
  }
  const { width, height, data } = pixels;
  const whole = width === picture.width && height === picture.height && data.length === width * height * 4;
  if (!whole) throw damaged("it says two different sizes");
  return pixels;
}

const DECODERS: Record<PictureHeader["format"], (picture: PictureHeader) => Promise<Pixels> | Pixels> = {
  jpeg: async ({ bare }) => plain(await decodeJpeg(bare.buffer)),
  png: ({ bare }) => plain(decodePng(bare)),
  webp: async ({ bare }) => plain(await decodeWebp(bare.buffer)),
  gif({ bare, width, height }) {
    const data = new Uint8ClampedArray(width * height * 4);
    new GifReader(bare).decodeAndBlitFrameRGBA(0, data);
    return { data, width, height };
  },
};

function plain({ data, width, height }: ImageData): Pixels {
  return { data: data as Uint8ClampedArray<ArrayBuffer>, width, height };
}

async function encode({ data, width, height }: Pixels, mime: RenditionMime, quality: number) {
  if (mime === "image/png") {
    return new Uint8Array(encodePng(new Uint8Array(data.buffer), width, height, 8));
  }
  // Progressive ones are a few percent smaller, and take three times as long.
  // `baseline` keeps to tables that every decoder takes.
  const options = { quality, progressive: false, baseline: true };
  return new Uint8Array(await encodeJpeg({ data, width, height } as ImageData, options));
}
