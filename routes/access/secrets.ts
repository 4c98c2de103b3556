import { createHash, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";

/** 256 bits. */
const SECRET_BYTES = 32;

/** A fresh secret of 256 bits: 43 characters of base64url. */
export function newSecret(randomBytes: (count: number) => Uint8Array): string {
  return Buffer.from(randomBytes(SECRET_BYTES)).toString("base64url");
}

/**
 * SHA-256 in hex: how secrets of 256 bits are kept at rest. A fast hash is enough for them, as nobody can
 * guess them; passwords go through `password.ts`.
 */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("hex");
}

/** Compares without telling by time where two strings differ, or how long the expected one is. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(given), digest(expected));
}
