/** What LinkedIn lets out at all. Pure and light: rules and the persona core use it before anything is frozen. */
import type { Content } from "../../content.ts";
import { toPieces } from "./facets.ts";
import { visibleText, writePieces } from "./little_text.ts";
import type { MediaRef, Part } from "../port.ts";
import { isAuthor, isThread, readComment } from "./urn.ts";

/** UTF-16 units that readers see. */
export const MAX_POST = 3_000;
export const MAX_COMMENT = 1_250;
/** Ours, as on every platform; LinkedIn takes 20. */
export const MAX_IMAGES = 4;
/** Ours: LinkedIn counts pixels, not bytes, and a request ends within its deadline. */
export const MAX_IMAGE_BYTES = 5_000_000;
/** Sources: https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api and …/posts-api. */
export const MAX_PIXELS = 36_152_320;
export const MAX_ALT = 4_086;
const MIMES = new Set(["image/jpeg", "image/png", "image/gif"]);

/**
 * Why this content cannot go out on LinkedIn, in one sentence for people; null where it can. What it lets pass can be
 * frozen.
 */
export function linkedInRefusal(
  { accountId, parts, replyTarget }: Pick<Content, "accountId" | "parts" | "replyTarget">,
): string | null {
  if (!isAuthor(accountId)) return "This account is neither a person nor a page on LinkedIn.";
  const [part] = parts;
  if (part === undefined) return "The text is empty.";
  if (parts.length > 1) return "LinkedIn has no threads: make it one part.";
  if (part.text.trim() === "") return "The text is empty.";
  if (replyTarget !== null) return refuseComment(part, replyTarget.id);
  const length = lengthOf(part);
  if (length > MAX_POST) return `The text has ${length} of at most ${MAX_POST} characters.`;
  return refusePictures(part.media ?? []);
}

/** What readers see of it. */
export function lengthOf(part: Part): number {
  return visibleText(writePieces(toPieces(part)))?.length ?? Infinity;
}

function refuseComment({ text, media = [] }: Part, target: string): string | null {
  if (media.length > 0) return "LinkedIn takes no picture in a comment: leave it out.";
  if (text.length > MAX_COMMENT) {
    return `The comment has ${text.length} of at most ${MAX_COMMENT} characters.`;
  }
  return isThread(target) || readComment(target) !== null
    ? null
    : "What this answers is neither a post nor a comment on LinkedIn.";
}

function refusePictures(media: MediaRef[]): string | null {
  if (media.length > MAX_IMAGES) return `There are ${media.length} of at most ${MAX_IMAGES} pictures.`;
  for (const { mime, width, height, bytes, alt } of media) {
    if (!MIMES.has(mime)) return "LinkedIn takes pictures as JPEG, PNG or GIF only.";
    if (width * height > MAX_PIXELS) return "A picture has more pixels than LinkedIn takes.";
    if (bytes > MAX_IMAGE_BYTES) return `A picture has more than ${MAX_IMAGE_BYTES / 1_000_000} MB.`;
    if (alt.length > MAX_ALT) {
      return `A picture's description has ${alt.length} of at most ${MAX_ALT} characters.`;
    }
  }
  return null;
}
