import type { Part, Payload, ReplyTarget } from "../port.ts";
import { toPieces } from "./facets.ts";
import { writePieces } from "./little_text.ts";
import { linkedInRefusal } from "./rules.ts";
import { isPage, readComment } from "./urn.ts";

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
  /** What is answered: then it is a comment; null for a post of its own. */
  replyTarget: ReplyTarget | null;
}

/** What a payload's one record holds. Strings keep their bytes wherever they are stored. */
export interface LinkedInRecord {
  /** Exactly what is sent, on each attempt; where there are pictures, with `content` that names them added. */
  body: string;
  /** Pictures in their order; their bytes go to LinkedIn first, which gives each a name. */
  media: Picture[];
  frozenAt: number;
  approvedBy: string;
  /** The URN that a comment is made on; null for a post. */
  target: string | null;
}

export interface Picture {
  /** Hex. */
  sha256: string;
  mime: string;
  alt: string;
}

/**
 * The exact request of a post or comment, fixed before the first attempt. Pure: it runs in the persona core. Throws
 * `RangeError` where the content cannot go out on LinkedIn at all: what `linkedInRefusal` says, asked before.
 */
export function freezeLinkedIn(parts: Part[], options: FreezeOptions): Payload {
  const { key, author, frozenAt, approval, visibility = "PUBLIC", replyTarget } = options;
  if (approval.via !== "session" || approval.by === "") {
    throw new RangeError("on LinkedIn a person must approve every post, in a session");
  }
  const refusal = linkedInRefusal({ accountId: author, parts, replyTarget });
  const [part] = parts;
  if (refusal !== null || part === undefined) throw new RangeError(refusal ?? "The text is empty.");
  if (isPage(author) && visibility === "CONNECTIONS") throw new RangeError("a page has no connections");
  const body = replyTarget === null
    ? postBody(part, author, visibility)
    : commentBody(part, author, replyTarget.id);
  const record: LinkedInRecord = {
    body: JSON.stringify(body),
    media: (part.media ?? []).map(({ sha256, mime, alt }) => ({ sha256, mime, alt })),
    frozenAt,
    approvedBy: approval.by,
    target: replyTarget?.id ?? null,
  };
  return { keys: [key], records: [{ ...record }] };
}

/** A post shows pictures or where a link leads, not both. */
function postBody(part: Part, author: string, visibility: Visibility): Record<string, unknown> {
  const link = (part.media ?? []).length > 0 ? undefined : part.facets.find((facet) => facet.kind === "link");
  return {
    author,
    commentary: writePieces(toPieces(part)),
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
  const place = uri.replace(/^https?:\/\/(?:www\.)?/i, "").replace(/[?#].*$/s, "").replace(/\/$/, "");
  return place.slice(0, MAX_TITLE).toWellFormed();
}

/** The text of a comment is plain: nothing in it is escaped. */
function commentBody({ text }: Part, actor: string, target: string): Record<string, unknown> {
  const parent = readComment(target);
  return {
    actor,
    object: parent?.thread ?? target,
    message: { text },
    ...(parent === null ? {} : { parentComment: target }),
  };
}

/** The record of a payload that `freezeLinkedIn` made; null for anything else. */
export function readRecord({ records }: Payload): LinkedInRecord | null {
  const { body, media, frozenAt, approvedBy, target } = records[0] ?? {};
  if (records.length !== 1 || typeof body !== "string" || typeof frozenAt !== "number") return null;
  if (typeof approvedBy !== "string" || approvedBy === "") return null;
  if (!Array.isArray(media) || !media.every(isPicture)) return null;
  return target === null || typeof target === "string" ? { body, media, frozenAt, approvedBy, target } : null;
}

function isPicture(value: unknown): value is Picture {
  return typeof value === "object" && value !== null && "sha256" in value && "mime" in value &&
    "alt" in value &&
    typeof value.sha256 === "string" && typeof value.mime === "string" && typeof value.alt === "string";
}
