/** In which app's name an account is asked for leave. */
import { type LinkRefused, refused } from "./answers.ts";
import type { PlatformApp } from "./options.ts";

/** What a person typed; either may be empty. */
export interface TypedApp {
  clientId: string;
  clientSecret: string;
}

/**
 * What was typed; where nothing was, the first that is known: the connection's own before the one of the settings. A
 * secret that was left empty is the one that is known for that client id, and never takes a known one's place.
 */
export function appOf(typed: TypedApp, known: (PlatformApp | null)[]): PlatformApp | LinkRefused {
  const apps = known.filter((app) => app !== null);
  const [clientId, clientSecret] = [typed.clientId.trim(), typed.clientSecret.trim()];
  if (clientId === "") {
    if (clientSecret !== "") {
      return refused("invalid", "Give the client id that this secret belongs to.", "clientId");
    }
    return apps[0] ?? refused("invalid", "Give the client id of your app.", "clientId");
  }
  if (clientSecret !== "") return { clientId, clientSecret };
  return apps.find((app) => app.clientId === clientId) ?? { clientId, clientSecret: null };
}
