/** One attempt to publish, and looking whether an earlier one went through. */
import { limitsOf } from "../platforms/limits.ts";
import type { Outcome, Payload, Reconciled, Sent } from "../platforms/port.ts";
import type { Verdict } from "../policy/policy.ts";
import type { ConnectionState, PersonaState, PostState } from "../state.ts";
import { reachable } from "../state.ts";
import type { EffectContext } from "./context.ts";
import { reportIfLost } from "./lost.ts";

/** The hard deadline of one part: past it the outcome is uncertain. */
const ATTEMPT_MS = 60_000;
/** What each of its pictures adds to that: a slow line must not keep a part from ever going out. */
const PICTURE_MS = 30_000;
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
  const attempted = await attemptOnce(context, post);
  await context.crashPoint("before-outcome");
  await context.submit(
    "outcome" in attempted
      ? { type: "outcome", postId, attempt, outcome: attempted.outcome }
      : { type: "hold_back", postId, attempt, verdicts: attempted.verdicts, sent: attempted.sent },
    { cause: post.lastEvent },
  );
}

/** What came of an attempt: an outcome, or rules that look further than this persona speak against it. */
type Attempted = { outcome: Outcome } | { verdicts: Verdict[]; sent: Sent[] };

/** One part after the other, each with leave of its own. */
async function attemptOnce(context: EffectContext, post: PostState): Promise<Attempted> {
  const connection = context.state().connections[post.connectionId];
  if (connection === undefined || post.publish === null) {
    return { outcome: { kind: "not_sent", reason: "the connection is gone" } };
  }
  const { payload } = post.publish;
  let parts = post.sent;
  for (;;) {
    const next = upTo(payload, parts.length + 1);
    const attempted = await sendPart(context, post, connection, next, parts);
    if (!("outcome" in attempted) || attempted.outcome.kind !== "sent") {
      return "outcome" in attempted ? { outcome: withParts(attempted.outcome, parts, post.sent) } : attempted;
    }
    const done = attempted.outcome.sent;
    if (done.length >= payload.keys.length) return attempted;
    if (done.length <= parts.length) throw new Error("the platform took a part and does not name it");
    parts = done;
  }
}

function upTo(payload: Payload, parts: number): Payload {
  return { keys: payload.keys.slice(0, parts), records: payload.records.slice(0, parts) };
}

/** What is out already is said with every outcome; where this attempt has sent something, it has not *not left*. */
function withParts(outcome: Outcome, parts: Sent[], before: Sent[]): Outcome {
  if (
    outcome.kind === "sent" || (outcome.parts?.length ?? 0) >= parts.length || parts.length === before.length
  ) {
    return outcome;
  }
  return { ...outcome, parts };
}

async function sendPart(
  context: EffectContext,
  post: PostState,
  connection: ConnectionState,
  payload: Payload,
  before: Sent[],
): Promise<Attempted> {
  const notSent = (reason: string): Attempted => ({ outcome: { kind: "not_sent", reason } });
  let sending = false;
  try {
    const pictures = post.content?.parts[before.length]?.media?.length ?? 0;
    return await context.within(ATTEMPT_MS + pictures * PICTURE_MS, async (signal): Promise<Attempted> => {
      const { adapter, at } = await context.platform(connection, signal);
      const limitedUntil = context.limits.mayAt(connection.connectionId, "publish", context.now());
      if (limitedUntil > context.now()) {
        const reason = `${limitsOf(connection.platform).label} takes no more for now`;
        return { outcome: { kind: "rate_limited", until: limitedUntil, reason } };
      }
      const leave = await askLeave(context, post, connection, signal);
      if (leave.against !== null) {
        return leave.verdicts.length > 0
          ? { verdicts: leave.verdicts, sent: before }
          : notSent(leave.against);
      }
      await context.crashPoint("after-permit");
      if (context.now() >= leave.until || signal.aborted) return notSent("the leave to send came too late");
      // Pictures go up first: nobody can see them before the part itself, for which leave is asked once more.
      sending = pictures === 0;
      const again = async () => {
        const { against } = await askLeave(context, post, connection, signal);
        sending = against === null;
        return against;
      };
      const outcome = await adapter.publish({ ...at, leave: again }, payload, before);
      await context.crashPoint("after-platform-accepted");
      return { outcome };
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return sending ? { outcome: { kind: "uncertain", reason } } : notSent(reason);
  }
}

/** The supervisor's leave for one writing call; `until` in ms since the epoch. */
async function askLeave(
  context: EffectContext,
  post: PostState,
  { platform }: ConnectionState,
  signal: AbortSignal,
): Promise<{ against: string | null; verdicts: Verdict[]; until: number }> {
  const askedAt = context.now();
  const permit = await context.askPermit(post.id, platform, "publish");
  const until = askedAt + permit.validMs;
  if (!permit.granted) return { against: permit.reason, verdicts: permit.verdicts, until };
  const against = haltOf(context, post.id) ??
    (signal.aborted || context.now() >= until ? "the leave to send came too late" : null);
  return { against, verdicts: [], until };
}

/** What came while the parts before were sent, and holds for the rest; null where nothing did. */
function haltOf(context: EffectContext, postId: string): string | null {
  const state = context.state();
  const post = state.posts[postId];
  if (state.life !== "active") return "The persona is not active any more.";
  if (post === undefined || !reachable(state, post)) return "The account of this post cannot be reached now.";
  const expired = post.approval === null || post.approval.expiresAt <= context.now();
  return expired ? "The approval has expired." : null;
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

/** What else of the persona is on this account. */
function othersOf(state: PersonaState, { id, connectionId }: PostState): Set<string> {
  return new Set(
    Object.values(state.posts)
      .filter((other) => other.id !== id && other.connectionId === connectionId)
      .flatMap((other) => other.sent.map((sent) => sent.id)),
  );
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
      const { sent, publish } = post;
      return await adapter.reconcile(at, payload, {
        before: sent,
        absentSince: publish?.absentSince ?? null,
        others: othersOf(context.state(), post),
      });
    });
  } catch (error) {
    if (await reportIfLost(context, connection, error)) return;
    result = { kind: "unknown", reason: error instanceof Error ? error.message : String(error) };
  }
  await context.submit({ type: "reconciled", postId, attempt: attempts, result }, { cause: post.lastEvent });
}
