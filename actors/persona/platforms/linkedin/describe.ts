/** What a connection to LinkedIn allows, as data for pages and rules. */
import type { Description } from "../port.ts";
import { ANALYTICS_SCOPE } from "./oauth.ts";
import { MAX_IMAGE_BYTES, MAX_IMAGES, MAX_POST } from "./rules.ts";
import type { LinkedInSecret } from "./secret.ts";
import { isPage } from "./urn.ts";
import { versionWarning } from "./version.ts";

const DAY_MS = 86_400_000;
/** A leave that a person has to give again within this is near its end. */
const WARN_MS = 14 * DAY_MS;

/** Roles that see all that a page said; others may read an empty list instead of an error. */
export const READERS = new Set(["ADMINISTRATOR", "CONTENT_ADMINISTRATOR"]);

/** What this leave is good for. */
export type May = Record<keyof Description["may"], boolean>;

/**
 * `version` of the API, `YYYYMM`; `memberAnalytics`: whether members are asked for leave to see how their posts do.
 * @param now ms since the epoch
 */
export function describeLinkedIn(
  { author, grant }: Pick<LinkedInSecret, "author" | "grant">,
  { version, memberAnalytics }: { version: string; memberAnalytics: boolean },
  now: number,
): Description {
  const may = mayDo(author, grant.scopes);
  const leaveUntil = Math.max(grant.accessUntil, grant.refresh?.until ?? 0);
  const missing = missingScopes(author, grant.scopes, memberAnalytics);
  return {
    limits: {
      maxLength: MAX_POST,
      unit: "characters",
      maxParts: 1,
      maxImages: MAX_IMAGES,
      maxImageBytes: MAX_IMAGE_BYTES,
    },
    may,
    missingScopes: missing,
    scopes: [...grant.scopes],
    accessUntil: grant.accessUntil,
    leaveUntil,
    warnings: [versionWarning(version, now), leaveWarning(leaveUntil, now), scopeWarning(missing)]
      .filter((warning) => warning !== null),
    prices: null,
    // What cannot be read back, only a person can look for.
    promise: may.readBack ? "at_most_once" : "person_decides",
  };
}

function leaveWarning(until: number, now: number): string | null {
  if (until - now > WARN_MS) return null;
  const date = new Date(until).toISOString().slice(0, 10);
  return until > now
    ? `The leave on LinkedIn ends on ${date}: link the account again before.`
    : `The leave on LinkedIn ended on ${date}: link the account again.`;
}

function scopeWarning(missing: string[]): string | null {
  return missing.length === 0 ? null : `The leave lacks ${missing.join(", ")}: link the account again.`;
}

/** @param role the member's role on the page where it is known; it is asked for when an account is linked */
export function mayDo(author: string, scopes: string[], role: string | null = null): May {
  const has = (...any: string[]) => any.some((scope) => scopes.includes(scope));
  if (!isPage(author)) {
    const post = has("w_member_social");
    return {
      post,
      reply: post || has("w_member_social_feed"),
      media: post,
      read: false,
      measure: has(ANALYTICS_SCOPE),
      delete: post,
      readBack: false,
    };
  }
  const post = has("w_organization_social");
  const admin = has("rw_organization_admin") && (role === null || role === "ADMINISTRATOR");
  return {
    post,
    reply: post || has("w_organization_social_feed"),
    media: post,
    read: admin,
    measure: admin,
    delete: post,
    readBack: has("r_organization_social", "r_organization_social_feed") &&
      (role === null || READERS.has(role)),
  };
}

/** Those that our work needs; `memberAnalytics` where the operator has an application that may measure members' posts. */
export function missingScopes(author: string, scopes: string[], memberAnalytics: boolean): string[] {
  const ofMember = ["w_member_social", ...(memberAnalytics ? [ANALYTICS_SCOPE] : [])];
  const needed = isPage(author)
    ? ["w_organization_social", "r_organization_social", "rw_organization_admin"]
    : ofMember;
  return needed.filter((scope) => !scopes.includes(scope));
}
