/** What counts as a picture on the sandbox, told by its first bytes alone. */

const SIGNS: { mime: string; at: number; bytes: number[] }[] = [
  { mime: "image/png", at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mime: "image/jpeg", at: 0, bytes: [0xff, 0xd8, 0xff] },
  { mime: "image/gif", at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  // RIFF????WEBP
  { mime: "image/webp", at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
];

/** Null for what is none of these. */
export function imageType(bytes: Uint8Array): string | null {
  const found = SIGNS.find((sign) => sign.bytes.every((byte, index) => bytes[sign.at + index] === byte));
  return found?.mime ?? null;
}
