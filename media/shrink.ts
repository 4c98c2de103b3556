/**
 * Makes pictures smaller: each new pixel is the mean of the area that it covers, in linear light and weighted by alpha, so that
 * neither fine lines darken nor hidden colors bleed in. Goes through the picture once, a row at a time: beside both pictures it
 * needs a few rows.
 */
import type { Pixels } from "./pixels.ts";

const LINEAR = Float32Array.from({ length: 256 }, (_, level) => {
  const value = level / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});
/** Fine enough that the darkest levels stay apart. */
const STEPS = 16_384;
const LEVELS = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
  const value = step / STEPS;
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
});

/** The size that fits into `maxSide`, in proportion; never larger, never less than one pixel. */
export function sizeWithin(
  { width, height }: { width: number; height: number },
  maxSide: number,
): { width: number; height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A new picture of `size`, which must not be larger; the same one when the size is the same. */
export function shrink(from: Pixels, size: { width: number; height: number }): Pixels {
  const { width, height } = size;
  if (width === from.width && height === from.height) return from;
  if (width > from.width || height > from.height) throw new RangeError("a picture is never enlarged");
  const columns = spans(from.width, width);
  const rows = spans(from.height, height);
  const data = new Uint8ClampedArray(width * height * 4);
  const narrow = new Float32Array(width * 4);
  const sum = new Float32Array(width * 4);
  let narrowed = -1;
  for (let y = 0; y < height; y++) {
    sum.fill(0);
    eachOf(rows, y, (fromY, weight) => {
      // Two rows of the new picture share the one that lies between them.
      if (fromY !== narrowed) narrowRow(from, fromY, columns, narrow);
      narrowed = fromY;
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (narrow[at] ?? 0) * weight;
    });
    writeRow(sum, data, y * width * 4);
  }
  return { data, width, height };
}

/** For each new place: the first old one that it covers, and how much of it and of those after it, in parts of one. */
interface Spans {
  first: Int32Array;
  weights: Float32Array;
  /** Weights of one place; the last may be 0. */
  each: number;
}

function spans(from: number, to: number): Spans {
  const ratio = from / to;
  const each = Math.ceil(ratio) + 1;
  const first = new Int32Array(to);
  const weights = new Float32Array(to * each);
  for (let place = 0; place < to; place++) {
    const [begin, end] = [place * ratio, Math.min(from, (place + 1) * ratio)];
    const start = Math.floor(begin);
    first[place] = start;
    for (let n = 0; n < each; n++) {
      const covered = Math.min(end, start + n + 1) - Math.max(begin, start + n);
      weights[place * each + n] = Math.max(0, covered) / (end - begin);
    }
  }
  return { first, weights, each };
}

function eachOf(
  { first, weights, each }: Spans,
  place: number,
  visit: (old: number, weight: number) => void,
) {
  for (let n = 0; n < each; n++) {
    const weight = weights[place * each + n] ?? 0;
    if (weight > 0) visit((first[place] ?? 0) + n, weight);
  }
}

/** One row of the old picture at the new width: linear light times alpha, and alpha from 0 to 1. */
function narrowRow(from: Pixels, y: number, { first, weights, each }: Spans, into: Float32Array): void {
  const { data } = from;
  const row = y * from.width * 4;
  for (let x = 0; x < first.length; x++) {
    let red = 0, green = 0, blue = 0, alpha = 0;
    for (let n = 0; n < each; n++) {
      const weight = weights[x * each + n] ?? 0;
      if (weight === 0) continue;
      const at = row + ((first[x] ?? 0) + n) * 4;
      const seen = weight * (data[at + 3] ?? 0) / 255;
      red += (LINEAR[data[at] ?? 0] ?? 0) * seen;
      green += (LINEAR[data[at + 1] ?? 0] ?? 0) * seen;
      blue += (LINEAR[data[at + 2] ?? 0] ?? 0) * seen;
      alpha += seen;
    }
    into[x * 4] = red;
    into[x * 4 + 1] = green;
    into[x * 4 + 2] = blue;
    into[x * 4 + 3] = alpha;
  }
}

function writeRow(sum: Float32Array, data: Uint8ClampedArray, start: number): void {
  for (let at = 0; at < sum.length; at += 4) {
    const alpha = sum[at + 3] ?? 0;
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const light = Math.min(1, (sum[at + channel] ?? 0) / alpha);
      data[start + at + channel] = LEVELS[Math.round(light * STEPS)] ?? 0;
    }
    data[start + at + 3] = Math.round(alpha * 255);
  }
}
