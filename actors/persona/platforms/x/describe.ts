/** What X allows a connection, what it costs, and what is wrong with it: as plain data, from its secret alone. Pure. */
import { limitsOf } from "../limits.ts";
import type { Account, Description } from "../port.ts";
import { SCOPES } from "./oauth2.ts";
import { MEDIA_SCOPE } from "./pictures.ts";
import { PRICES } from "./price_list.ts";
import { WRITE_SCOPES } from "./publish.ts";
import { type Grant, readSecret } from "./secret.ts";

const READ_SCOPES = ["tweet.read", "users.read"];

const { maxLength, unit, maxParts, maxImages } = limitsOf("x");
const LIMITS: Description["limits"] = { maxLength, unit, maxParts, maxImages, maxImageBytes: 5_000_000 };

/** What a persona cannot do without it, for people. */
const WITHOUT: Record<string, string> = {
  "tweet.read": "read posts",
  "users.read": "see who wrote what",
  "tweet.write": "post or delete",
  "media.write": "send pictures",
};

/** Throws where the secret is not readable. */
export function describe({ secret }: { account: Account; secret: string }): Description {
  const read = readSecret(secret);
  const { post, postWithLink, summonedReply, readPost, deletion } = PRICES.microUsd;
  const common: Pick<Description, "limits" | "prices" | "promise"> = {
    limits: LIMITS,
    prices: {
      post,
      postWithLink,
      reply: summonedReply,
      read: readPost,
      delete: deletion,
      asOf: PRICES.asOf,
      source: PRICES.source,
    },
    promise: "at_most_once",
  };
  return read.kind === "oauth2" ? { ...common, ...ofGrant(read) } : {
    ...common,
    // Keys do not say what they are good for; whoever has them may read.
    may: { post: null, reply: null, media: null, read: true, measure: true, delete: null, readBack: true },
    missingScopes: [],
    scopes: [],
    accessUntil: null,
    leaveUntil: null,
    warnings: [],
  };
}

function ofGrant({ scopes, expiresAt, refreshToken }: Grant) {
  const all = (needed: string[]) => needed.every((scope) => scopes.includes(scope));
  const [reads, writes] = [all(READ_SCOPES), all(WRITE_SCOPES)];
  const missingScopes = SCOPES.filter((scope) => !scopes.includes(scope));
  return {
    may: {
      post: writes,
      reply: writes,
      media: writes && all([MEDIA_SCOPE]),
      read: reads,
      measure: reads,
      delete: writes,
      readBack: reads,
    },
    missingScopes,
    scopes,
    accessUntil: expiresAt,
    leaveUntil: refreshToken === null ? expiresAt : null,
    warnings: [
      ...missingScopes.filter((scope) => WITHOUT[scope] !== undefined).map((scope) =>
        `It may not ${WITHOUT[scope]}: link the account again and agree to ${scope}.`
      ),
      ...(refreshToken === null
        ? ["Access cannot be renewed when it ends: link the account again and agree to offline.access."]
        : []),
    ],
  };
}
