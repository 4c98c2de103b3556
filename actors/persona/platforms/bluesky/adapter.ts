import type { AdapterContext, PlatformAdapter } from "../port.ts";
import { poll } from "./notifications.ts";
import { prepare } from "./prepare.ts";
import { publish, reconcile } from "./publish.ts";
import { Session } from "./session.ts";
import { REQUEST_DEADLINE_MS } from "./xrpc.ts";

export { CallFailed } from "./session.ts";

export interface BlueskyOptions {
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** For each request, its body included. @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

/**
 * Bluesky behind the port. Needs `net` for the PDS of its accounts only. `prepare` and `poll` throw `CallFailed`,
 * which carries an outcome, where the server could not be asked.
 */
export function createBlueskyAdapter(options: BlueskyOptions = {}): PlatformAdapter {
  const { now = Date.now, deadlineMs = REQUEST_DEADLINE_MS } = options;
  const sessions = new Map<string, Session>();

  /** The session lives on from call to call; another secret (linked again) begins another one. */
  function sessionOf(context: AdapterContext): Session {
    const { connectionId } = context.account;
    const known = sessions.get(connectionId);
    if (known?.serves(context)) return known;
    const session = new Session(context, { now, deadlineMs });
    sessions.set(connectionId, session);
    return session;
  }

  return {
    prepare: async (context, texts) => await prepare(sessionOf(context), context, texts),
    publish: async (context, payload, before) => await publish(sessionOf(context), context, payload, before),
    reconcile: async (context, payload) => await reconcile(sessionOf(context), context, payload),
    poll: async (context, cursor) => await poll(sessionOf(context), context, cursor),
  };
}

/** The one that workers use. */
export const blueskyAdapter = createBlueskyAdapter();
