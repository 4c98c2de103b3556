/** A kept picture as an answer: shown where a page asks for it, never a page itself. */
import type { Context } from "hono";
import type { Media } from "../db/media.ts";

/** What lies under a hash never changes. `private`: it is only for who may see the persona. */
const FOR_EVER = "private, max-age=31536000, immutable";

export const SHA256 = /^[0-9a-f]{64}$/;

export function pictureAnswer(c: Context, { mime, data }: Media): Response {
  return c.body(data, 200, {
    "content-type": mime,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": FOR_EVER,
  });
}
