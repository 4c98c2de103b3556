/**
 * OAuth 2.0 of www.linkedin.com (https://learn.microsoft.com/linkedin/shared/authentication): three steps, no PKCE
 * in this flow, an access token of 60 days, and for approved partners a refresh token of 365 that is not extended.
 */
import { type Answer, call, REQUEST_DEADLINE_MS } from "./call.ts";
import { type Grant, isToken, type LinkedInSecret } from "./secret.ts";

export const WEB_ORIGIN = "https://www.linkedin.com";

/**
 * For a member who posts as himself; LinkedIn gives these to any application. Leave with another set of scopes voids
 * the member's earlier tokens, those of other connections too: an application should ask for one set always.
 */
export const MEMBER_SCOPES = ["openid", "profile", "w_member_social"];
/** How a member's own posts do: an application gets it with the Community Management API, after it was vetted. */
export const ANALYTICS_SCOPE = "r_member_postAnalytics";
/** For a page; an application gets these after it was vetted. */
export const PAGE_SCOPES = [
  "openid",
  "profile",
  "w_organization_social",
  "r_organization_social",
  "rw_organization_admin",
];

export interface Application {
  clientId: string;
  clientSecret: string;
}

export interface OAuthOptions {
  /** @default WEB_ORIGIN */
  webOrigin?: string;
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
  /** Aborts all of it; each request has its own deadline besides. */
  signal?: AbortSignal;
}

export type Granted =
  | { kind: "granted"; grant: Grant }
  /** LinkedIn's definite no to this code or token. */
  | { kind: "refused"; reason: string }
  /** It could not be asked, or its answer was lost. */
  | { kind: "failed"; reason: string };

/** Where the member is sent for his leave. `state` comes back with the answer, and must be checked. */
export function authorizeUrl(
  ask: { clientId: string; redirectUri: string; scopes: string[]; state: string },
  webOrigin = WEB_ORIGIN,
): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: ask.clientId,
    redirect_uri: ask.redirectUri,
    state: ask.state,
    scope: ask.scopes.join(" "),
  });
  // A `+` for a space is not understood by every server.
  return `${webOrigin}/oauth/v2/authorization?${query.toString().replaceAll("+", "%20")}`;
}

/** The code from the callback for a grant. A code is good for one try within 30 minutes. */
export async function exchangeCode(
  application: Application,
  { code, redirectUri }: { code: string; redirectUri: string },
  options: OAuthOptions = {},
): Promise<Granted> {
  const fields = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  return await ask(application, fields, [code], null, options);
}

/** Another access token. What LinkedIn leaves out of its answer stays as it was. */
export async function refreshGrant(secret: LinkedInSecret, options: OAuthOptions = {}): Promise<Granted> {
  const { refresh } = secret.grant;
  if (refresh === null) return { kind: "refused", reason: "this connection has no refresh token" };
  const fields = { grant_type: "refresh_token", refresh_token: refresh.token };
  return await ask(secret, fields, [refresh.token], secret.grant, options);
}

async function ask(
  { clientId, clientSecret }: Application,
  fields: Record<string, string>,
  secrets: string[],
  earlier: Grant | null,
  { webOrigin = WEB_ORIGIN, now = Date.now, deadlineMs = REQUEST_DEADLINE_MS, signal }: OAuthOptions,
): Promise<Granted> {
  const asked = now();
  const answer = await call({
    origin: webOrigin,
    method: "POST",
    path: "/oauth/v2/accessToken",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret }).toString(),
    secrets: [clientSecret, ...secrets],
    signal: signal ?? new AbortController().signal,
    deadlineMs,
  });
  if (answer.kind !== "ok") return explain(answer);
  const grant = readGrant(answer.body ?? {}, earlier, asked);
  return grant === null
    ? { kind: "failed", reason: "LinkedIn's answer held no token" }
    : { kind: "granted", grant };
}

function explain(answer: Exclude<Answer, { kind: "ok" }>): Granted {
  if (answer.kind !== "refused") return { kind: "failed", reason: answer.reason };
  const { status, message } = answer.refusal;
  const reason = `LinkedIn answered ${status}${message === "" ? "" : `: ${message}`}`;
  return { kind: [400, 401, 403].includes(status) ? "refused" : "failed", reason };
}

/** Null without an access token that can be sent. What is left out, or is none, stays as it was. */
function readGrant(body: Record<string, unknown>, earlier: Grant | null, asked: number): Grant | null {
  const { access_token: access, refresh_token: token, scope } = body;
  const accessUntil = after(asked, body.expires_in);
  if (!isToken(access) || accessUntil === null) return null;
  const until = after(asked, body.refresh_token_expires_in) ?? earlier?.refresh?.until ?? null;
  const refresh = isToken(token) && until !== null ? { token, until } : earlier?.refresh ?? null;
  const scopes = typeof scope === "string" ? scope.split(/[\s,]+/).filter(isToken) : [];
  return { access, accessUntil, refresh, scopes: scopes.length > 0 ? scopes : earlier?.scopes ?? [] };
}

/** No leave lasts longer than a year, whatever is said of it. */
const MAX_LIFE_S = 366 * 86_400;

function after(now: number, seconds: unknown): number | null {
  return typeof seconds === "number" && seconds > 0 ? now + Math.min(seconds, MAX_LIFE_S) * 1000 : null;
}
