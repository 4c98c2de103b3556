/** Accounts on LinkedIn: a member, or one of the pages that the member writes for, by leave given in the browser. */
import { connectLinkedIn } from "../../persona/platforms/linkedin/connect.ts";
import {
  ANALYTICS_SCOPE,
  authorizeUrl,
  MEMBER_SCOPES,
  PAGE_SCOPES,
} from "../../persona/platforms/linkedin/oauth.ts";
import { readSecret } from "../../persona/platforms/linkedin/secret.ts";
import { sentence } from "./answers.ts";
import type { Found } from "./offers.ts";
import type { LinkingOptions, PlatformApp } from "./options.ts";

/** Longest time for asking LinkedIn which accounts a leave opens. */
const ASK_MS = 60_000;

/** For whom leave is asked: LinkedIn lets an app ask for what its products hold only. */
export type LinkedInAs = "member" | "page";

/** Where the person is sent for leave. */
export function linkedInConsent(
  { linkedIn }: LinkingOptions,
  asked: { app: PlatformApp; redirectUri: string; state: string; as: LinkedInAs },
): string {
  const { app, redirectUri, state, as } = asked;
  const ofMember = linkedIn.memberAnalytics ? [...MEMBER_SCOPES, ANALYTICS_SCOPE] : MEMBER_SCOPES;
  const scopes = as === "page" ? PAGE_SCOPES : ofMember;
  return authorizeUrl({ clientId: app.clientId, redirectUri, scopes, state }, linkedIn.webOrigin);
}

/** From the code that LinkedIn sent back to the accounts that it opens. */
export async function findByLinkedInCode(
  { linkedIn, now }: LinkingOptions,
  asked: { app: PlatformApp; redirectUri: string },
  code: string,
): Promise<Found> {
  const { clientId, clientSecret } = asked.app;
  if (clientSecret === null) return { kind: "failed", reason: "The app's client secret is missing." };
  const connected = await connectLinkedIn({ clientId, clientSecret }, {
    code,
    redirectUri: asked.redirectUri,
  }, {
    version: linkedIn.version,
    memberAnalytics: linkedIn.memberAnalytics,
    apiOrigin: linkedIn.apiOrigin,
    webOrigin: linkedIn.webOrigin,
    now,
    signal: AbortSignal.timeout(ASK_MS),
  });
  if (connected.kind === "refused") return { kind: "failed", reason: sentence(connected.reason) };
  return {
    kind: "found",
    choices: connected.choices.map((
      { accountId, handle, role, service, secret, refused, may, missingScopes },
    ) => ({ accountId, handle, role, service, secret, refused, may, missingScopes })),
  };
}

/** The app of a connection, for connecting it again. */
export function appOfLinkedInSecret(text: string): PlatformApp | null {
  try {
    const { clientId, clientSecret } = readSecret(text);
    return { clientId, clientSecret };
  } catch {
    // A secret that cannot be read names no app: the person is asked for it.
    return null;
  }
}
