import { type AdapterContext, type Failure, type PlatformAdapter, PlatformFailed } from "../port.ts";
import { describe } from "./describe.ts";
import { findTarget } from "./lookup.ts";
import { metrics } from "./metrics.ts";
import { poll } from "./poll.ts";
import { prepare } from "./prepare.ts";
import { publish } from "./publish.ts";
import { reconcile } from "./reconcile.ts";
import { refresh } from "./refresh.ts";
import { remove } from "./remove.ts";
import { readableSecret } from "./secret.ts";
import { Session, type XOptions } from "./session.ts";

/** X behind the port. Needs `net` for `api.x.com` only. */
export function createXAdapter(options: XOptions = {}): PlatformAdapter {
  const sessions = new Map<string, Session>();

  /** The session lives on from call to call; another secret (linked again) begins another one. */
  function sessionOf(context: AdapterContext): Session {
    const { connectionId } = context.account;
    const known = sessions.get(connectionId);
    if (known?.serves(context)) return known;
    const session = new Session(context, options);
    sessions.set(connectionId, session);
    return session;
  }

  /** For what answers with an outcome and does not throw. */
  async function attempt<T>(
    context: AdapterContext,
    act: (session: Session) => Promise<T>,
  ): Promise<T | Failure> {
    return readableSecret(context.secret) ? await act(sessionOf(context)) : UNREADABLE;
  }

  /** For what throws where X could not be asked. */
  async function ask<T>(context: AdapterContext, act: (session: Session) => Promise<T>): Promise<T> {
    if (!readableSecret(context.secret)) throw new PlatformFailed(UNREADABLE);
    return await act(sessionOf(context));
  }

  return {
    prepare: (context, texts) => ask(context, (session) => prepare(session, context, texts)),
    findTarget: (context, id) => ask(context, (session) => findTarget(session, context, id)),
    publish: (context, payload, before) =>
      attempt(context, (session) => publish(session, context, payload, before)),
    reconcile: async (context, payload, looked) =>
      readableSecret(context.secret)
        ? await reconcile(sessionOf(context), context, payload, looked)
        : { kind: "unknown", reason: UNREADABLE.reason },
    poll: (context, cursor) => ask(context, (session) => poll(session, context, cursor)),
    metrics: (context, ids) => ask(context, (session) => metrics(session, context, ids)),
    remove: (context, id) => attempt(context, (session) => remove(session, context, id)),
    refresh: (context) => attempt(context, (session) => refresh(session, context)),
    describe,
  };
}

const UNREADABLE: Failure = {
  kind: "auth_dead",
  reason: "the stored credentials are not readable: link the account again",
};

/** The one that workers use. */
export const xAdapter = createXAdapter();
