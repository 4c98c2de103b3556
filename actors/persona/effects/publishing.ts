/** One attempt to publish, and looking whether an earlier one went through. */
import type { Outcome, Reconciled } from "../platforms/port.ts";
import type { PostState } from "../state.ts";
import type { EffectContext } from "./context.ts";
import { reportIfLost } from "./lost.ts";

/** The hard deadline of one attempt: past it the outcome is uncertain. */
const ATTEMPT_MS = 30_000;
const RECONCILE_MS = 30_000;

/**
 * The attempt is an event before it starts, then the supervisor gives leave at the moment of sending, then it is sent,
 * then the outcome is an event. Whatever is cut short between leaves an open attempt, which is *uncertain*.
 */
export async function publishPost(context: EffectContext, postId: string): Promise<void> {
  const asked = context.state().posts[postId];
  if (asked === undefined) return;
  if (await context.submit({ type: "begin_attempt", postId }, { cause: asked.lastEvent }) !== "committed") {
    return;
  }
  const post = context.state().posts[postId];
  if (post?.publish == null) return;
  const attempt = post.publish.attempts;
  const outcome = await attemptOnce(context, post);
  await context.crashPoint("before-outcome");
  await context.submit({ type: "outcome", postId, attempt, outcome }, { cause: post.lastEvent });
}

async function attemptOnce(context: EffectContext, post: PostState): Promise<Outcome> {
  const connection = context.state().connections[post.connectionId];
  if (connection === undefined || post.publish === null) {
    return { kind: "not_sent", reason: "the connection is gone" };
  }
  const { payload } = post.publish;
  let sending = false;
  try {
    return await context.within(ATTEMPT_MS, async (signal): Promise<Outcome> => {
      const { adapter, at } = await context.platform(connection, signal);
      const askedAt = context.now();
      const permit = await context.askPermit(post.id, connection.platform);
      if (!permit.granted) return { kind: "not_sent", reason: permit.reason };
      await context.crashPoint("after-permit");
      if (context.now() - askedAt >= permit.validMs || signal.aborted) {
        return { kind: "not_sent", reason: "the leave to send came too late" };
      }
      sending = true;
      const outcome = await adapter.publish(at, payload, post.sent);
      await context.crashPoint("after-platform-accepted");
      return outcome;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: sending ? "uncertain" : "not_sent", reason };
  }
}

/** An attempt that a crash cut short: nobody knows whether it went out. */
export async function reportInterrupted(context: EffectContext, postId: string): Promise<void> {
  const post = context.state().posts[postId];
  if (post?.publish == null) return;
  await context.submit({
    type: "outcome",
    postId,
    attempt: post.publish.attempts,
    outcome: { kind: "uncertain", reason: "The persona stopped while this was being sent." },
  }, { cause: post.lastEvent });
}

export async function reconcilePost(context: EffectContext, postId: string): Promise<void> {
  const state = context.state();
  const post = state.posts[postId];
  const connection = post && state.connections[post.connectionId];
  if (post?.publish == null || connection === undefined) return;
  const { payload, attempts } = post.publish;
  let result: Reconciled;
  try {
    result = await context.within(RECONCILE_MS, async (signal) => {
      const { adapter, at } = await context.platform(connection, signal);
      return await adapter.reconcile(at, payload);
    });
  } catch (error) {
    if (await reportIfLost(context, connection, error)) return;
    result = { kind: "unknown", reason: error instanceof Error ? error.message : String(error) };
  }
  await context.submit({ type: "reconciled", postId, attempt: attempts, result }, { cause: post.lastEvent });
}
