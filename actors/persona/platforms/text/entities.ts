/**
 * What a text means on its platform: links, mentions, tags and cashtags, as the platform itself finds them. Pure, and
 * light enough for every worker; X's are in `x_text.ts`.
 */
import { detectFacets as blueskyFacets } from "../bluesky/detect.ts";
import { findFacets } from "../linkedin/facets.ts";
import type { Facet } from "../port.ts";
import { detectFacets as sandboxFacets } from "../sandbox/facets.ts";
import type { LightPlatform } from "./measure.ts";

/** In the order in which they begin. Whose account a mention is has yet to be asked: its `accountId` is "". */
export function facetsOf(platform: LightPlatform, text: string): Facet[] {
  switch (platform) {
    case "sandbox":
      return sandboxFacets(text).map(unasked);
    case "bluesky":
      return blueskyFacets(text).map(unasked);
    case "linkedin":
      return findFacets(text).facets;
    default:
      return platform satisfies never;
  }
}

type Detected = ReturnType<typeof sandboxFacets>[number];

function unasked(one: Detected): Facet {
  return one.kind === "mention" ? { ...one, accountId: "" } : one;
}
