/** What accounts are called where they post, as far as that is known: nothing is made up. Pure. */
import type { Platform } from "../../actors/persona/platforms/port.ts";

export interface AccountKey {
  platform: Platform;
  accountId: string;
  handle: string;
}

/** How an account stands over its posts. */
export interface AccountLook {
  /** The display name; where it is not known, what stands in its place. */
  name: string;
  /** What stands beside the name; null where nothing more is known. */
  handle: string | null;
  /** False where the platform may show another name. */
  isNameKnown: boolean;
}

const PAGE = "urn:li:organization:";

/** As people write it: `@ada` on X, Bluesky and the sandbox; names, DIDs and URNs as they are. */
export function handleWords(platform: Platform, handle: string): string {
  const bare = handle.replace(/^@/, "");
  return platform === "linkedin" || bare === "" || bare.startsWith("did:") ? bare : `@${bare}`;
}

/** `name`: the account's own display name, where somebody knows it; the sandbox does. */
export function accountLook({ platform, accountId, handle }: AccountKey, name: string | null): AccountLook {
  const words = handleWords(platform, handle);
  if (platform === "linkedin") return linkedInLook(accountId, words);
  return name === null
    ? { name: words, handle: null, isNameKnown: false }
    : { name, handle: words, isNameKnown: true };
}

/** Members are linked with their name, pages with their address, or with their number where they may not read it. */
function linkedInLook(accountId: string, words: string): AccountLook {
  if (!accountId.startsWith(PAGE)) {
    return { name: words, handle: null, isNameKnown: !words.startsWith("urn:") };
  }
  if (words.startsWith(PAGE)) {
    return { name: `Page ${words.slice(PAGE.length)}`, handle: null, isNameKnown: false };
  }
  const isAddress = /^[\p{L}\p{N}_-]+$/u.test(words);
  return {
    name: words,
    handle: isAddress ? `linkedin.com/company/${words}` : null,
    isNameKnown: !isAddress,
  };
}
