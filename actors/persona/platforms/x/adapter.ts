import type { Interaction, Part, Payload, Sent } from "../port.ts";
import { type Metrics, metrics } from "./metrics.ts";
import { poll } from "./poll.ts";
import { publish } from "./publish.ts";
import { type Looked, reconcile } from "./reconcile.ts";
import { remove, type Removed } from "./remove.ts";
import { Session, type XOptions } from "./session.ts";
import type { XContext, XOutcome, XReconciled } from "./x_port.ts";

/** The port, and what X needs or gives besides. Where X could not be asked, all but the first two throw `PlatformFailed`. */
export interface XAdapter {
  publish(context: XContext, payload: Payload, before: Sent[]): Promise<XOutcome>;
  reconcile(context: XContext, payload: Payload, looked: Looked): Promise<XReconciled>;
  /** X finds links, names and tags by itself: a text is what it is. */
  prepare(context: XContext, texts: string[]): Promise<Part[]>;
  poll(
    context: XContext,
    cursor: string | null,
  ): Promise<{ interactions: Interaction[]; cursor: string | null }>;
  metrics(context: XContext, ids: string[]): Promise<Map<string, Metrics | null>>;
  /** Does not throw: a deletion has an outcome. */
  remove(context: XContext, id: string): Promise<Removed>;
}

/** X behind the port. Needs `net` for `api.x.com` only. */
export function createXAdapter(options: XOptions = {}): XAdapter {
  const sessions = new Map<string, Session>();

  /** The session lives on from call to call; another secret (linked again) begins another one. */
  function sessionOf(context: XContext): Session {
    const { connectionId } = context.account;
    const known = sessions.get(connectionId);
    if (known?.serves(context)) return known;
    const session = new Session(context, options);
    sessions.set(connectionId, session);
    return session;
  }

  return {
    publish: async (context, payload, before) => await publish(sessionOf(context), context, payload, before),
    reconcile: async (context, payload, looked) =>
      await reconcile(sessionOf(context), context, payload, looked),
    prepare: (_context, texts) => Promise.resolve(texts.map((text) => ({ text, facets: [] }))),
    poll: async (context, cursor) => await poll(sessionOf(context), context, cursor),
    metrics: async (context, ids) => await metrics(sessionOf(context), context, ids),
    remove: async (context, id) => await remove(sessionOf(context), context, id),
  };
}

/** The one that workers use. */
export const xAdapter = createXAdapter();
