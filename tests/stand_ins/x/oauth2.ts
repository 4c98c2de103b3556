/** OAuth 2.0 with PKCE: consent, tokens, renewal with rotation, revocation. */
import { createHash } from "node:crypto";
import type { Answer } from "./problems.ts";
import { type Account, type Grant, knownAccount, type World } from "./world.ts";

const CODE_LIFE_MS = 30_000;
export const ACCESS_LIFE_MS = 2 * 3_600_000;
/** Six months: X does not publish one; long enough that only rotation and revocation end a token in tests. */
const REFRESH_LIFE_MS = 183 * 24 * 3_600_000;

export const SCOPES = [
  "block.read",
  "block.write",
  "bookmark.read",
  "bookmark.write",
  "dm.read",
  "dm.write",
  "follows.read",
  "follows.write",
  "like.read",
  "like.write",
  "list.read",
  "list.write",
  "media.write",
  "mute.read",
  "mute.write",
  "offline.access",
  "space.read",
  "timeline.read",
  "tweet.moderate.write",
  "tweet.read",
  "tweet.write",
  "users.read",
] as const;

export interface Asked {
  redirectUri: string;
  state: string;
  challenge: string;
  scopes: string[];
}

/** What the address of the consent page asks for, or what is wrong with it: then nobody is sent back anywhere. */
export function readConsentRequest(world: World, query: URLSearchParams): Asked | string {
  const one = (name: string) => {
    const values = query.getAll(name);
    return values.length === 1 ? values[0] ?? "" : "";
  };
  if (one("response_type") !== "code") return "response_type must be code";
  if (one("client_id") !== world.app.clientId) return "client_id is unknown";
  if (!world.app.redirectUris.includes(one("redirect_uri"))) {
    return "redirect_uri is not registered for the app";
  }
  const scopes = one("scope").split(" ").filter((scope) => scope !== "");
  if (scopes.length === 0) return "scope is missing";
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined) return `scope ${unknown} is unknown`;
  if (one("state") === "" || one("state").length > 500) return "state must have 1 to 500 characters";
  // Clients that work with X write it in small letters.
  if (one("code_challenge_method").toUpperCase() !== "S256") return "code_challenge_method must be S256";
  if (!/^[A-Za-z0-9_-]{43}$/.test(one("code_challenge"))) return "code_challenge is no SHA-256 in base64url";
  return { redirectUri: one("redirect_uri"), state: one("state"), challenge: one("code_challenge"), scopes };
}

export interface Decision {
  approve: boolean;
  /** Whose browser it is. */
  username: string;
}

/** Where the browser goes after the person has decided. */
export function consent(world: World, asked: Asked, decision: Decision): string {
  const back = new URL(asked.redirectUri);
  back.searchParams.set("state", asked.state);
  if (!decision.approve) {
    back.searchParams.set("error", "access_denied");
    return back.href;
  }
  const code = world.newSecret("code");
  world.codes.set(code, {
    accountId: knownAccount(world, decision.username).id,
    redirectUri: asked.redirectUri,
    challenge: asked.challenge,
    scopes: asked.scopes,
    expiresAt: world.now() + CODE_LIFE_MS,
    used: false,
  });
  back.searchParams.set("code", code);
  return back.href;
}

/** A new pair of tokens for an account, as if the person had just agreed. */
export function grantTo(
  world: World,
  account: Account,
  scopes: string[],
  accessLifeMs = ACCESS_LIFE_MS,
): Grant {
  const grant: Grant = {
    accountId: account.id,
    scopes,
    accessToken: world.newSecret("access"),
    accessExpiresAt: world.now() + accessLifeMs,
    refreshToken: scopes.includes("offline.access") ? world.newSecret("refresh") : null,
    refreshExpiresAt: world.now() + REFRESH_LIFE_MS,
  };
  world.grants.set(grant.accessToken, grant);
  if (grant.refreshToken !== null) world.refreshable.set(grant.refreshToken, grant);
  return grant;
}

/** As when a person removes the app from an account: all tokens and keys of it are dead. */
export function killTokens(world: World, account: Account): void {
  const mine = [...world.grants.values(), ...world.refreshable.values()];
  for (const grant of mine) if (grant.accountId === account.id) endGrant(world, grant);
  for (const [token, keys] of world.userKeys) {
    if (keys.accountId === account.id) world.userKeys.delete(token);
  }
}

/** `POST /2/oauth2/token`: a code or a refresh token for a pair of tokens. */
export function token(world: World, form: Map<string, string>, authorization: string): Answer {
  const client = refusedClient(world, form, authorization);
  if (client !== null) return client;
  switch (form.get("grant_type")) {
    case "authorization_code":
      return tokenForCode(world, form);
    case "refresh_token":
      return tokenForRefresh(world, form);
    default:
      return oauthError(
        400,
        "unsupported_grant_type",
        "grant_type must be authorization_code or refresh_token",
      );
  }
}

/** `POST /2/oauth2/revoke`: ends the pair that the token belongs to. */
export function revoke(world: World, form: Map<string, string>, authorization: string): Answer {
  const client = refusedClient(world, form, authorization);
  if (client !== null) return client;
  const unknown = unknownField(form, ["token", "token_type_hint"]);
  if (unknown !== null) return unknown;
  const given = form.get("token") ?? "";
  if (given === "") return oauthError(400, "invalid_request", "Missing required parameter [token].");
  const grant = world.grants.get(given) ?? world.refreshable.get(given);
  if (grant !== undefined) endGrant(world, grant);
  return { status: 200, body: { revoked: true } };
}

function tokenForCode(world: World, form: Map<string, string>): Answer {
  const fields = ["grant_type", "code", "redirect_uri", "code_verifier"];
  const unknown = unknownField(form, fields);
  if (unknown !== null) return unknown;
  const refused = (what: string, note: string) => ({
    ...oauthError(400, "invalid_request", `Value passed for the ${what} was invalid.`),
    note,
  });
  const code = world.codes.get(form.get("code") ?? "");
  if (code === undefined) return refused("authorization code", "the code is unknown");
  if (code.used) return refused("authorization code", "the code was used before");
  if (code.expiresAt <= world.now()) return refused("authorization code", "the code has expired");
  if (form.get("redirect_uri") !== code.redirectUri) return refused("redirect uri", "another redirect_uri");
  const verifier = form.get("code_verifier") ?? "";
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return refused("code verifier", "no code_verifier");
  if (createHash("sha256").update(verifier).digest("base64url") !== code.challenge) {
    return refused("code verifier", "code_verifier does not belong to the challenge");
  }
  code.used = true;
  const account = world.accounts.get(code.accountId);
  if (account === undefined) return refused("authorization code", "the account is gone");
  return tokens(world, grantTo(world, account, code.scopes));
}

function tokenForRefresh(world: World, form: Map<string, string>): Answer {
  const unknown = unknownField(form, ["grant_type", "refresh_token"]);
  if (unknown !== null) return unknown;
  const old = world.refreshable.get(form.get("refresh_token") ?? "");
  const account = old === undefined ? undefined : world.accounts.get(old.accountId);
  if (old === undefined || account === undefined || old.refreshExpiresAt <= world.now()) {
    return {
      ...oauthError(400, "invalid_request", "Value passed for the token was invalid."),
      note: "the refresh token is unknown, used, revoked or expired",
    };
  }
  endGrant(world, old); // The old access token too: a client that goes on with it shall be found out.
  return tokens(world, grantTo(world, account, old.scopes));
}

function tokens(world: World, grant: Grant): Answer {
  return {
    status: 200,
    body: {
      token_type: "bearer",
      expires_in: Math.round((grant.accessExpiresAt - world.now()) / 1000),
      access_token: grant.accessToken,
      scope: grant.scopes.join(" "),
      ...(grant.refreshToken === null ? {} : { refresh_token: grant.refreshToken }),
    },
  };
}

function endGrant(world: World, grant: Grant): void {
  world.grants.delete(grant.accessToken);
  if (grant.refreshToken !== null) world.refreshable.delete(grant.refreshToken);
}

/** The app has a secret, so it must prove itself by Basic; the body may only repeat what that says. */
function refusedClient(world: World, form: Map<string, string>, authorization: string): Answer | null {
  const { clientId, clientSecret } = world.app;
  const proof = btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  if (authorization !== `Basic ${proof}`) {
    return oauthError(401, "unauthorized_client", "Missing valid authorization header");
  }
  const idIsRight = [undefined, clientId].includes(form.get("client_id"));
  const secretIsRight = [undefined, clientSecret].includes(form.get("client_secret"));
  if (idIsRight && secretIsRight) return null;
  return oauthError(400, "invalid_request", "Value passed for the client was invalid.");
}

const OF_THE_CLIENT = ["client_id", "client_secret"];

function unknownField(form: Map<string, string>, known: string[]): Answer | null {
  const unknown = [...form.keys()].find((field) => !known.includes(field) && !OF_THE_CLIENT.includes(field));
  return unknown === undefined ? null : oauthError(400, "invalid_request", `Unknown parameter [${unknown}].`);
}

export function oauthError(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description }, note: description };
}
