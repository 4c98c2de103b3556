/** OAuth 1.0a (RFC 5849) with HMAC-SHA1, for requests whose body is not signed: JSON, or none. */
import type { FourKeys } from "./secret.ts";

export interface Signing {
  /** The address as X knows it, its query included. */
  url: string;
  method: string;
  /** ms since the epoch; X refuses what is off by more than some minutes. */
  at: number;
  /** Never the same twice. */
  nonce: string;
}

/** The `Authorization` header. */
export async function signedHeader(signing: Signing, keys: FourKeys): Promise<string> {
  const fields: [string, string][] = [
    ["oauth_consumer_key", keys.consumerKey],
    ["oauth_nonce", signing.nonce],
    ["oauth_signature_method", "HMAC-SHA1"],
    ["oauth_timestamp", String(Math.floor(signing.at / 1000))],
    ["oauth_token", keys.accessToken],
    ["oauth_version", "1.0"],
  ];
  const key = `${encoded(keys.consumerSecret)}&${encoded(keys.accessSecret)}`;
  const signature = await hmacSha1(key, signatureBase(signing, fields));
  const all = [...fields, ["oauth_signature", signature] as const];
  return `OAuth ${all.map(([name, value]) => `${name}="${encoded(value)}"`).join(", ")}`;
}

/** RFC 5849, 3.4.1. */
export function signatureBase({ url, method }: Pick<Signing, "url" | "method">, fields: [string, string][]) {
  const { origin, pathname, searchParams } = new URL(url);
  const pairs = [...searchParams, ...fields]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`);
  return `${method.toUpperCase()}&${encoded(origin + pathname)}&${encoded(pairs.join("&"))}`;
}

export async function hmacSha1(key: string, text: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, ["sign"]);
  const digest = await crypto.subtle.sign("HMAC", imported, encoder.encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
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
