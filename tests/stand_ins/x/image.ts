/** What a file is, by its content: the kinds of image that X takes, and their size. */

export interface Image {
  type: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  /** px */
  width: number;
  height: number;
}

/** Null where it is none of these, or is cut off before its size. */
export function imageOf(bytes: Uint8Array): Image | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (starts(bytes, "\x89PNG\r\n\x1a\n")) {
      return text(bytes, 12, 4) !== "IHDR"
        ? null
        : { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
    }
    if (starts(bytes, "GIF87a") || starts(bytes, "GIF89a")) {
      return { type: "image/gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
    }
    if (starts(bytes, "RIFF") && text(bytes, 8, 4) === "WEBP") return webp(bytes, view);
    if (starts(bytes, "\xff\xd8\xff")) return jpeg(view);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Its frame header holds the size; other segments are stepped over. */
function jpeg(view: DataView): Image | null {
  for (let at = 2; at < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function webp(bytes: Uint8Array, view: DataView): Image | null {
  const size = (width: number, height: number): Image => ({ type: "image/webp", width, height });
  switch (text(bytes, 12, 4)) {
    case "VP8X":
      return size(1 + uint24(view, 24), 1 + uint24(view, 27));
    case "VP8 ":
      return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case "VP8L": {
      const packed = view.getUint32(21, true);
      return size(1 + (packed & 0x3fff), 1 + ((packed >> 14) & 0x3fff));
    }
    default:
      return null;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

function starts(bytes: Uint8Array, with_: string): boolean {
  return text(bytes, 0, with_.length) === with_;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
