import type { Context, MiddlewareHandler } from "hono";
import { problem } from "../problem.ts";
import { type Action, type ApprovalFacts, authorize, type Decision, type Principal } from "./authorize.ts";
import { readSessionCookie } from "./cookie.ts";
import { clientAddress, crossSiteFault, expectedOrigin } from "./request.ts";
import { sameSecret } from "./secrets.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { AccessSettings } from "./settings.ts";
import type { Tokens } from "./tokens.ts";

/** The name of the path's parameter that holds the persona's id, or null when the path names none. */
export type PersonaParameter = string | null;

/** What the middleware `identify` leaves in the context. */
interface Identity {
  principal: Principal;
  session: Session | null;
  /** Where the client is, for throttling and for lists of sessions. */
  address: string;
  /** The origin that people see; null when the Host header is nonsense. */
  origin: string | null;
}

const IDENTITY = "identity";

/** Pages that are plain forms: they cannot send our header. */
export const PLAIN_FORMS: ReadonlySet<string> = new Set(["/login", "/setup", "/recover"]);

/**
 * Finds out who is asking, by bearer token or session cookie, and refuses what another site made the browser send. A wrong
 * bearer token is refused at once, even where the door is open: its owner wants to know.
 */
export function identify(
  settings: AccessSettings,
  sessions: Sessions,
  tokens: Tokens,
  peerAddress: (c: Context) => string,
): MiddlewareHandler {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const origin = expectedOrigin(headers, c.req.url, settings);
    const address = clientAddress(headers, peerAddress(c), settings);
    const bearer = /^Bearer +(.*)$/i.exec(headers.get("authorization") ?? "")?.[1]?.trim();
    if (bearer !== undefined) {
      const principal = await bearerPrincipal(bearer, settings, tokens);
      if (principal === null) return invalidToken(c);
      setIdentity(c, { principal, session: null, address, origin });
      return await next();
    }

    const cookie = readSessionCookie(c, isHttps(origin));
    const session = cookie === undefined ? null : await sessions.find(cookie);
    const isPlainForm = PLAIN_FORMS.has(c.req.path);
    const fault = crossSiteFault({
      method: c.req.method,
      headers,
      origin,
      hasSession: session !== null,
      isPlainForm,
    });
    if (fault) return problem(c, 403, { title: "Refused for safety", ...fault });
    setIdentity(c, { principal: session?.principal ?? { kind: "anonymous" }, session, address, origin });
    return await next();
  };
}

async function bearerPrincipal(
  bearer: string,
  settings: AccessSettings,
  tokens: Tokens,
): Promise<Principal | null> {
  const { adminToken } = settings;
  if (adminToken !== null && sameSecret(bearer, adminToken)) return { kind: "admin_token" };
  return await tokens.find(bearer);
}

function invalidToken(c: Context): Response {
  c.header("www-authenticate", 'Bearer error="invalid_token"');
  const detail = "The bearer token is unknown, revoked or expired.";
  return problem(c, 401, { title: "Not logged in", detail, code: "invalid_token" });
}

/** Lets a request through when its principal may do `action`. */
export function requireAccess(action: Action, persona: PersonaParameter = "personaId"): MiddlewareHandler {
  return async (c, next) => {
    const personaId = persona === null ? null : c.req.param(persona) ?? null;
    const refusal = refuseUnless(c, action, personaId);
    if (refusal) return refusal;
    return await next();
  };
}

/** For what only the body tells (an approval): the answer to give when it is not allowed, else null. */
export function refuseUnless(
  c: Context,
  action: Action,
  personaId: string | null,
  facts?: ApprovalFacts,
): Response | null {
  const decision = authorize(principalOf(c), action, personaId, facts);
  return decision.allowed ? null : refusal(c, decision);
}

function refusal(c: Context, decision: Extract<Decision, { allowed: false }>): Response {
  const { status, reason: detail } = decision;
  if (status === 403) return problem(c, 403, { title: "Not allowed", detail, code: "forbidden" });
  if (wantsPage(c)) return c.redirect(logInAddress(c), 303);
  // A person whose session ended in the middle of something: htmx takes the whole page to the log-in.
  if (c.req.header("hx-request") === "true") c.header("hx-redirect", "/login");
  c.header("www-authenticate", "Bearer");
  return problem(c, 401, { title: "Not logged in", detail, code: "unauthorized" });
}

function wantsPage(c: Context): boolean {
  const isPage = c.req.method === "GET" && !c.req.path.startsWith("/api/") &&
    c.req.header("hx-request") !== "true";
  return isPage && (c.req.header("accept") ?? "").includes("text/html");
}

function logInAddress(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname === "/" ? "/login" : `/login?next=${encodeURIComponent(pathname + search)}`;
}

function setIdentity(c: Context, identity: Identity): void {
  c.set(IDENTITY, identity);
}

function identityOf(c: Context): Identity {
  const identity: Identity | undefined = c.get(IDENTITY);
  if (identity === undefined) throw new Error("The middleware `identify` must stand before every route.");
  return identity;
}

export function principalOf(c: Context): Principal {
  return identityOf(c).principal;
}

/** The session of a person; null for tokens and strangers. */
export function sessionOf(c: Context): Session | null {
  return identityOf(c).session;
}

export function addressOf(c: Context): string {
  return identityOf(c).address;
}

/** The origin that the person sees in the address bar, `PUBLIC_URL`'s where that is set; null when the Host header is nonsense. */
export function originOf(c: Context): string | null {
  return identityOf(c).origin;
}

/** Does the person see https in the address bar? */
export function seesHttps(c: Context): boolean {
  return isHttps(identityOf(c).origin);
}

function isHttps(origin: string | null): boolean {
  return origin?.startsWith("https:") === true;
}
