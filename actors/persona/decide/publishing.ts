/** From an approval to an outcome: the intent, its attempts, and what they came to. */
import type { Command } from "../commands.ts";
import { contentHash } from "../content.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { freeze } from "../platforms/freeze.ts";
import type { Sent } from "../platforms/port.ts";
import { blocked, checkContent } from "../policy/policy.ts";
import type { ConnectionState, PersonaState, PostState, PublishState } from "../state.ts";
import { leadsElsewhere, reachable } from "../state.ts";
import { reasonOf, storable } from "../text.ts";
import type { Context, Decide, Decision, Refused } from "./decision.ts";
import { decided, refuse } from "./decision.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** ms until the n-th look at the platform after an attempt whose end is not known. */
const CHECK_DELAYS_MS = [0, 2_000, 10_000, 60_000, 300_000, 1_800_000, 3_600_000];
/** ms until the next attempt after one that did not leave; grows with the attempts. */
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000];

/** A platform that asks for more than this is asked again after it. */
const MAX_LIMIT_MS = 24 * 3_600_000;

const at = (delays: number[], index: number): number => delays[Math.min(index, delays.length - 1)] ?? 0;

export const publish: Decide<Of<"publish">> = (state, command, context) =>
  publishIntent(state, command.postId, context);

/** `PublishRequested` with the exact payload, or why not. Policy runs again here, on the text as it goes out. */
export function publishIntent(state: PersonaState, postId: string, context: Context): Decision {
  const post = state.posts[postId];
  const connection = post && state.connections[post.connectionId];
  if (post === undefined || connection === undefined) {
    return refuse("not_found", "There is no such post.", "postId");
  }
  if (post.status !== "approved" && post.status !== "scheduled") {
    return refuse("wrong_status", `Only an approved post can be published; this one is ${post.status}.`);
  }
  const leave = leaveToSend(state, post, connection, context);
  if ("refused" in leave) return leave;
  const { approval, content } = leave;
  return decided(event("PublishRequested", {
    postId,
    contentHash: approval.contentHash,
    payload: freeze(connection.platform, content, {
      createdAt: new Date(context.now).toISOString(),
      newTid: context.newTid,
      newId: context.newId,
    }),
  }));
}

/** The approval under which the text may go out now, or why it may not. Asked again before each attempt. */
function leaveToSend(
  state: PersonaState,
  { approval, content }: PostState,
  connection: ConnectionState,
  context: Context,
): { approval: NonNullable<PostState["approval"]>; content: NonNullable<PostState["content"]> } | {
  refused: Refused;
} {
  const no = (code: Refused["code"], message: string, field?: string) => ({
    refused: { code, message, field },
  });
  if (approval === null || content === null || approval.contentHash !== contentHash(content)) {
    return no("hash_mismatch", "The approval does not hold for this text: approve it again.");
  }
  if (approval.expiresAt <= context.now) {
    return no("wrong_status", "The approval has expired: submit it again.");
  }
  if (!connection.linked || connection.accountId !== content.accountId) {
    return no("no_connection", "The account that this was approved for is not linked any more.");
  }
  const verdict = blocked(checkContent(content, state.identity, connection));
  return verdict === undefined
    ? { approval, content }
    : no("blocked_by_policy", verdict.message, verdict.rule);
}

/** A slot has come: out it goes, or a person is told why it does not. */
export const goOut: Decide<Of<"go_out">> = (state, command, context) => {
  const post = state.posts[command.postId];
  if (post === undefined || post.slot === null || post.slot.at > context.now) {
    return refuse("wrong_status", "This post has no time that has come.");
  }
  if (post.status !== "scheduled") {
    return decided(event("SlotMissed", { postId: post.id, reason: "Its time came before it was approved." }));
  }
  const lateMs = context.now - post.slot.at;
  if (lateMs > context.slotGraceMs) {
    return decided(event("SlotMissed", {
      postId: post.id,
      reason: `It could not go out for ${Math.round(lateMs / 60_000)} minutes after its time.`,
    }));
  }
  const intent = publishIntent(state, post.id, context);
  if (!("refused" in intent)) return intent;
  return decided(heldBack(state, post, intent.refused.message));
};

export const beginAttempt: Decide<Of<"begin_attempt">> = (state, command, context) => {
  const post = state.posts[command.postId];
  const publish = post?.publish;
  if (post === undefined || publish == null || post.status !== "publishing" || publish.attemptOpen) {
    return refuse("wrong_status", "This post is not to be sent now.");
  }
  if (publish.notBefore > context.now) return refuse("wrong_status", "It is too early for the next attempt.");
  if (state.life !== "active") return refuse("persona_paused", "This persona is not active.");
  const connection = state.connections[post.connectionId];
  if (connection === undefined || !reachable(state, post)) {
    return refuse("no_connection", "The account of this post cannot be reached now.");
  }
  // It has waited, proven not to be out: what changed meanwhile counts.
  const leave = leaveToSend(state, post, connection, context);
  if ("refused" in leave) return decided(heldBack(state, post, leave.refused.message));
  return decided(event("PublishAttempted", { postId: post.id, attempt: publish.attempts + 1 }));
};

export const outcome: Decide<Of<"outcome">> = (state, command, context) => {
  const open = attempted(state, command.postId, command.attempt);
  if (open === null || !open.publish.attemptOpen) {
    return refuse("wrong_status", "This attempt has its outcome already.");
  }
  const { post, publish } = open;
  const { outcome } = command;
  const base = { postId: post.id, attempt: command.attempt };
  const defer = (until: number, reason: string) =>
    notOut(state, post, event("PublishDeferred", { ...base, until, reason: reasonOf(reason) }));
  switch (outcome.kind) {
    case "sent":
      return decided(event("PostPublished", { ...base, sent: kept(outcome.sent), how: "sent" }));
    case "rejected":
      return decided(event("PublishRejected", { ...base, reason: reasonOf(outcome.reason) }));
    case "uncertain":
      return decided(event("PublishUncertain", {
        ...base,
        reason: reasonOf(outcome.reason),
        checks: 0,
        nextCheckAt: context.now + at(CHECK_DELAYS_MS, 0),
      }));
    case "not_sent":
      return decided(...defer(context.now + at(RETRY_DELAYS_MS, publish.attempts - 1), outcome.reason));
    case "rate_limited":
      return decided(...defer(limitEnd(outcome.until, context.now), outcome.reason));
    case "out_of_credit":
      return decided(...defer(context.now + 3_600_000, outcome.reason));
    case "auth_dead":
      return decided(
        event("ConnectionLost", { connectionId: post.connectionId, reason: reasonOf(outcome.reason) }),
        ...defer(context.now, outcome.reason),
      );
    default:
      return outcome satisfies never;
  }
};

export const reconciled: Decide<Of<"reconciled">> = (state, command, context) => {
  const open = attempted(state, command.postId, command.attempt);
  if (open === null || open.post.status !== "uncertain") {
    return refuse("wrong_status", "Nobody is in doubt about this attempt any more.");
  }
  const { post, publish } = open;
  const { result } = command;
  const base = { postId: post.id, attempt: command.attempt };
  const lookAgain = (reason: string) =>
    event("PublishUncertain", {
      ...base,
      reason: reasonOf(reason),
      checks: publish.checks + 1,
      nextCheckAt: context.now + at(CHECK_DELAYS_MS, publish.checks + 1),
    });
  if (result.kind === "found") {
    return decided(event("PostPublished", { ...base, sent: kept(result.sent), how: "reconciled" }));
  }
  if (result.kind === "unknown") return decided(lookAgain(result.reason));
  if (leadsElsewhere(state, post)) {
    return decided(
      lookAgain("The connection leads to another account now: whether it is out is for a person to say."),
    );
  }
  return result.safeToRepeat
    ? decided(...notOut(state, post, event("PublishFoundAbsent", base)))
    : decided(lookAgain("It is not there; whether it may be repeated is for a person to say."));
};

export const resolve: Decide<Of<"resolve">> = (state, command) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (post.status !== "uncertain") {
    return refuse("wrong_status", `Only an uncertain post can be resolved; this one is ${post.status}.`);
  }
  const attempt = post.publish?.attempts ?? 0;
  if (command.outcome === "went_out") {
    const sent = command.url === undefined ? [] : [{ id: command.url, url: command.url }];
    return decided(event("PostPublished", { postId: post.id, attempt, sent, how: "said_by_person" }));
  }
  if (post.publish !== null) {
    return decided(...notOut(state, post, event("PublishFoundAbsent", { postId: post.id, attempt })));
  }
  return decided(
    state.life === "retired"
      ? event("PostWithdrawn", { postId: post.id })
      : heldBack(state, post, "A person says that it did not go out."),
  );
};

/** A copy of the database: what was due may have gone out from the original. */
export function doubted(state: PersonaState, reason: string, now: number): PersonaEvent[] {
  const due = Object.values(state.posts).filter((post) =>
    (post.status === "publishing" && post.publish !== null) ||
    (post.status === "scheduled" && post.slot !== null && post.slot.at <= now)
  );
  return due.map((post) =>
    event("PublishUncertain", {
      postId: post.id,
      attempt: post.publish?.attempts ?? 0,
      reason,
      checks: 0,
      nextCheckAt: post.publish === null ? 0 : now,
    })
  );
}

/** Proven not to be out: it is tried again, unless the persona or the account that would say it is gone. */
function notOut(state: PersonaState, post: PostState, proof: PersonaEvent): PersonaEvent[] {
  if (state.life === "retired") return [proof, event("PostWithdrawn", { postId: post.id })];
  if (!leadsElsewhere(state, post)) return [proof];
  return [proof, heldBack(state, post, "The connection leads to another account now.")];
}

/** Back to a person, with what the rules say of it today. */
function heldBack(state: PersonaState, post: PostState, reason: string): PersonaEvent {
  const connection = state.connections[post.connectionId];
  const verdicts = connection === undefined || post.content === null
    ? post.verdicts
    : checkContent(post.content, state.identity, connection);
  return event("PostHeldBack", { postId: post.id, reason, verdicts });
}

/** A platform's word on when to come back, within reason. */
function limitEnd(until: number, now: number): number {
  if (!Number.isFinite(until)) return now + at(RETRY_DELAYS_MS, 2);
  return Math.min(Math.max(Math.ceil(until), now + 1_000), now + MAX_LIMIT_MS);
}

function kept(sent: Sent[]): Sent[] {
  return sent.map(({ id, url }) => ({ id: storable(id), url: storable(url) }));
}

/** The post and its intent where `attempt` is the last one that was made. */
export function attempted(
  state: PersonaState,
  postId: string,
  attempt: number,
): { post: PostState; publish: PublishState } | null {
  const post = state.posts[postId];
  return post === undefined || post.publish === null || post.publish.attempts !== attempt
    ? null
    : { post, publish: post.publish };
}
