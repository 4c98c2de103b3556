import type { Part, Payload } from "../port.ts";
import { toPieces } from "./facets.ts";
import { visibleText, writePieces } from "./little_text.ts";
import { isAuthor, isPage, isThread, readComment } from "./urn.ts";

/** UTF-16 units that readers see. */
export const MAX_POST = 3_000;
export const MAX_COMMENT = 1_250;
const MAX_TITLE = 400;

export type Visibility = "PUBLIC" | "CONNECTIONS" | "LOGGED_IN";

export interface FreezeOptions {
  /** Our own key of the post; LinkedIn knows none. */
  key: string;
  /** The URN of the person or page that speaks. */
  author: string;
  /** When it was frozen, ms since the epoch: what LinkedIn has from before is not this post. */
  frozenAt: number;
  /** LinkedIn's terms ask for a person's approval of every send: without one there is no payload. */
  approval: { by: string; via: string };
  /** @default "PUBLIC" */
  visibility?: Visibility;
  /** The post or comment that is answered; null for a post of its own. @default null */
  replyTarget?: string | null;
}

/** What a payload's one record holds. Strings keep their bytes wherever they are stored. */
export interface LinkedInRecord {
  /** Exactly what is sent, on each attempt. */
  body: string;
  frozenAt: number;
  approvedBy: string;
  /** The URN that a comment is made on; null for a post. */
  target: string | null;
}

/**
 * The exact request of a post or comment, fixed before the first attempt. Pure: it runs in the persona core. Throws
 * `RangeError` where the content cannot go out on LinkedIn at all.
 */
export function freezeLinkedIn(parts: Part[], options: FreezeOptions): Payload {
  const { key, author, frozenAt, approval, visibility = "PUBLIC", replyTarget = null } = options;
  const [part] = parts;
  if (part === undefined || parts.length > 1) {
    throw new RangeError(`LinkedIn has no threads: a post is one part, not ${parts.length}`);
  }
  if (!isAuthor(author)) throw new RangeError(`\`author\` must be a person or page, not "${author}"`);
  if (approval.via !== "session" || approval.by === "") {
    throw new RangeError("on LinkedIn a person must approve every post, in a session");
  }
  if (part.text.trim() === "") throw new RangeError("a post needs words");
  if (isPage(author) && visibility === "CONNECTIONS") throw new RangeError("a page has no connections");
  const body = replyTarget === null
    ? postBody(part, author, visibility)
    : commentBody(part, author, replyTarget);
  const record: LinkedInRecord = {
    body: JSON.stringify(body),
    frozenAt,
    approvedBy: approval.by,
    target: replyTarget,
  };
  return { keys: [key], records: [{ ...record }] };
}

function postBody(part: Part, author: string, visibility: Visibility): Record<string, unknown> {
  const commentary = writePieces(toPieces(part));
  const length = visibleText(commentary)?.length ?? Infinity;
  if (length > MAX_POST) throw new RangeError(`a post has at most ${MAX_POST} characters, not ${length}`);
  const link = part.facets.find((facet) => facet.kind === "link");
  return {
    author,
    commentary,
    visibility,
    distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
    ...(link?.kind === "link"
      ? { content: { article: { source: link.uri, title: titleOf(link.uri) } } }
      : {}),
    lifecycleState: "PUBLISHED",
    isReshareDisabledByAuthor: false,
  };
}

/** LinkedIn looks at no page itself and wants a title: where the link leads. */
function titleOf(uri: string): string {
  return uri.replace(/^https?:\/\/(?:www\.)?/i, "").replace(/[?#].*$/s, "").replace(/\/$/, "").slice(
    0,
    MAX_TITLE,
  )
    .toWellFormed();
}

/** The text of a comment is plain: nothing in it is escaped. */
function commentBody({ text }: Part, actor: string, target: string): Record<string, unknown> {
  if (text.length > MAX_COMMENT) {
    throw new RangeError(`a comment has at most ${MAX_COMMENT} characters, not ${text.length}`);
  }
  const parent = readComment(target);
  if (parent === null && !isThread(target)) {
    throw new RangeError(`\`replyTarget\` must be a post or comment, not "${target}"`);
  }
  return {
    actor,
    object: parent?.thread ?? target,
    message: { text },
    ...(parent === null ? {} : { parentComment: target }),
  };
}

/** The record of a payload that `freezeLinkedIn` made; null for anything else. */
export function readRecord({ records }: Payload): LinkedInRecord | null {
  const { body, frozenAt, approvedBy, target } = records[0] ?? {};
  if (records.length !== 1 || typeof body !== "string" || typeof frozenAt !== "number") return null;
  if (typeof approvedBy !== "string" || approvedBy === "") return null;
  return target === null || typeof target === "string" ? { body, frozenAt, approvedBy, target } : null;
}
