/** How a record names a picture: by a hash of its bytes, so the name is known before anything is uploaded. */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** As it stands in a record, and as the server answers an upload. */
export interface BlobRef extends Record<string, unknown> {
  $type: "blob";
  ref: { $link: string };
  mimeType: string;
  size: number;
}

/** Version 1, raw bytes, SHA-256 of 32 bytes: https://atproto.com/specs/data-model#blob-type */
const PREFIX = [0x01, 0x55, 0x12, 0x20];
const DIGEST_BYTES = 32;
/** The letter that stands for base 32 (RFC 4648, small letters, not padded). */
const BASE = "b";
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const BITS = 5;

/** The CID of bytes with this SHA-256 (hex). Throws `RangeError` for what is none. */
export function cidOf(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError("`sha256` must be 64 small hexadecimal digits");
  let [text, held, bits] = [BASE, 0, 0];
  for (const byte of [...PREFIX, ...hexToBytes(sha256)]) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= BITS; bits -= BITS) text += ALPHABET.charAt((held >> (bits - BITS)) & 31);
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET.charAt((held << (BITS - bits)) & 31);
}

/** The SHA-256 (hex) in a CID that `cidOf` made; null for another. */
export function sha256Of(cid: string): string | null {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const letter of cid.slice(BASE.length)) {
    held = (held << BITS) | ALPHABET.indexOf(letter);
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
    held &= (1 << bits) - 1;
  }
  const digest = bytesToHex(new Uint8Array(bytes.slice(PREFIX.length)));
  return digest.length === 2 * DIGEST_BYTES && cidOf(digest) === cid ? digest : null;
}
