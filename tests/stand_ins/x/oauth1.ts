/** OAuth 1.0a (RFC 5849) with HMAC-SHA1: signing, and the strict reading of what a client signed. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { UserKeys, World } from "./world.ts";

/** How far a signed request's clock may be off, in ms; a nonce is remembered for as long. */
const MAX_SKEW_MS = 5 * 60_000;

export interface SignedRequest {
  method: string;
  /** As it was sent: path and query. */
  path: string;
  /** Fields of a form (`application/x-www-form-urlencoded`); a JSON or multipart body is not signed. */
  form: [string, string][];
}

export interface FourKeys {
  consumerKey: string;
  consumerSecret: string;
  accessToken: string;
  accessSecret: string;
}

/** RFC 5849 §3.4.1.1: method, address without query, and all parameters, sorted and encoded. */
export function signatureBase(origin: string, request: SignedRequest, oauth: [string, string][]): string {
  const url = new URL(request.path, origin);
  const parameters = [...formPairs(url.search.slice(1)), ...request.form, ...oauth]
    .filter(([name]) => name !== "oauth_signature" && name !== "realm")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const address = `${url.origin.toLowerCase()}${url.pathname}`;
  return `${request.method.toUpperCase()}&${encoded(address)}&${encoded(parameters)}`;
}

export function signatureOf(base: string, consumerSecret: string, tokenSecret: string): string {
  const key = `${encoded(consumerSecret)}&${encoded(tokenSecret)}`;
  return createHmac("sha1", key).update(base).digest("base64");
}

/** The `Authorization` header of a request, as a right client makes it. `at` in ms since the epoch. */
export function signedHeader(
  origin: string,
  request: SignedRequest,
  keys: FourKeys,
  at: number,
  nonce: string,
): string {
  const oauth: [string, string][] = [
    ["oauth_consumer_key", keys.consumerKey],
    ["oauth_nonce", nonce],
    ["oauth_signature_method", "HMAC-SHA1"],
    ["oauth_timestamp", String(Math.floor(at / 1000))],
    ["oauth_token", keys.accessToken],
    ["oauth_version", "1.0"],
  ];
  const signature = signatureOf(
    signatureBase(origin, request, oauth),
    keys.consumerSecret,
    keys.accessSecret,
  );
  const fields = [...oauth, ["oauth_signature", signature] as const];
  return `OAuth ${fields.map(([name, value]) => `${name}="${encoded(value)}"`).join(", ")}`;
}

/** The keys that signed this request, or what is wrong. The reason names no secret. */
export function verifySigned(world: World, request: SignedRequest, header: string): UserKeys | string {
  const oauth = parsedHeader(header);
  if (typeof oauth === "string") return oauth;
  const value = (name: string) => oauth.find(([field]) => field === name)?.[1] ?? "";
  if (value("oauth_signature_method") !== "HMAC-SHA1") return "oauth_signature_method is not HMAC-SHA1";
  if (!["", "1.0"].includes(value("oauth_version"))) return "oauth_version is not 1.0";
  if (value("oauth_consumer_key") !== world.app.consumerKey) return "oauth_consumer_key is unknown";
  const keys = world.userKeys.get(value("oauth_token"));
  if (keys === undefined) return "oauth_token is unknown or dead";
  const timestamp = value("oauth_timestamp");
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) return "oauth_timestamp is no number of seconds";
  if (Math.abs(Number(timestamp) * 1000 - world.now()) > MAX_SKEW_MS) {
    return "oauth_timestamp is out of bounds";
  }
  const nonce = value("oauth_nonce");
  if (nonce === "") return "oauth_nonce is missing";
  const base = signatureBase(world.signedOrigin, request, oauth);
  const expected = signatureOf(base, world.app.consumerSecret, keys.accessSecret);
  if (!sameText(expected, value("oauth_signature"))) return "oauth_signature does not match";
  if (!rememberNonce(world, `${timestamp} ${nonce} ${keys.accessToken}`)) {
    return "oauth_nonce was used before";
  }
  return keys;
}

function rememberNonce(world: World, nonce: string): boolean {
  const now = world.now();
  for (const [old, until] of world.nonces) {
    if (until > now) break; // In the order in which they were added, so all that follow are younger.
    world.nonces.delete(old);
  }
  if (world.nonces.has(nonce)) return false;
  world.nonces.set(nonce, now + 2 * MAX_SKEW_MS);
  return true;
}

const FIELD = /^\s*([A-Za-z_]+)="([^"]*)"\s*$/;

function parsedHeader(header: string): [string, string][] | string {
  const fields: [string, string][] = [];
  for (const part of header.replace(/^OAuth\s+/, "").split(",")) {
    const field = FIELD.exec(part);
    if (field === null) return "the Authorization header is malformed";
    const [, name = "", raw = ""] = field;
    if (fields.some(([known]) => known === name)) return `${name} is there twice`;
    try {
      fields.push([name, decodeURIComponent(raw)]);
    } catch {
      return `${name} is not percent-encoded`;
    }
  }
  return fields;
}

/** Pairs of a query or form, where `+` is a space. */
export function formPairs(text: string): [string, string][] {
  return [...new URLSearchParams(text)];
}

/** RFC 3986: only letters, digits and `-._~` stay. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
