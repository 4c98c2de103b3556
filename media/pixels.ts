/** A decoded picture: RGBA, 8 bits each, row after row, alpha not multiplied in. */
export interface Pixels {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/** Puts it on white, in place: JPEG has no transparency. */
export function onWhite({ data }: Pixels): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 255;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      data[channel] = 255 + ((data[channel] ?? 0) - 255) * alpha / 255;
    }
    data[at + 3] = 255;
  }
}

/** Takes away, in place, the colors of what is wholly transparent: nobody has seen them, so nobody approved them. */
export function clearInvisible({ data }: Pixels): void {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  for (let at = 0; at < words.length; at++) {
    if (data[at * 4 + 3] === 0) words[at] = 0;
  }
}

/** As it is to be looked at: `orientation` 1 to 8, as EXIF (tag 0x0112) counts. */
export function upright(pixels: Pixels, orientation: number): Pixels {
  if (orientation === 1) return pixels;
  const { width, height } = pixels;
  const turned = orientation >= 5;
  const to: Pixels = {
    data: new Uint8ClampedArray(pixels.data.length),
    width: turned ? height : width,
    height: turned ? width : height,
  };
  const from = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, width * height);
  const into = new Uint32Array(to.data.buffer);
  const mirrorX = [2, 3, 7, 8].includes(orientation);
  const mirrorY = [3, 4, 6, 7].includes(orientation);
  for (let y = 0, at = 0; y < to.height; y++) {
    for (let x = 0; x < to.width; x++, at++) {
      const [alongX, alongY] = turned ? [y, x] : [x, y];
      const fromX = mirrorX ? width - 1 - alongX : alongX;
      const fromY = mirrorY ? height - 1 - alongY : alongY;
      into[at] = from[fromY * width + fromX] ?? 0;
    }
  }
  return to;
}
