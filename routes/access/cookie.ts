import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SESSION_ABSOLUTE_MS } from "./sessions.ts";

const NAME = "digi-persona";

/** Under https the name itself (`__Host-`) keeps other hosts and plain http from setting it. */
function attributes(isHttps: boolean) {
  return {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isHttps,
    prefix: isHttps ? "host" : undefined,
  } as const;
}

export function readSessionCookie(c: Context, isHttps: boolean): string | undefined {
  return isHttps ? getCookie(c, NAME, "host") : getCookie(c, NAME);
}

export function setSessionCookie(c: Context, isHttps: boolean, id: string): void {
  setCookie(c, NAME, id, { ...attributes(isHttps), maxAge: SESSION_ABSOLUTE_MS / 1_000 });
}

export function clearSessionCookie(c: Context, isHttps: boolean): void {
  deleteCookie(c, NAME, attributes(isHttps));
}
