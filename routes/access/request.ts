import { isIP } from "node:net";
import type { AccessSettings } from "./settings.ts";

/** Where a request came from and by which address it reached us. Pure. */

type Heads = Pick<Headers, "get">;
type OriginSettings = Pick<AccessSettings, "publicUrl" | "trustProxy">;

/**
 * The origin that people see in their address bar: `PUBLIC_URL`'s, or else the one the server was reached by. `url` is the
 * request's own. Null when the Host header is nonsense.
 */
export function expectedOrigin(headers: Heads, url: string, settings: OriginSettings): string | null {
  if (settings.publicUrl !== null) return new URL(settings.publicUrl).origin;
  // HTTP/2 has no Host header: there the URL holds it.
  const host = headers.get("host") ?? new URL(url).host;
  const scheme = settings.trustProxy && lastHop(headers.get("x-forwarded-proto")) === "https"
    ? "https"
    : "http";
  const origin = `${scheme}://${host}`;
  if (!/^[A-Za-z0-9.\-_:[\]]+$/.test(host) || !URL.canParse(origin)) return null;
  return new URL(origin).origin;
}

/**
 * The address of the client. Behind a trusted proxy it is the last hop of `X-Forwarded-For`, the one that our proxy wrote itself;
 * the hops before it are the client's own words. Without `TRUST_PROXY` it is the peer.
 */
export function clientAddress(headers: Heads, peer: string, settings: OriginSettings): string {
  if (!settings.trustProxy) return peer;
  const hop = lastHop(headers.get("x-forwarded-for")) ?? "";
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  return isIP(bare) === 0 ? peer : bare;
}

function lastHop(value: string | null): string | undefined {
  return value?.split(",").at(-1)?.trim().toLowerCase();
}

export interface CrossSiteQuestion {
  method: string;
  headers: Heads;
  /** What `expectedOrigin` says. */
  origin: string | null;
  /** Does the request carry a living session? */
  hasSession: boolean;
  /** A plain form of our own (log-in, set-up, recovery): it cannot send the header. */
  isPlainForm: boolean;
}

export interface CrossSiteFault {
  code: "cross_site" | "header_missing";
  detail: string;
}

/** Sends a browser only from our own pages: another site can make it neither without asking us first. */
export const OWN_HEADER = "X-Digi-Persona";

/**
 * Why a request must be taken for one that another site made the browser send; null when it is fine. Not for bearer tokens, which no
 * browser adds by itself.
 */
export function crossSiteFault(question: CrossSiteQuestion): CrossSiteFault | null {
  const { method, headers, origin, hasSession, isPlainForm } = question;
  const isUpgrade = headers.get("upgrade")?.toLowerCase() === "websocket";
  const isSafe = ["GET", "HEAD", "OPTIONS"].includes(method);
  if (isSafe && !isUpgrade) return null;

  const from = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (from !== null) {
    if (origin === null || from !== origin) return crossSite(from, origin);
  } else if (site !== null) {
    if (site !== "same-origin" && site !== "none") return crossSite(`a ${site} page`, origin);
  } else if (hasSession) {
    return { code: "cross_site", detail: "A request with a session must say its Origin." };
  }

  const hasHeader = headers.get(OWN_HEADER) === "1" || headers.get("hx-request") === "true";
  if (!hasSession || isUpgrade || isPlainForm || hasHeader) return null;
  return {
    code: "header_missing",
    detail: `A request with a session must have the header \`${OWN_HEADER}: 1\` or \`HX-Request: true\`.`,
  };
}

function crossSite(from: string, origin: string | null): CrossSiteFault {
  const here = origin ?? "an address it does not understand";
  return {
    code: "cross_site",
    detail: `This request comes from ${printable(from)}, but digi-persona answers at ${here}. ` +
      "If that is the address you use, set PUBLIC_URL to it.",
  };
}

function printable(text: string): string {
  return text.slice(0, 200).replace(/[^\x20-\x7e]/g, "?");
}
