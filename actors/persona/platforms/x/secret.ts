/** What a connection to X keeps in the vault: opaque to all but this folder, and never part of an error. */

/** The keys of an app and of one account in it (OAuth 1.0a). They do not expire. */
export interface FourKeys {
  consumerKey: string;
  consumerSecret: string;
  accessToken: string;
  accessSecret: string;
}

/** What OAuth 2.0 gave for one account. */
export interface Grant {
  clientId: string;
  /** Null for an app that has none (a public client). */
  clientSecret: string | null;
  accessToken: string;
  /** Null where nobody agreed to `offline.access`: then access ends for good at `expiresAt`. */
  refreshToken: string | null;
  /** ms since the epoch. */
  expiresAt: number;
  scopes: string[];
}

export type XSecret = { kind: "oauth1" } & FourKeys | { kind: "oauth2" } & Grant;

const FOUR = ["consumerKey", "consumerSecret", "accessToken", "accessSecret"] as const;

/** Throws where the text was not made by `writeSecret`; never quotes it. */
export function readSecret(text: string): XSecret {
  const secret = checked(parse(text));
  if (secret === null) {
    throw new Error("the stored secret of this connection is not readable; link the account again");
  }
  return secret;
}

export function readableSecret(text: string): boolean {
  return checked(parse(text)) !== null;
}

/** Refuses to make a secret with anything missing, so that a good one is never overwritten by an empty one. */
export function writeSecret(secret: XSecret): string {
  const whole = checked({ ...secret });
  if (whole === null) throw new Error("a secret must not have anything missing or empty");
  return JSON.stringify(whole);
}

/** Every value that must not be seen, for taking it out of words that X sends back. */
export function confidential(secret: XSecret): string[] {
  if (secret.kind === "oauth1") return FOUR.map((name) => secret[name]);
  return [secret.accessToken, secret.refreshToken, secret.clientSecret].filter((value) => value !== null);
}

function checked(value: Record<string, unknown>): XSecret | null {
  const { kind, clientId, clientSecret, accessToken, refreshToken, expiresAt, scopes } = value;
  if (kind === "oauth1") {
    const [consumerKey, consumerSecret, token, accessSecret] = FOUR.map((name) => value[name]);
    if (!isKey(consumerKey) || !isKey(consumerSecret) || !isKey(token) || !isKey(accessSecret)) return null;
    return { kind, consumerKey, consumerSecret, accessToken: token, accessSecret };
  }
  if (kind !== "oauth2" || !isKey(clientId) || !isKey(accessToken)) return null;
  if (!(clientSecret === null || isKey(clientSecret))) return null;
  if (!(refreshToken === null || isKey(refreshToken))) return null;
  if (typeof expiresAt !== "number" || !Number.isFinite(expiresAt)) return null;
  if (!Array.isArray(scopes) || !scopes.every(isKey)) return null;
  return { kind, clientId, clientSecret, accessToken, refreshToken, expiresAt, scopes };
}

/** Longer than any token, and what a header takes. */
const MAX_KEY = 8_000;

export function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_KEY && /^[\x21-\x7e]+$/.test(value);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {};
}
