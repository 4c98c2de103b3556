import { type AdapterContext, type Failure, type PlatformAdapter, PlatformFailed } from "../port.ts";
import { REQUEST_DEADLINE_MS } from "./call.ts";
import { describeLinkedIn } from "./describe.ts";
import { findFacets } from "./facets.ts";
import { readMetrics } from "./metrics.ts";
import { WEB_ORIGIN } from "./oauth.ts";
import { poll } from "./poll.ts";
import { publish } from "./publish.ts";
import { reconcile } from "./reconcile.ts";
import { refresh } from "./refresh.ts";
import { remove } from "./remove.ts";
import { readSecret } from "./secret.ts";
import { Session } from "./session.ts";
import { findTarget } from "./target.ts";
import { checkVersion } from "./version.ts";

export interface LinkedInOptions {
  /** Of the API, `YYYYMM`. */
  version: string;
  /** Where tokens are renewed and pictures uploaded. @default WEB_ORIGIN */
  webOrigin?: string;
  /** Calls that LinkedIn allows an account a day; 0: not known, nothing is counted. @default 0 */
  callsADay?: number;
  /** Whether members are asked for leave to see how their posts do. @default false */
  memberAnalytics?: boolean;
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  /** For each request, its body included. @default REQUEST_DEADLINE_MS */
  deadlineMs?: number;
}

/**
 * LinkedIn behind the port. Needs `net` for `api.linkedin.com`, and to renew tokens and upload pictures for
 * `www.linkedin.com`. What is no attempt throws `PlatformFailed` where LinkedIn could not be asked. Throws `RangeError`
 * where the version is none.
 */
export function createLinkedInAdapter(options: LinkedInOptions): PlatformAdapter {
  const { webOrigin = WEB_ORIGIN, callsADay = 0, memberAnalytics = false } = options;
  const { now = Date.now, deadlineMs = REQUEST_DEADLINE_MS } = options;
  const version = checkVersion(options.version);
  const sessions = new Map<string, Session>();

  /** The session lives on from call to call; another secret (linked again) begins another one. */
  function sessionOf(context: AdapterContext): Session {
    const { connectionId } = context.account;
    const known = sessions.get(connectionId);
    if (known?.serves(context)) return known;
    const session = open(context);
    sessions.set(connectionId, session);
    return session;
  }

  /** A secret that is not whole, or of another account, is as good as none. */
  function open(context: AdapterContext): Session {
    try {
      return new Session(context, { version, webOrigin, now, deadlineMs, callsADay });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new PlatformFailed({ kind: "auth_dead", reason: error.message });
    }
  }

  return {
    prepare: (_context, texts) => Promise.resolve(texts.map(findFacets)),
    findTarget: async (context, id) => await findTarget(sessionOf(context), context, id),
    publish: (context, payload, before) =>
      outcomeOf(async () => await publish(sessionOf(context), context, payload, before)),
    reconcile: async (context, payload, looked) =>
      await reconcile(sessionOf(context), context, payload, looked),
    poll: async (context, cursor) => await poll(sessionOf(context), context, cursor),
    metrics: async (context, ids) => await readMetrics(sessionOf(context), context, ids),
    remove: (context, id) => outcomeOf(async () => await remove(sessionOf(context), context, id)),
    refresh: (context) => outcomeOf(async () => await refresh(sessionOf(context), context)),
    // Throws where the secret is not whole: there is nothing to describe.
    describe: ({ secret }) => describeLinkedIn(readSecret(secret), { version, memberAnalytics }, now()),
  };
}

async function outcomeOf<T>(act: () => Promise<T>): Promise<T | Failure> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof PlatformFailed) return error.outcome;
    throw error;
  }
}
