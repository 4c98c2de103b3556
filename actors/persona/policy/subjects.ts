/** What a post is on, as keys that two posts on the same thing share: links, tags, people, and what it answers. */
import { authorHash, type Content } from "../content.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Facet, Part, Platform } from "../platforms/port.ts";
import { detectFacets } from "../platforms/sandbox/facets.ts";
import { fold } from "./fold.ts";

export interface Subjects {
  /** `link …`, `tag …`, `cashtag …`, `who …` (hash of an account), `post …` (what is answered); each once, in order. */
  keys: string[];
  /** Links, as they were written. */
  links: string[];
  /** People who are named; `accountId` is null where the platform alone knows whose handle it is (sandbox). */
  named: { handle: string; accountId: string | null }[];
}

type Found = Facet | ReturnType<typeof detectFacets>[number];

export function subjectsOf(
  platform: Platform,
  { parts, replyTarget }: Pick<Content, "parts" | "replyTarget">,
): Subjects {
  const keys = new Set<string>();
  const links = new Set<string>();
  const named = new Map<string, Subjects["named"][number]>();
  for (const found of parts.flatMap((part) => foundIn(platform, part))) {
    switch (found.kind) {
      case "link":
        links.add(found.uri);
        keys.add(`link ${plainLink(found.uri)}`);
        break;
      case "tag":
        keys.add(`tag ${fold(found.tag)}`);
        break;
      case "cashtag":
        keys.add(`cashtag ${fold(found.tag)}`);
        break;
      case "mention": {
        const accountId = "accountId" in found ? found.accountId : null;
        named.set(accountId ?? `@${found.handle}`, { handle: found.handle, accountId });
        keys.add(accountId === null ? `who @${found.handle}` : whoKey(authorHash(platform, accountId)));
      }
    }
  }
  if (replyTarget !== null) keys.add(`post ${platform} ${replyTarget.id}`);
  return { keys: [...keys], links: [...links], named: [...named.values()] };
}

export const whoKey = (authorHash: string): string => `who ${authorHash}`;

/** A text that is not prepared has no facets, though its platform finds them. */
function foundIn(platform: Platform, part: Part): Found[] {
  if (limitsOf(platform).needsPreparation) return part.facets;
  const mentioned = part.facets.filter((facet) => facet.kind === "mention");
  const known = new Set(mentioned.map(({ start }) => start));
  return [...mentioned, ...detectFacets(part.text).filter((one) => !known.has(one.start))];
}

/** Parameters that say who sent a visitor, not where to. */
const TRACKING = /^(utm_|fbclid$|gclid$|mc_cid$|mc_eid$|ref$|ref_src$|si$)/i;

/** The same for links that lead to the same page: without scheme, `www.`, fragment and what tracks a visitor. */
export function plainLink(uri: string): string {
  if (!URL.canParse(uri)) return fold(uri);
  const { hostname, port, pathname, searchParams } = new URL(uri);
  const kept = [...searchParams].filter(([name]) => !TRACKING.test(name)).sort(([a], [b]) => a < b ? -1 : 1);
  const query = new URLSearchParams(kept).toString();
  return hostname.replace(/^www\./, "") + (port === "" ? "" : `:${port}`) + pathname.replace(/\/+$/, "") +
    (query === "" ? "" : `?${query}`);
}
