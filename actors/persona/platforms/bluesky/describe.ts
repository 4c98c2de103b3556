import { type AdapterContext, type Description, PlatformFailed } from "../port.ts";
import { claimsOf, endOf } from "./jwt.ts";
import { type BlueskySecret, readSecret } from "./secret.ts";

/** Graphemes and pictures: lexicons app.bsky.feed.post and app.bsky.embed.images. A thread has no limit there; this is ours. */
const LIMITS: Description["limits"] = {
  maxLength: 300,
  unit: "graphemes",
  maxParts: 25,
  maxImages: 4,
  maxImageBytes: 1_000_000,
};

/** The scope of a session that was begun with the account's own password. */
const OWN_PASSWORD = "com.atproto.access";

/** What this connection allows, from its tokens alone. Pure. */
export function describe({ secret }: Pick<AdapterContext, "secret">): Description {
  const held = tryToRead(secret);
  const scope = held === null ? null : claimsOf(held.session.accessJwt)?.scope;
  const warnings: string[] = [];
  if (held === null) warnings.push("The stored sign-in cannot be read. Link the account again.");
  if (scope === OWN_PASSWORD) {
    warnings.push("Linked with the account's own password. An app password can be taken back by itself.");
  }
  return {
    limits: LIMITS,
    may: { post: true, reply: true, media: true, read: true, measure: true, delete: true, readBack: true },
    missingScopes: [],
    scopes: typeof scope === "string" ? [scope] : [],
    accessUntil: held === null ? null : endOf(held.session.accessJwt),
    leaveUntil: held === null ? null : endOf(held.session.refreshJwt),
    warnings,
    prices: null,
    promise: "exactly_once",
  };
}

function tryToRead(secret: string): BlueskySecret | null {
  try {
    return readSecret(secret);
  } catch (error) {
    if (error instanceof PlatformFailed) return null;
    throw error;
  }
}
