import type { Facet, Part, Payload } from "../port.ts";
import { isTid } from "./tid.ts";

export interface FreezeOptions {
  /** ISO 8601 with a zone, as the post shall show it. */
  createdAt: string;
  /** BCP 47. */
  language: string;
  /** The record key of each part, in order. */
  tids: string[];
}

/**
 * The complete records of a post, fixed before the first attempt. Pure: it runs in the persona core. What points
 * from one part of a thread to the one before is added when it is sent, from records that exist by then.
 */
export function freezeBluesky(parts: Part[], options: FreezeOptions): Payload {
  const { createdAt, language, tids } = options;
  if (parts.length === 0) throw new RangeError("a post needs a part");
  if (tids.length !== parts.length) {
    throw new RangeError(`\`tids\` must be one a part, ${parts.length}, not ${tids.length}`);
  }
  const wrong = tids.find((key) => !isTid(key));
  if (wrong !== undefined) throw new RangeError(`\`tids\` must be TIDs, not "${wrong}"`);
  if (new Set(tids).size !== tids.length) throw new RangeError("`tids` must all differ");
  return {
    keys: [...tids],
    records: parts.map(({ text, facets }) => ({
      $type: "app.bsky.feed.post",
      text,
      ...(facets.length > 0 ? { facets: facets.map(toRecord) } : {}),
      langs: [language],
      createdAt,
    })),
  };
}

function toRecord(facet: Facet): Record<string, unknown> {
  return {
    $type: "app.bsky.richtext.facet",
    index: { byteStart: facet.start, byteEnd: facet.end },
    features: [feature(facet)],
  };
}

function feature(facet: Facet): Record<string, unknown> {
  switch (facet.kind) {
    case "link":
      return { $type: "app.bsky.richtext.facet#link", uri: facet.uri };
    case "mention":
      return { $type: "app.bsky.richtext.facet#mention", did: facet.accountId };
    case "tag":
      return { $type: "app.bsky.richtext.facet#tag", tag: facet.tag };
    default:
      return facet satisfies never;
  }
}
