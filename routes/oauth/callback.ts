/**
 * Where platforms send a person's browser back to, with a code in the address. Nothing is answered there but the way to
 * an address without it: what came of it waits on a page of its own, to be confirmed.
 */
import { type Context, Hono } from "hono";
import { authorize } from "../access/authorize.ts";
import { originOf, principalOf, sessionOf } from "../access/middleware.ts";
import type { Program } from "../program.ts";
import { route } from "../route.ts";

const PLATFORMS = ["x", "linkedin"] as const;
type OAuthPlatform = typeof PLATFORMS[number];

/** Says that a way back led nowhere, and no more: an address may be anybody's. */
export const NOT_CONNECTED = "/connections/not-connected";

/** Path of the page on which a person confirms what a platform answered. */
export const confirmPath = (personaId: string, offerId: string): string =>
  `/personas/${personaId}/connections/confirm/${offerId}`;

/** What a person gives the platform as the address to send browsers back to; it follows `PUBLIC_URL`. Null: not known. */
export function callbackAddress(c: Context, platform: OAuthPlatform): string | null {
  const origin = originOf(c);
  return origin === null ? null : `${origin}/oauth/${platform}/callback`;
}

/** `report` is told of what went wrong here; it is never told the address. */
export function oauthRoutes(program: Program, report: (error: unknown) => void): Hono {
  const app = new Hono();
  for (const platform of PLATFORMS) {
    // Open, and judged inside: the guard would take the address, and the code in it, along to the log-in page.
    route(app, "GET", `/oauth/${platform}/callback`, "public", async (c) => {
      c.header("referrer-policy", "no-referrer");
      return c.redirect(
        await wayOn(c, program, platform).catch((error) => {
          // The page for failures would stand under this address, and keep the code in the browser's history.
          report(error);
          return NOT_CONNECTED;
        }),
        303,
      );
    });
  }
  return app;
}

async function wayOn(c: Context, program: Program, platform: OAuthPlatform): Promise<string> {
  const session = sessionOf(c);
  const taken = session === null ? null : await program.connections.takeLeave({
    platform,
    sessionKey: session.key,
    state: only(c, "state"),
    code: only(c, "code"),
    error: only(c, "error"),
    mayConnect: (personaId) => authorize(principalOf(c), "persona.connect", personaId).allowed,
  });
  return taken === null ? NOT_CONNECTED : confirmPath(taken.personaId, taken.offerId);
}

/** A parameter that came once; empty where it came never, or several times. */
function only(c: Context, name: string): string {
  const values = c.req.queries(name) ?? [];
  return values.length === 1 ? values[0] ?? "" : "";
}
