/** Whether what LinkedIn shows is what an intent wanted to say. Pure. */
import { object } from "./call.ts";
import type { LinkedInRecord } from "./freeze.ts";
import { visibleText } from "./little_text.ts";

/** LinkedIn's clock and ours may be apart by this. */
const CLOCK_SLACK_MS = 60_000;

export type Likeness =
  | "same"
  /** The same words, from before the intent: somebody else said them, or we did, another time. */
  | "earlier"
  | "other";

/** A post as LinkedIn gives it back: its escapes and hashtags are written in another way than they were sent. */
export function comparePost(record: LinkedInRecord, post: Record<string, unknown>): Likeness {
  const meant = object(JSON.parse(record.body));
  const same = post.author === meant.author && post.lifecycleState === "PUBLISHED" &&
    sameText(readCommentary(post), readCommentary(meant)) && articleOf(post) === articleOf(meant) &&
    countPictures(post) === record.media.length;
  return same ? inTime(record, post.createdAt) : "other";
}

export function compareComment(record: LinkedInRecord, comment: Record<string, unknown>): Likeness {
  const meant = object(JSON.parse(record.body));
  const same = comment.actor === meant.actor && sameText(textOf(comment), textOf(meant));
  return same ? inTime(record, object(comment.created).time) : "other";
}

/** Whether something is from before the intent, so that nothing further back in a list can be it. */
export function isBefore({ frozenAt }: LinkedInRecord, time: unknown): boolean {
  return typeof time === "number" && time < frozenAt - CLOCK_SLACK_MS;
}

function inTime(record: LinkedInRecord, time: unknown): Likeness {
  if (typeof time !== "number") return "other";
  return isBefore(record, time) ? "earlier" : "same";
}

function readCommentary({ commentary }: Record<string, unknown>): string | null {
  return typeof commentary === "string" ? visibleText(commentary) : null;
}

function textOf({ message }: Record<string, unknown>): string | null {
  const { text } = object(message);
  return typeof text === "string" ? text : null;
}

function articleOf({ content }: Record<string, unknown>): string | null {
  const { source } = object(object(content).article);
  return typeof source === "string" ? source : null;
}

/** Each attempt gives its pictures new names: only their number can be compared. */
function countPictures({ content }: Record<string, unknown>): number {
  const { media, multiImage } = object(content);
  const { images } = object(multiImage);
  return Array.isArray(images) ? images.length : media === undefined || media === null ? 0 : 1;
}

function sameText(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && plain(one) === plain(other);
}

function plain(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
