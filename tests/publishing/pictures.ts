/** Pictures that every platform takes: one real pixel, told apart by what is behind it. */
import { createHash } from "node:crypto";
import type { MediaRef } from "../../actors/persona/platforms/port.ts";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What is kept of pictures in place of main's table: bytes by their SHA-256. */
export class Pictures {
  readonly #bytes = new Map<string, Uint8Array<ArrayBuffer>>();

  make(mark: string, alt: string): MediaRef {
    const bytes = new Uint8Array([
      ...Uint8Array.fromBase64(PIXEL),
      ...new TextEncoder().encode(mark),
    ]);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.#bytes.set(sha256, bytes);
    return { sha256, mime: "image/png", width: 1, height: 1, bytes: bytes.length, alt };
  }

  get(sha256: string): Uint8Array<ArrayBuffer> | null {
    return this.#bytes.get(sha256) ?? null;
  }
}
