/** What LinkedIn allows and asks for, as data for pages and rules. */
import { MAX_COMMENT, MAX_POST } from "./freeze.ts";
import type { LinkedInSecret } from "./secret.ts";
import { isPage } from "./urn.ts";
import { versionEnd, versionWarning } from "./version.ts";

const HOUR_MS = 3_600_000;

/** Roles that see all that a page said; others may read an empty list instead of an error. */
export const READERS = new Set(["ADMINISTRATOR", "CONTENT_ADMINISTRATOR"]);

/** Sources: https://www.linkedin.com/legal/l/api-terms-of-use and LinkedIn's data storage requirements. */
export const LINKEDIN = {
  label: "LinkedIn",
  /** UTF-16 units that readers see. */
  maxPost: MAX_POST,
  maxComment: MAX_COMMENT,
  maxParts: 1,
  keyedWrites: false,
  /** For every send, by a person in a session; it cannot be switched off. */
  personApproves: true,
  /** What others wrote goes to a model only where the operator says so for this connection. */
  wordsToModel: "off" as const,
  purge: { wordsMs: 48 * HOUR_MS, profilesMs: 24 * HOUR_MS },
  /** Of the development tier, a day; it begins at 00:00 UTC. */
  callsADay: { application: 500, member: 100 },
} as const;

export interface Description {
  limits: typeof LINKEDIN;
  kind: "page" | "member";
  /** What this connection may do. */
  may: { post: boolean; comment: boolean; readBack: boolean; poll: boolean; measure: boolean };
  /** Scopes without which something above is not possible. */
  missingScopes: string[];
  /** When a person must give leave again, ms since the epoch. */
  leaveUntil: number;
  version: { name: string; until: number; warning: string | null };
}

/** @param now ms since the epoch */
export function describeLinkedIn(
  { author, grant }: Pick<LinkedInSecret, "author" | "grant">,
  version: string,
  now: number,
): Description {
  const may = mayDo(author, grant.scopes);
  return {
    limits: LINKEDIN,
    kind: isPage(author) ? "page" : "member",
    may,
    missingScopes: missingScopes(author, grant.scopes),
    leaveUntil: Math.max(grant.accessUntil, grant.refresh?.until ?? 0),
    version: { name: version, until: versionEnd(version), warning: versionWarning(version, now) },
  };
}

/** @param role the member's role on the page where it is known; it is asked for when an account is linked */
export function mayDo(author: string, scopes: string[], role: string | null = null): Description["may"] {
  const has = (...any: string[]) => any.some((scope) => scopes.includes(scope));
  if (!isPage(author)) {
    const post = has("w_member_social");
    return {
      post,
      comment: post || has("w_member_social_feed"),
      readBack: false,
      poll: false,
      measure: has("r_member_postAnalytics"),
    };
  }
  const admin = has("rw_organization_admin") && (role === null || role === "ADMINISTRATOR");
  return {
    post: has("w_organization_social"),
    comment: has("w_organization_social", "w_organization_social_feed"),
    readBack: has("r_organization_social", "r_organization_social_feed") &&
      (role === null || READERS.has(role)),
    poll: admin,
    measure: admin,
  };
}

/** Those that our work needs; measuring a member's posts is an extra that few applications get. */
export function missingScopes(author: string, scopes: string[]): string[] {
  const needed = isPage(author)
    ? ["w_organization_social", "r_organization_social", "rw_organization_admin"]
    : ["w_member_social"];
  return needed.filter((scope) => !scopes.includes(scope));
}
