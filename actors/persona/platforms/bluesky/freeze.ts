import type { Facet, MediaRef, Part, Payload, ReplyTarget } from "../port.ts";
import { type BlobRef, cidOf } from "./blob.ts";
import { isTid } from "./tid.ts";
import { POSTS } from "./uri.ts";

/** Lexicon app.bsky.embed.images. */
const MAX_PICTURES = 4;

export interface FreezeOptions {
  /** ISO 8601 with a zone, as the post shall show it. */
  createdAt: string;
  /** BCP 47. */
  language: string;
  /** The record key of each part, in order. */
  tids: string[];
  /** What is answered, with its `cid`; null for a post of its own. */
  replyTarget: ReplyTarget | null;
}

/**
 * The complete records of a post, fixed before the first attempt. Pure: it runs in the persona core. What points
 * from one part of a thread to the one before is added when it is sent, from records that exist by then; the first
 * part of a reply says here what it answers. Throws `RangeError` for what cannot be sent.
 */
export function freezeBluesky(parts: Part[], options: FreezeOptions): Payload {
  const { createdAt, language, tids, replyTarget } = options;
  if (parts.length === 0) throw new RangeError("a post needs a part");
  if (tids.length !== parts.length) {
    throw new RangeError(`\`tids\` must be one a part, ${parts.length}, not ${tids.length}`);
  }
  const wrong = tids.find((key) => !isTid(key));
  if (wrong !== undefined) throw new RangeError(`\`tids\` must be TIDs, not "${wrong}"`);
  if (new Set(tids).size !== tids.length) throw new RangeError("`tids` must all differ");
  return {
    keys: [...tids],
    records: parts.map(({ text, facets, media = [] }, part) => {
      const written = facets.map(toRecord).filter((facet) => facet !== null);
      return {
        $type: POSTS,
        text,
        ...(written.length > 0 ? { facets: written } : {}),
        ...(media.length > 0 ? { embed: toEmbed(media) } : {}),
        ...(part === 0 && replyTarget !== null ? { reply: toReply(replyTarget) } : {}),
        langs: [language],
        createdAt,
      };
    }),
  };
}

function toReply({ id, cid, root }: ReplyTarget): Record<string, unknown> {
  if (cid === undefined) throw new RangeError("`replyTarget` must have a `cid`");
  const parent = { uri: id, cid };
  return { root: root === undefined ? parent : { uri: root.id, cid: root.cid }, parent };
}

function toEmbed(media: MediaRef[]): Record<string, unknown> {
  if (media.length > MAX_PICTURES) {
    throw new RangeError(`a part takes at most ${MAX_PICTURES} pictures, not ${media.length}`);
  }
  return {
    $type: "app.bsky.embed.images",
    images: media.map(({ sha256, mime, bytes, alt, width, height }) => {
      const image: BlobRef = { $type: "blob", ref: { $link: cidOf(sha256) }, mimeType: mime, size: bytes };
      return { image, alt, aspectRatio: { width, height } };
    }),
  };
}

/** Null for what is plain text on Bluesky. */
function toRecord(facet: Facet): Record<string, unknown> | null {
  const feature = toFeature(facet);
  return feature === null ? null : {
    $type: "app.bsky.richtext.facet",
    index: { byteStart: facet.start, byteEnd: facet.end },
    features: [feature],
  };
}

function toFeature(facet: Facet): Record<string, unknown> | null {
  switch (facet.kind) {
    case "link":
      return { $type: "app.bsky.richtext.facet#link", uri: facet.uri };
    case "mention":
      return { $type: "app.bsky.richtext.facet#mention", did: facet.accountId };
    case "tag":
      return { $type: "app.bsky.richtext.facet#tag", tag: facet.tag };
    case "cashtag":
      return null;
    default:
      return facet satisfies never;
  }
}
