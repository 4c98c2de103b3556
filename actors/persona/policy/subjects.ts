/** What a post is on, as keys that two posts on the same thing share: links, tags, people, and what it answers. */
import { authorHash, type Content } from "../content.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Facet, Part, Platform } from "../platforms/port.ts";
import { detectFacets } from "../platforms/sandbox/facets.ts";
import { fold } from "./fold.ts";
import { type Lead, leadOf, postKey } from "./lead.ts";

export interface Subjects {
  /** `link …`, `tag …`, `cashtag …`, `who …` (hash of an account), `post …` (what is answered or linked); each once, in order. */
  keys: string[];
  /** Where its links lead. */
  leads: Lead[];
  /** People who are named; `accountId` is null where the platform alone knows whose handle it is (sandbox). */
  named: { handle: string; accountId: string | null }[];
}

type Found = Facet | ReturnType<typeof detectFacets>[number];

export function subjectsOf(
  platform: Platform,
  { parts, replyTarget }: Pick<Content, "parts" | "replyTarget">,
): Subjects {
  const keys = new Set<string>();
  const leads = new Map<string, Lead>();
  const named = new Map<string, Subjects["named"][number]>();
  for (const found of parts.flatMap((part) => foundIn(platform, part))) {
    switch (found.kind) {
      case "link":
        leads.set(found.uri, leadOf(found.uri));
        keys.add(leadOf(found.uri).key);
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
  if (replyTarget !== null) keys.add(postKey(platform, replyTarget.id));
  return { keys: [...keys], leads: [...leads.values()], named: [...named.values()] };
}

export const whoKey = (authorHash: string): string => `who ${authorHash}`;

/** A text that is not prepared has no facets, though its platform finds them. */
function foundIn(platform: Platform, part: Part): Found[] {
  if (limitsOf(platform).needsPreparation) return part.facets;
  const mentioned = part.facets.filter((facet) => facet.kind === "mention");
  const known = new Set(mentioned.map(({ start }) => start));
  return [...mentioned, ...detectFacets(part.text).filter((one) => !known.has(one.start))];
}
