import type { MiddlewareHandler } from "hono";
import { expectedOrigin } from "./request.ts";
import type { AccessSettings } from "./settings.ts";

const POLICY = "content-security-policy";
const REFERRER = "referrer-policy";
const HSTS_SECONDS = 365 * 24 * 3_600;

/** Headers for every answer. `origin`: the one that people see, or null. Pure. */
export function securityHeaders(origin: string | null): Record<string, string> {
  const isHttps = origin?.startsWith("https:") === true;
  // Older Safari does not take 'self' to cover the socket.
  const socket = origin === null ? "" : ` ${origin.replace(/^http/, "ws")}`;
  return {
    [POLICY]: [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self'${socket}`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "x-content-type-options": "nosniff",
    // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
    [REFERRER]: "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    ...(isHttps ? { "strict-transport-security": `max-age=${HSTS_SECONDS}` } : {}),
  };
}

/** Adds them, and keeps answers that say nothing about it out of caches, so that nothing is left after log-out. */
export function addSecurityHeaders(settings: AccessSettings): MiddlewareHandler {
  return async (c, next) => {
    await next();
    // The answer to an upgrade is not a page, and its headers cannot be changed.
    if (c.res.status === 101) return;
    const origin = expectedOrigin(c.req.raw.headers, c.req.url, settings);
    for (const [name, value] of Object.entries(securityHeaders(origin))) {
      // What shows files from outside, or was sent a secret in its address, says a narrower policy itself.
      if ((name === POLICY || name === REFERRER) && c.res.headers.has(name)) continue;
      c.res.headers.set(name, value);
    }
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
  };
}
