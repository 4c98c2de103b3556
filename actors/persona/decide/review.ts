/** Commands of a person who reviews: approve, reject, schedule, withdraw. */
import type { Command } from "../commands.ts";
import { event } from "../events.ts";
import { blocked, checkContent } from "../policy/policy.ts";
import { toInstant } from "../schedule/instant.ts";
import type { PersonaState, PostState } from "../state.ts";
import { answeredBy } from "./answered.ts";
import type { Context, Decide, Decision } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { limitsOf } from "../platforms/limits.ts";
import { needsPerson, publishIntent } from "./publishing.ts";
import { evolve } from "../evolve.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Nobody means to schedule further ahead. */
const MAX_AHEAD_MS = 366 * 24 * 3_600_000;

export const approve: Decide<Of<"approve">> = (state, command, context) => {
  const post = state.posts[command.postId];
  const connection = post && state.connections[post.connectionId];
  if (post === undefined || connection === undefined) {
    return refuse("not_found", "There is no such post.", "postId");
  }
  if (post.status !== "pending_review") {
    return refuse(
      "wrong_status",
      `Only a post that waits for review can be approved; this one is ${post.status}.`,
    );
  }
  if (post.content === null || post.contentHash === null || !post.prepared) {
    return refuse(
      "not_prepared",
      "The links and mentions of this text are still being looked up: try again in a moment.",
    );
  }
  if (command.contentHash !== post.contentHash) {
    return refuse("hash_mismatch", "The text has changed since you saw it: look at it again.", "contentHash");
  }
  if (!connection.linked || connection.accountId !== post.content.accountId) {
    return refuse("no_connection", "The account that this was written for is not linked any more.");
  }
  const via = context.by.startsWith("user:") ? "session" : "token";
  if (via !== "session" && limitsOf(connection.platform).personApproves) {
    return refuse("person_must_approve", needsPerson(connection.platform));
  }
  const answered = answeredBy(state, post.answering);
  const verdict = blocked(
    checkContent(post.content, state.identity, connection, context.policy, answered),
  );
  if (verdict !== undefined) return refuse("blocked_by_policy", verdict.message, verdict.rule);

  const approved = event("PostApproved", {
    postId: post.id,
    contentHash: post.contentHash,
    via,
    expiresAt: context.now + context.approvalMs,
    // Only a person can have seen what a rule found.
    ...(via === "session" && command.acknowledged !== undefined && command.acknowledged.length > 0
      ? { acknowledged: [...new Set(command.acknowledged)], seen: [...new Set(command.seen)] }
      : {}),
  });
  const after = evolve(state, { ...approved, id: "", version: state.version + 1, by: context.by });
  const next = following(after, post, command.then, context);
  return "refused" in next ? next : decided(approved, ...next.events);
};

/** What happens right after an approval: publish now, at a new time, at the slot that it had, or nothing. */
function following(
  state: PersonaState,
  post: PostState,
  then: Of<"approve">["then"],
  context: Context,
): Decision {
  if (then?.kind === "publish") return publishIntent(state, post.id, context);
  if (then?.kind === "schedule") {
    return schedule(state, { type: "schedule", postId: post.id, at: then.at, zone: then.zone }, context);
  }
  if (post.slot === null) return decided();
  if (post.slot.at > context.now + context.approvalMs) {
    return refuse(
      "invalid",
      "The approval would end before the time that is set: set an earlier time, or approve it later.",
      "at",
    );
  }
  const local = Temporal.Instant.fromEpochMilliseconds(post.slot.at).toZonedDateTimeISO(post.slot.zone)
    .toPlainDateTime().toString({ smallestUnit: "minute" });
  return post.slot.at > context.now
    ? decided(event("PostScheduled", { postId: post.id, ...post.slot, local }))
    : decided(event("SlotMissed", { postId: post.id, reason: "It was approved after its time." }));
}

export const reject: Decide<Of<"reject">> = (state, command) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (!["draft", "pending_review", "approved", "scheduled", "expired"].includes(post.status)) {
    return refuse("wrong_status", `A post that is ${post.status} cannot be rejected.`);
  }
  if (command.reason.trim() === "") {
    return refuse("invalid", "Say why, so that the next draft is better.", "reason");
  }
  return decided(event("PostRejected", { postId: post.id, reason: command.reason }));
};

export const schedule: Decide<Of<"schedule">> = (state, command, context) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (!["draft", "pending_review", "approved", "scheduled"].includes(post.status)) {
    return refuse("wrong_status", `A post that is ${post.status} cannot be scheduled.`);
  }
  const instant = toInstant(command.at, command.zone);
  if (!instant.ok) return refuse("invalid", instant.message, instant.field);
  if (instant.at <= context.now) {
    return refuse("in_the_past", `${command.at} (${command.zone}) is in the past.`, "at");
  }
  if (instant.at > context.now + MAX_AHEAD_MS) {
    return refuse("invalid", "That is more than a year ahead.", "at");
  }
  if (post.approval !== null && instant.at > post.approval.expiresAt) {
    return refuse(
      "invalid",
      "The approval ends before that time: schedule earlier, or submit it again later.",
      "at",
    );
  }
  return decided(
    event("PostScheduled", { postId: post.id, at: instant.at, zone: instant.zone, local: instant.local }),
  );
};

export const unschedule: Decide<Of<"unschedule">> = (state, command) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (post.slot === null) return refuse("wrong_status", "This post has no time set.");
  return decided(event("PostUnscheduled", { postId: post.id }));
};

export const withdraw: Decide<Of<"withdraw">> = (state, command) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (post.publish?.attemptOpen || post.status === "uncertain") {
    return refuse(
      "wrong_status",
      "This post may be on its way out already: it cannot be withdrawn any more.",
    );
  }
  if (["published", "rejected", "failed", "withdrawn", "deleted"].includes(post.status)) {
    return refuse("wrong_status", `A post that is ${post.status} cannot be withdrawn.`);
  }
  return decided(event("PostWithdrawn", { postId: post.id }));
};

export const expire: Decide<Of<"expire">> = (state, command, context) => {
  const post = state.posts[command.postId];
  const due = post?.approval != null && post.approval.expiresAt <= context.now &&
    (post.status === "approved" || post.status === "scheduled");
  return due && post !== undefined
    ? decided(event("ApprovalExpired", { postId: post.id }))
    : refuse("wrong_status", "No approval of this post ends now.");
};
