/** Accounts on X: by leave given in the browser (OAuth 2.0 with PKCE), or by four keys (OAuth 1.0a). */
import type { Failure } from "../../persona/platforms/port.ts";
import { loadAdapter } from "../../persona/platforms/registry.ts";
import { connectX } from "../../persona/platforms/x/connect.ts";
import { consentUrl, exchangeCode, revoke } from "../../persona/platforms/x/oauth2.ts";
import { type FourKeys, readableSecret, readSecret, type XSecret } from "../../persona/platforms/x/secret.ts";
import { type LinkAnswer, refused, sentence } from "./answers.ts";
import { type Links, senderOf, type Standing } from "./links.ts";
import type { Found } from "./offers.ts";
import type { LinkingOptions, PlatformApp } from "./options.ts";

/** Longest time for asking X who an account is. */
const ASK_MS = 30_000;

/** Longest time for telling X that a leave ends: a person waits for it. */
const END_MS = 5_000;

/** The four keys, for programs. */
export interface XCredentials extends Standing, FourKeys {
  /** The account that has to answer, with or without `@`. */
  handle?: string;
  replace?: boolean;
}

export async function linkX(
  links: Links,
  personaId: string,
  by: string,
  credentials: XCredentials,
  commandId?: string,
): Promise<LinkAnswer> {
  const { consumerKey, consumerSecret, accessToken, accessSecret, handle, replace = false, ...rest } =
    credentials;
  const { disclose, operatedBy, kind } = rest;
  const sender = senderOf(by, commandId, {
    personaId,
    platform: "x",
    disclose,
    replace,
    ...(handle === undefined ? {} : { handle }),
    ...(operatedBy === undefined ? {} : { operatedBy }),
    ...(kind === undefined ? {} : { kind }),
  });
  const earlier = await links.earlier(sender);
  if (earlier !== null) return earlier;
  const unready = await links.firstStep(personaId, by, credentials);
  if (unready !== null) return unready;
  const found = await findByKeys(links.options, { consumerKey, consumerSecret, accessToken, accessSecret });
  if (found.kind === "failed") return refused("invalid", found.reason, "accessToken");
  const [account] = found.choices;
  if (account === undefined) throw new Error("X answered without an account");
  if (handle !== undefined && plain(handle) !== plain(account.handle)) {
    return refused(
      "invalid",
      `These keys are of @${account.handle}, not of @${handle.trim().replace(/^@/, "")}.`,
      "handle",
    );
  }
  return await links.linkReal(personaId, sender, "x", account, replace);
}

/** Whose the four keys are. Throws nothing that quotes them. */
export async function findByKeys(options: LinkingOptions, keys: FourKeys): Promise<Found> {
  const tidy = {
    consumerKey: keys.consumerKey.trim(),
    consumerSecret: keys.consumerSecret.trim(),
    accessToken: keys.accessToken.trim(),
    accessSecret: keys.accessSecret.trim(),
  };
  if (Object.values(tidy).some((key) => !/^[\x21-\x7e]{1,300}$/.test(key))) {
    return { kind: "failed", reason: "Give all four keys, without spaces." };
  }
  return await whose(options, { kind: "oauth1", ...tidy });
}

/** Where the person is sent for leave. */
export async function xConsent(
  { x }: LinkingOptions,
  asked: { app: PlatformApp; redirectUri: string; state: string; verifier: string },
): Promise<string> {
  const { app, redirectUri, state, verifier } = asked;
  return await consentUrl(
    { clientId: app.clientId, redirectUri, state, verifier },
    `${x.webOrigin}/i/oauth2/authorize`,
  );
}

/** From the code that X sent back to the account that gave leave. */
export async function findByXCode(
  options: LinkingOptions,
  asked: { app: PlatformApp; redirectUri: string; verifier: string },
  code: string,
): Promise<Found> {
  const { app, redirectUri, verifier } = asked;
  const granted = await exchangeCode(app, { code, redirectUri, verifier }, {
    service: options.x.apiOrigin,
    now: options.now ?? Date.now,
    signal: AbortSignal.timeout(ASK_MS),
  });
  if (granted.kind !== "granted") return failed(granted);
  return await whose(options, { kind: "oauth2", ...granted.grant });
}

/** The app of a connection, for connecting it again. */
export function appOfXSecret(text: string): PlatformApp | null {
  const secret = readableSecret(text) ? readSecret(text) : null;
  return secret?.kind === "oauth2" ? { clientId: secret.clientId, clientSecret: secret.clientSecret } : null;
}

async function whose(options: LinkingOptions, secret: XSecret): Promise<Found> {
  const connected = await connectX(secret, {
    service: options.x.apiOrigin,
    now: options.now,
    signal: AbortSignal.timeout(ASK_MS),
  });
  if (connected.kind !== "connected") return failed(connected);
  const { accountId, handle, service, spent } = connected;
  const account = { connectionId: "", platform: "x" as const, accountId, handle, service };
  const { version, webOrigin } = options.linkedIn;
  const adapter = await loadAdapter("x", { linkedIn: { version, webOrigin } });
  const { may, missingScopes } = adapter.describe({ account, secret: connected.secret });
  return {
    kind: "found",
    choices: [{
      accountId,
      handle,
      service,
      secret: connected.secret,
      spent,
      role: null,
      refused: may.post === false ? `the leave to post is missing (${missingScopes.join(", ")})` : null,
      may,
      missingScopes,
    }],
  };
}

/** Tells X that the leave ends. Where it does not hear it, the leave stands there until a person takes it back. */
export async function endLeave(service: string, secret: string, links: Links): Promise<Failure | null> {
  if (!readableSecret(secret)) return null;
  const kept = readSecret(secret);
  if (kept.kind === "oauth1") return null;
  return await revoke(kept, { service, now: () => links.now(), signal: AbortSignal.timeout(END_MS) });
}

const failed = ({ reason }: Failure): Found => ({ kind: "failed", reason: sentence(reason) });

const plain = (handle: string): string => handle.trim().replace(/^@/, "").toLowerCase();
