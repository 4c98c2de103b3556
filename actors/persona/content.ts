/** What a post says and where: the thing that a person approves, and its hash. */
import canonicalize from "canonicalize";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Part, Platform, ReplyTarget } from "./platforms/port.ts";

/** How the public can see that a machine speaks: a label on the account's profile, or not at all (sandbox only). */
export type Disclosure = "profile_label" | "none";

export interface Content {
  connectionId: string;
  accountId: string;
  parts: Part[];
  /** What is answered; null for a post of its own. */
  replyTarget: ReplyTarget | null;
  labels: string[];
  disclosure: Disclosure;
  /** BCP 47. */
  language: string;
}

/** SHA-256 (hex) over RFC 8785 canonical JSON of everything that a person sees when approving. */
export function contentHash(content: Content): string {
  const parts = content.parts.map((part) => ({
    text: part.text,
    mentions: part.facets.filter((facet) => facet.kind === "mention"),
    links: part.facets.filter((facet) => facet.kind !== "mention"),
    media: (part.media ?? []).map((one) => one.sha256),
    alt: (part.media ?? []).map((one) => one.alt),
  }));
  return hashJson({
    connection: content.connectionId,
    account: content.accountId,
    parts,
    replyTarget: content.replyTarget,
    labels: content.labels,
    disclosure: content.disclosure,
    language: content.language,
  });
}

/** SHA-256 (hex) over the canonical JSON of any plain value. */
export function hashJson(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalize(value) ?? "null")));
}

/** Stands for an account in events, where its id as such has no place. */
export function authorHash(platform: Platform, accountId: string): string {
  return hashJson([platform, accountId]);
}

/** The whole text of a post, its parts apart by an empty line. */
export function fullText(content: Content | null): string {
  return content === null ? "" : content.parts.map((part) => part.text).join("\n\n");
}
