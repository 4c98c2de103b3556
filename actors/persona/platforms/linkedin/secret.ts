import { isAuthor } from "./urn.ts";

/** What a connection keeps in the vault: the application, what the member granted it, and whom it writes as. */
export interface LinkedInSecret {
  clientId: string;
  clientSecret: string;
  /** `urn:li:person:…` or `urn:li:organization:…`. */
  author: string;
  grant: Grant;
}

/** Times are ms since the epoch. */
export interface Grant {
  access: string;
  accessUntil: number;
  /** Only approved partners get one. */
  refresh: { token: string; until: number } | null;
  scopes: string[];
}

/** Throws where the text was not made by `writeSecret`; never quotes it. */
export function readSecret(text: string): LinkedInSecret {
  const value = parse(text);
  const secret = isObject(value) ? toSecret(value) : null;
  if (secret === null) {
    throw new Error("the stored secret of this connection is not readable; link the account again");
  }
  return secret;
}

/** Refuses to make a secret with anything missing, so that a good one is never overwritten by an empty one. */
export function writeSecret(secret: LinkedInSecret): string {
  const { clientId, clientSecret, author, grant } = secret;
  const whole = toSecret({ clientId, clientSecret, author, grant });
  if (whole === null) throw new Error("a secret must be whole");
  return JSON.stringify(whole);
}

function toSecret({ clientId, clientSecret, author, grant }: Record<string, unknown>): LinkedInSecret | null {
  if (!isText(clientId) || !isText(clientSecret) || !isText(author) || !isAuthor(author)) return null;
  if (!isObject(grant)) return null;
  const { access, accessUntil, refresh, scopes } = grant;
  if (!isText(access) || !isTime(accessUntil)) return null;
  if (!Array.isArray(scopes) || !scopes.every(isText)) return null;
  const kept = { clientId, clientSecret, author };
  if (refresh === null) return { ...kept, grant: { access, accessUntil, refresh, scopes } };
  if (!isObject(refresh) || !isText(refresh.token) || !isTime(refresh.until)) return null;
  const { token, until } = refresh;
  return { ...kept, grant: { access, accessUntil, refresh: { token, until }, scopes } };
}

/** Longer than any token, and what a header takes. */
const MAX_TOKEN = 8_000;

/** What can be sent as a token, or is the name of a scope. */
export function isToken(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TOKEN && /^[\x21-\x7e]+$/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
