/** Addresses that people give, as the platforms' own names. Pure. */
import { leadOf } from "../policy/lead.ts";
import { DID, postUri } from "./bluesky/uri.ts";
import { readComment } from "./linkedin/urn.ts";
import type { Account, Sent } from "./port.ts";

/** Named in the address itself; an *activity* is not, under that name nothing can be deleted. */
const LINKEDIN_POST = /(share|ugcPost)[:-](\d{1,19})(?!\d)/;

/**
 * A post of the account by the address that a person gave. Where LinkedIn or the sandbox has no name for it in there, the
 * address is all that is known of it, also as its id. Otherwise what is wrong with the address, for people.
 */
export function sentAt(
  url: string,
  account: Pick<Account, "platform" | "accountId">,
): Sent | { wrong: string } {
  const { platform, accountId } = account;
  const lead = leadOf(url);
  const [, on, id] = /^post (\w+) (.+)$/.exec(lead.key) ?? [];
  const known = on === platform ? id : undefined;
  switch (platform) {
    case "x":
      return known === undefined
        ? { wrong: "must lead to a post on X, as https://x.com/NAME/status/NUMBER" }
        : { id: known, url };
    case "bluesky": {
      if (known === undefined) {
        return { wrong: "must lead to a post on Bluesky, as https://bsky.app/profile/NAME/post/KEY" };
      }
      const name = lead.account?.name ?? "";
      return DID.test(name) && name !== accountId.toLowerCase()
        ? { wrong: "leads to a post of another account" }
        : { id: postUri({ accountId }, known), url };
    }
    case "linkedin":
      return { id: linkedInName(url) ?? url, url };
    case "sandbox":
      return { id: known ?? url, url };
    default:
      return platform satisfies never;
  }
}

function linkedInName(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { pathname, searchParams } = new URL(url);
  const comment = searchParams.get("commentUrn") ?? "";
  if (readComment(comment) !== null) return comment;
  const [, kind, number] = LINKEDIN_POST.exec(pathname.replaceAll(/%3a/gi, ":")) ?? [];
  return kind === undefined || number === undefined ? null : `urn:li:${kind}:${number}`;
}
