import type { Outcome, Part, Payload, Reconciled, Sent } from "../port.ts";
import { REQUEST_DEADLINE_MS } from "./call.ts";
import { findFacets } from "./facets.ts";
import { WEB_ORIGIN } from "./oauth.ts";
import { poll, type Polled } from "./poll.ts";
import { publish } from "./publish.ts";
import { reconcile } from "./reconcile.ts";
import { type LinkedInContext, Session } from "./session.ts";
import { checkVersion } from "./version.ts";
import { type Metrics, readMetrics } from "./metrics.ts";
import { remove, type Removed } from "./remove.ts";

export { CallFailed } from "./session.ts";

export interface LinkedInOptions {
  /** Of the API, `YYYYMM`. */
  version: string;
  /** Where tokens are renewed. @default WEB_ORIGIN */
  webOrigin?: string;
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** For each request, its body included. @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

/** `poll` and `metrics` throw `CallFailed`, which carries an outcome, where LinkedIn could not be asked. */
export interface LinkedInAdapter {
  prepare(context: LinkedInContext, texts: string[]): Promise<Part[]>;
  publish(context: LinkedInContext, payload: Payload, before: Sent[]): Promise<Outcome>;
  reconcile(context: LinkedInContext, payload: Payload): Promise<Reconciled>;
  poll(context: LinkedInContext, cursor: string | null): Promise<Polled>;
  /** How a post did, by its URN; null where this connection may not know. */
  metrics(context: LinkedInContext, urn: string): Promise<Metrics | null>;
  /** Deletes a post or comment of ours by its URN; once more does no harm. */
  remove(context: LinkedInContext, urn: string): Promise<Removed>;
}

/** LinkedIn behind the port. Needs `net` for `api.linkedin.com`, and to renew tokens for `www.linkedin.com`. */
export function createLinkedInAdapter(options: LinkedInOptions): LinkedInAdapter {
  const { webOrigin = WEB_ORIGIN, now = Date.now, deadlineMs = REQUEST_DEADLINE_MS } = options;
  const version = checkVersion(options.version);
  const sessions = new Map<string, Session>();

  /** The session lives on from call to call; another secret (linked again) begins another one. */
  function sessionOf(context: LinkedInContext): Session {
    const { connectionId } = context.account;
    const known = sessions.get(connectionId);
    if (known?.serves(context)) return known;
    const session = new Session(context, { version, webOrigin, now, deadlineMs });
    sessions.set(connectionId, session);
    return session;
  }

  return {
    prepare: (_context, texts) => Promise.resolve(texts.map(findFacets)),
    publish: async (context, payload, before) => await publish(sessionOf(context), context, payload, before),
    reconcile: async (context, payload) => await reconcile(sessionOf(context), context, payload),
    poll: async (context, cursor) => await poll(sessionOf(context), context, cursor),
    metrics: async (context, urn) => await readMetrics(sessionOf(context), context, urn),
    remove: async (context, urn) => await remove(sessionOf(context), context, urn),
  };
}
