/** OAuth 2.0 with PKCE (RFC 6749, 7636), as X has it: consent, tokens for a code, renewal, the end. */
import type { Failure } from "../port.ts";
import { type Judging, type Meaning, meaningOf } from "./outcome.ts";
import { type Answer, request } from "./request.ts";
import { confidential, type Grant, isKey } from "./secret.ts";

/** Where people agree. */
export const AUTHORIZE_URL = "https://x.com/i/oauth2/authorize";
/** What a persona needs: to read, to post, images, and to stay connected. */
export const SCOPES = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"];
/** Where X does not say how long access lasts. */
const ACCESS_LIFE_S = 7_200;
/** No access lasts longer, whatever is said of it. */
const MAX_LIFE_S = 366 * 86_400;

export interface App {
  clientId: string;
  clientSecret: string | null;
}

export interface TokenOptions {
  /** Origin of the API, no trailing slash. */
  service: string;
  now: () => number;
  signal: AbortSignal;
  deadlineMs?: number;
}

export type Granted = { kind: "granted"; grant: Grant } | Failure;

/** The address of the consent page. `state` and `verifier` are of one use, and stay on this side. */
export async function consentUrl(
  asked: { clientId: string; redirectUri: string; state: string; verifier: string; scopes?: string[] },
  authorizeUrl = AUTHORIZE_URL,
): Promise<string> {
  const url = new URL(authorizeUrl);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: asked.clientId,
    redirect_uri: asked.redirectUri,
    scope: (asked.scopes ?? SCOPES).join(" "),
    state: asked.state,
    code_challenge: await challengeOf(asked.verifier),
    code_challenge_method: "S256",
  }).toString();
  // A space as %20: `+` is one in a form only.
  return url.href.replaceAll("+", "%20");
}

/** RFC 7636, 4.2. Throws where the verifier is none. */
export async function challengeOf(verifier: string): Promise<string> {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) {
    throw new RangeError("`verifier` must be 43 to 128 of A-Z a-z 0-9 - . _ ~");
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64Url(new Uint8Array(digest));
}

/** A verifier, or a `state`, out of 32 random bytes. */
export function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** X's codes live 30 seconds and are good for one exchange. */
export async function exchangeCode(
  app: App,
  given: { code: string; redirectUri: string; verifier: string },
  options: TokenOptions,
): Promise<Granted> {
  const answer = await send(app, "token", {
    grant_type: "authorization_code",
    code: given.code,
    redirect_uri: given.redirectUri,
    code_verifier: given.verifier,
  }, options);
  const meaning = judged(answer, {
    now: options.now(),
    confidential: secrets(app, given.code, given.verifier),
  });
  if (meaning.kind !== "ok") return meaning;
  const grant = readGrant(app, meaning.body, null, options.now());
  return grant === null
    ? { kind: "uncertain", reason: "X's answer names no access token" }
    : { kind: "granted", grant };
}

/**
 * A new pair of tokens. The refresh token is spent by it, so where the answer is lost (`uncertain`), the old one may be
 * dead: the next renewal says. `auth_dead` is X's own no.
 */
export async function renew(grant: Grant, options: TokenOptions): Promise<Granted> {
  const { refreshToken } = grant;
  if (refreshToken === null) {
    return { kind: "auth_dead", reason: "access to the account has ended, and X gave no leave to renew it" };
  }
  const answer = await send(
    grant,
    "token",
    { grant_type: "refresh_token", refresh_token: refreshToken },
    options,
  );
  const hidden = confidential({ kind: "oauth2", ...grant });
  const meaning = judged(answer, { now: options.now(), confidential: hidden });
  if (meaning.kind === "rejected") {
    return { kind: "auth_dead", reason: "X does not renew access to this account any more" };
  }
  if (meaning.kind !== "ok") return meaning;
  const renewed = readGrant(grant, meaning.body, grant, options.now());
  return renewed === null
    ? { kind: "uncertain", reason: "X's answer names no access token" }
    : { kind: "granted", grant: renewed };
}

/** Ends the grant; again is harmless. Null once X has said so. */
export async function revoke(grant: Grant, options: TokenOptions): Promise<Failure | null> {
  const token = grant.refreshToken ?? grant.accessToken;
  const answer = await send(grant, "revoke", { token }, options);
  const hidden = confidential({ kind: "oauth2", ...grant });
  const meaning = judged(answer, { now: options.now(), confidential: hidden });
  return meaning.kind === "ok" ? null : meaning;
}

/** At this endpoint a 401 speaks of the app, in words that help. */
function judged(answer: Answer, judging: Judging): Meaning {
  const meaning = meaningOf(answer, judging);
  return meaning.kind === "auth_dead"
    ? { kind: "auth_dead", reason: "X does not accept the client id and secret of the app" }
    : meaning;
}

function send(app: App, path: "token" | "revoke", fields: Record<string, string>, options: TokenOptions) {
  const { clientId, clientSecret } = app;
  const form = new URLSearchParams(clientSecret === null ? { ...fields, client_id: clientId } : fields);
  const proof = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret ?? "")}`;
  return request({
    url: `${options.service}/2/oauth2/${path}`,
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(clientSecret === null ? {} : { authorization: `Basic ${btoa(proof)}` }),
    },
    body: form.toString(),
    signal: options.signal,
    deadlineMs: options.deadlineMs,
  });
}

/** Null without an access token that can be sent. What X leaves out stays as it was: nothing is overwritten by nothing. */
function readGrant(app: App, body: Record<string, unknown>, before: Grant | null, now: number): Grant | null {
  const { access_token, refresh_token, expires_in, scope } = body;
  if (!isKey(access_token)) return null;
  const lifeS = typeof expires_in === "number" && expires_in > 0 ? expires_in : ACCESS_LIFE_S;
  const scopes = typeof scope === "string" ? scope.split(/\s+/).filter(isKey) : [];
  return {
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    accessToken: access_token,
    refreshToken: isKey(refresh_token) ? refresh_token : before?.refreshToken ?? null,
    expiresAt: now + Math.min(lifeS, MAX_LIFE_S) * 1000,
    scopes: scopes.length > 0 ? scopes : before?.scopes ?? [],
  };
}

function secrets(app: App, ...more: string[]): string[] {
  return app.clientSecret === null ? more : [app.clientSecret, ...more];
}
