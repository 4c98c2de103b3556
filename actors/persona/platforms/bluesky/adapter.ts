import { type AdapterContext, type Failure, type PlatformAdapter, PlatformFailed } from "../port.ts";
import { describe } from "./describe.ts";
import { metrics } from "./metrics.ts";
import { poll } from "./notifications.ts";
import { prepare } from "./prepare.ts";
import { publish } from "./publish.ts";
import { reconcile } from "./reconcile.ts";
import { refresh } from "./refresh.ts";
import { remove } from "./remove.ts";
import { Session } from "./session.ts";
import { findTarget } from "./target.ts";
import { REQUEST_DEADLINE_MS } from "./xrpc.ts";

export { CallFailed } from "./session.ts";

export interface BlueskyOptions {
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** For each request, its body included. @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

/**
 * Bluesky behind the port. Needs `net` for the PDS of its accounts only. `prepare`, `findTarget`, `poll` and `metrics`
 * throw `PlatformFailed`, which carries an outcome, where the server could not be asked.
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

  /** For what does not throw: a secret that cannot be read is an outcome as well. */
  async function outcomeOf<T>(
    context: AdapterContext,
    use: (session: Session) => Promise<T>,
  ): Promise<T | Failure> {
    try {
      return await use(sessionOf(context));
    } catch (error) {
      if (error instanceof PlatformFailed) return error.outcome;
      throw error;
    }
  }

  return {
    prepare: async (context, texts) => await prepare(sessionOf(context), context, texts),
    findTarget: async (context, id) => await findTarget(sessionOf(context), context, id),
    publish: (context, payload, before) =>
      outcomeOf(context, (session) => publish(session, context, payload, before)),
    reconcile: async (context, payload, looked) =>
      await reconcile(sessionOf(context), context, payload, looked),
    poll: async (context, cursor) => await poll(sessionOf(context), context, cursor),
    metrics: async (context, ids) => await metrics(sessionOf(context), context, ids),
    remove: (context, id) => outcomeOf(context, (session) => remove(session, context, id)),
    refresh: (context) => outcomeOf(context, (session) => refresh(session, context)),
    describe,
  };
}

/** The one that workers use. */
export const blueskyAdapter = createBlueskyAdapter();
