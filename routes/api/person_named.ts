/** Somebody outside, as a person or a program names them: by an id, a handle, or the address of their profile. */
import { isDidText, isHandle } from "../../actors/persona/platforms/bluesky/find_account.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";

interface Naming {
  /** What an id looks like, and how to say so. */
  id: (text: string) => boolean;
  idWords: string;
  handle: (text: string) => boolean;
  handleWords: string;
  /** Hosts and the way to a profile, where profiles have addresses. */
  profile?: RegExp;
}

const NAMING: Record<Platform, Naming> = {
  sandbox: {
    id: (text) => /^[^\s@/]+$/.test(text),
    idWords: "the account's id",
    handle: (text) => /^[^\s@/:]+$/.test(text),
    handleWords: "one word such as ada.fern",
  },
  bluesky: {
    id: isDidText,
    idWords: "a DID such as did:plc:ewvi7nxzyoun6zhxrhs64oiz",
    handle: isHandle,
    handleWords: "a whole name such as ada.bsky.social",
    profile: /^(?:https?:\/\/)?(?:www\.)?bsky\.app\/profile\/([^/?#]+)/i,
  },
  x: {
    id: (text) => /^\d{1,20}$/.test(text),
    idWords: "a number",
    handle: (text) => /^\w{1,15}$/.test(text),
    handleWords: "up to 15 letters, digits and underscores",
    profile:
      /^(?:https?:\/\/)?(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com\/(?!(?:i|home|search|hashtag|intent)(?:[/?#]|$))([^/?#]+)/i,
  },
  linkedin: {
    id: (text) => /^urn:li:\w+:[\w-]+$/.test(text),
    idWords: "a URN such as urn:li:person:abc123",
    handle: (text) => /^[^\s@/:]+$/.test(text),
    handleWords: "one word",
  },
};
const AT_ADDRESS = /^at:\/\/([^/?#]+)/i;

export interface PersonNamed {
  account?: string;
  handle?: string;
}

interface Fault {
  field: "account" | "handle";
  reason: string;
}

/**
 * As the platform writes it: without `@`, invisible marks and what else is in an address. An id in the place of the handle is the account,
 * and the other way round out of an address. What can never match is a fault that says what would be right.
 */
export function tidyPerson(platform: Platform, given: PersonNamed): PersonNamed | Fault {
  const naming = NAMING[platform];
  const accounts = new Set<string>();
  const handles = new Set<string>();
  if (given.account !== undefined) {
    const { name, fromAddress } = taken(naming, given.account);
    if (naming.id(name)) accounts.add(name);
    else if (fromAddress && naming.handle(name.toLowerCase())) handles.add(name.toLowerCase());
    else return { field: "account", reason: `must be ${naming.idWords}` };
  }
  if (given.handle !== undefined) {
    const { name } = taken(naming, given.handle);
    if (/^(did|urn):/.test(name) && naming.id(name)) accounts.add(name);
    else if (naming.handle(name.toLowerCase())) handles.add(name.toLowerCase());
    else return { field: "handle", reason: `must be ${naming.handleWords}` };
  }
  if (accounts.size > 1 || handles.size > 1) {
    return { field: "handle", reason: "names another one than the account" };
  }
  const [account] = accounts;
  const [handle] = handles;
  if (platform === "linkedin" && account === undefined && handle !== undefined) {
    return {
      field: "account",
      reason: `is missing: LinkedIn tells no handles. It must be ${naming.idWords}`,
    };
  }
  return { account, handle };
}

/** Handles are pasted with their `@`, with the invisible marks that pages put around them, and out of the browser's bar. */
function taken({ profile }: Naming, typed: string): { name: string; fromAddress: boolean } {
  const plain = typed.normalize("NFKC").replace(/[\p{Cc}\p{Cf}]/gu, "").trim();
  const [, found] = AT_ADDRESS.exec(plain) ?? profile?.exec(plain) ?? [];
  return { name: (found ?? plain).replace(/^@/, ""), fromAddress: found !== undefined };
}
