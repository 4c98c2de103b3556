/**
 * Leave that a person gives a platform in the browser: from our form there, and from there back to us. `state` is of
 * one use, ten minutes old at most, and bound to the session, the persona and, on X, the verifier.
 */
import type { OAuthEntry } from "../../../db/oauth_state.ts";
import { getPersona } from "../../../db/read/personas.ts";
import { limitsOf } from "../../persona/platforms/limits.ts";
import { connectionSecret } from "../../persona/platforms/registry.ts";
import { type LinkRefused, refused } from "./answers.ts";
import { appOf, type TypedApp } from "./app_of.ts";
import { appOfLinkedInSecret, findByLinkedInCode, type LinkedInAs, linkedInConsent } from "./linkedin.ts";
import type { Links, Standing } from "./links.ts";
import { type Found, type OfferedPlatform, type Offers, randomSecret } from "./offers.ts";
import type { PlatformApp } from "./options.ts";
import { appOfXSecret, findByXCode, xConsent } from "./x.ts";

/** What a person asks for with the form. */
export interface LeaveAsked {
  personaId: string;
  platform: OfferedPlatform;
  /** Of the person's session: nobody else can come back with the answer. */
  sessionKey: string;
  standing: Standing;
  app: TypedApp;
  /** Where the platform sends the browser back to. */
  redirectUri: string;
  /** LinkedIn only. @default member */
  as?: LinkedInAs;
}

/** What a browser brings back. */
export interface LeaveAnswer {
  platform: OfferedPlatform;
  sessionKey: string;
  state: string;
  /** Empty where the platform sent none. */
  code: string;
  /** The platform's own word for why not; empty where there is none. */
  error: string;
  /** Whether this person may (still) connect accounts of the persona. */
  mayConnect(personaId: string): boolean;
}

/** What is kept, sealed, while the person is away. */
interface Away {
  platform: OfferedPlatform;
  personaId: string;
  verifier: string;
  app: PlatformApp;
  redirectUri: string;
}

/** Longest `state`, `code` and `error` that are looked at. */
const MAX_PARAMETER = 4_000;

/** Where to send the browser; or why not. */
export async function askLeave(
  links: Links,
  by: string,
  asked: LeaveAsked,
): Promise<{ kind: "asked"; address: string } | LinkRefused> {
  const { personaId, platform, sessionKey, standing, redirectUri, as = "member" } = asked;
  const app = appOf(asked.app, [
    await appBefore(links, personaId, platform),
    settingsOf(links, platform).app,
  ]);
  if ("kind" in app) return app;
  if (platform === "linkedin" && app.clientSecret === null) {
    return refused("invalid", "Give the client secret of your app.", "clientSecret");
  }
  const unready = await links.firstStep(personaId, by, standing);
  if (unready !== null) return unready;
  const [state, verifier] = [randomSecret(), randomSecret()];
  const away: Away = { platform, personaId, verifier, app, redirectUri };
  await links.options.states.keep(entryOf(state, sessionKey), JSON.stringify(away), links.now());
  const address = platform === "x"
    ? await xConsent(links.options, { app, redirectUri, state, verifier })
    : linkedInConsent(links.options, { app, redirectUri, state, as });
  return { kind: "asked", address };
}

/**
 * Uses `state` up, and asks the platform who gave leave. What came of it waits as an offer for the person, a refusal too.
 * Null where nothing may be said: the state is not one of this session, or the person may not connect for the persona.
 */
export async function takeLeave(
  links: Links,
  offers: Offers,
  answer: LeaveAnswer,
): Promise<{ personaId: string; offerId: string } | null> {
  const { platform, sessionKey, state, code, error } = answer;
  if ([state, code, error].some((one) => one.length > MAX_PARAMETER) || state === "") return null;
  const text = await links.options.states.take(entryOf(state, sessionKey), links.now());
  if (text === null) return null;
  const away: Away = JSON.parse(text);
  const { personaId } = away;
  if (away.platform !== platform || !answer.mayConnect(personaId)) return null;
  if (await getPersona(links.options.sql, personaId) === null) return null;
  const found = error !== ""
    ? { kind: "failed" as const, reason: refusalOf(platform, error) }
    : code === ""
    ? { kind: "failed" as const, reason: `${limitsOf(platform).label} sent nothing back to work with.` }
    : await find(links, away, code);
  return { personaId, offerId: await offers.keep(sessionKey, personaId, platform, found) };
}

async function find(links: Links, away: Away, code: string): Promise<Found> {
  return away.platform === "x"
    ? await findByXCode(links.options, away, code)
    : await findByLinkedInCode(links.options, away, code);
}

/** RFC 6749, 4.1.2.1, and LinkedIn's own words. Anything else is not repeated: it comes from an address that anybody can write. */
function refusalOf(platform: OfferedPlatform, error: string): string {
  const { label } = limitsOf(platform);
  switch (error) {
    case "access_denied":
    case "user_cancelled_authorize":
    case "user_cancelled_login":
      return `No leave was given on ${label}. Nothing was connected.`;
    case "unauthorized_scope_error":
    case "invalid_scope":
      return `${label} does not let this app ask for all that is needed: look at the products of the app there.`;
    case "unauthorized_client":
      return `${label} does not take this app for this: look at its settings there.`;
    case "temporarily_unavailable":
    case "server_error":
      return `${label} could not answer: try again in a moment.`;
    default:
      return `${label} refused, without a reason that is known here. Look at the settings of the app there.`;
  }
}

/** The app that the persona's connection there was made with. */
async function appBefore(
  links: Links,
  personaId: string,
  platform: OfferedPlatform,
): Promise<PlatformApp | null> {
  const existing = await links.existing(personaId, platform);
  const kept = existing === null ? null : await links.options.vault.get(connectionSecret(existing.id));
  if (kept === null) return null;
  return platform === "x" ? appOfXSecret(kept.value) : appOfLinkedInSecret(kept.value);
}

function settingsOf({ options }: Links, platform: OfferedPlatform) {
  return platform === "x" ? options.x : options.linkedIn;
}

const entryOf = (secret: string, sessionKey: string): OAuthEntry => ({ stage: "asked", secret, sessionKey });
