/** For tests: pictures made on the spot, in every format, with whatever somebody may put into a file. */
import encodeWebp, { init as initWebpEncoder } from "@jsquash/webp/encode.js";
import { GifWriter } from "omggif";
import { codecModules } from "./codec_modules.ts";
import { type Codecs, openCodecs } from "./codecs.ts";
import { joined, viewOf } from "./header/bytes.ts";
import type { Pixels } from "./pixels.ts";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function testCodecs(): Promise<Codecs> {
  return await openCodecs(await codecModules());
}

/** A picture whose four quarters are red (top left), green, blue and white (bottom right). */
export function quarters(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  const colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const color = colors[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]!;
      data.set([...color, 255], at);
    }
  }
  return { data, width, height };
}

/** Which of the four colors stands in each corner: top left, top right, bottom left, bottom right. */
export function corners({ data, width, height }: Pixels): string {
  const at = (x: number, y: number) => {
    const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * 4);
    const [red, green, blue] = [r > 128, g > 128, b > 128];
    return red && green && blue ? "W" : red ? "R" : green ? "G" : blue ? "B" : "-";
  };
  const [right, bottom] = [width - 2, height - 2];
  return at(1, 1) + at(right, 1) + at(1, bottom) + at(right, bottom);
}

/** Something like a photograph: soft shapes and grain, always the same. */
export function photo(width: number, height: number, grain = 16): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  let seed = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      seed = Math.imul(seed, 1664525) + 1013904223 | 0;
      const noise = (seed >>> 24) * grain / 256;
      const shape = 90 + 60 * Math.sin(x / 97) * Math.cos(y / 61) + 30 * Math.sin((x + y) / 11);
      data[at] = shape + noise;
      data[at + 1] = shape * 0.8 + noise;
      data[at + 2] = 200 - shape + noise;
      data[at + 3] = 255;
    }
  }
  return { data, width, height };
}

export async function asPng(pixels: Pixels): Promise<Uint8Array<ArrayBuffer>> {
  return await (await testCodecs()).encode(pixels, "image/png", 100);
}

export async function asJpeg(pixels: Pixels, quality = 92): Promise<Uint8Array<ArrayBuffer>> {
  return await (await testCodecs()).encode(pixels, "image/jpeg", quality);
}

export async function asWebp(pixels: Pixels, lossless = false): Promise<Uint8Array<ArrayBuffer>> {
  const file = import.meta.resolve("@jsquash/webp/codec/enc/webp_enc.wasm");
  const module = await WebAssembly.compile(await Deno.readFile(new URL(file)));
  await (initWebpEncoder as unknown as (module: WebAssembly.Module) => Promise<void>)(module);
  return new Uint8Array(await encodeWebp(pixels as ImageData, { lossless: lossless ? 1 : 0 }));
}

/** Frames of at most four colors each: those of `quarters`. */
export function asGif(frames: Pixels[]): Uint8Array<ArrayBuffer> {
  const { width, height } = frames[0]!;
  const palette = [0xff0000, 0x00ff00, 0x0000ff, 0xffffff];
  const into = new Uint8Array(frames.length * (width * height + 1_000) + 1_000);
  const writer = new GifWriter(into, width, height, { palette });
  for (const { data } of frames) {
    const indexes = Array.from({ length: width * height }, (_, n) => {
      const [r = 0, g = 0, b = 0] = data.subarray(n * 4);
      return palette.indexOf(r << 16 | g << 8 | b);
    });
    writer.addFrame(0, 0, width, height, indexes);
  }
  return into.slice(0, writer.end());
}

/** EXIF with an orientation and, behind it, whatever else: where it was taken, say. */
export function exif(orientation: number, more = ""): Uint8Array {
  const start = new Uint8Array(26);
  const view = viewOf(start);
  start.set(utf8("MM\0*"));
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, 0x0112);
  view.setUint16(12, 3);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return joined([start, utf8(more)]);
}

/** A JPEG with segments put in behind its start. */
export function withSegments(jpeg: Uint8Array, segments: [marker: number, data: Uint8Array][]): Uint8Array {
  const parts = segments.flatMap(([marker, data]) => [
    Uint8Array.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff),
    data,
  ]);
  return joined([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
}

/** A PNG with chunks put in behind its header. */
export function withChunks(png: Uint8Array, chunks: [type: string, data: Uint8Array][]): Uint8Array {
  return joined([png.subarray(0, 33), ...chunks.map(([type, data]) => chunk(type, data)), png.subarray(33)]);
}

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([utf8(type), data]);
  const whole = new Uint8Array(body.length + 8);
  viewOf(whole).setUint32(0, data.length);
  whole.set(body, 4);
  viewOf(whole).setUint32(body.length + 4, crc32(body));
  return whole;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A WebP with a further chunk at its end. */
export function withRiffChunk(webp: Uint8Array, type: string, data: Uint8Array): Uint8Array {
  const start = new Uint8Array(8);
  start.set(utf8(type));
  viewOf(start).setUint32(4, data.length, true);
  const whole = joined([webp, start, data, new Uint8Array(data.length % 2)]);
  viewOf(whole).setUint32(4, whole.length - 8, true);
  return whole;
}
