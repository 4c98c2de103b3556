/** From an approval to an outcome: the intent, its attempts, and what they came to. */
import type { Command } from "../commands.ts";
import { contentHash } from "../content.ts";
import { event } from "../events.ts";
import { freeze } from "../platforms/freeze.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Payload, Platform } from "../platforms/port.ts";
import { blocked, checkContent } from "../policy/policy.ts";
import type { ConnectionState, PersonaState, PostState } from "../state.ts";
import { reachable } from "../state.ts";
import { reasonOf } from "../text.ts";
import { answeredBy } from "./answered.ts";
import type { Context, Decide, Decision, Refused } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { limitEnd } from "./limit_end.ts";
import { measuredNoMore } from "./published.ts";
import {
  at,
  attempted,
  CHECK_DELAYS_MS,
  evidenceOf,
  FIRST_MEASURE_MS,
  heldBack,
  kept,
  newlyOut,
  notOut,
  verdictsOf,
} from "./attempts.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** ms within which a request that was given up arrives, if it ever does. */
const ARRIVES_LATE_MS = 60_000;
/** ms until the next attempt after one that did not leave; grows with the attempts. */
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000];

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
  let payload: Payload;
  try {
    payload = freeze(connection.platform, content, {
      now: context.now,
      approval,
      newTid: context.newTid,
      newId: context.newId,
    });
  } catch (error) {
    // What the rules let pass and its platform cannot be given: a person has to change it.
    if (!(error instanceof RangeError)) throw error;
    return refuse("invalid", `It cannot be sent like this: ${error.message}.`);
  }
  return decided(
    event("PublishRequested", { postId, contentHash: approval.contentHash, payload: behind(post, payload) }),
  );
}

/** What is out stays what it was sent as: the rest hangs below it, and is looked for there. What was tried keeps its keys. */
function behind({ frozen, sent }: PostState, { keys, records }: Payload): Payload {
  if (frozen === null) return { keys, records };
  const count = Math.min(sent.length, keys.length);
  return {
    keys: keys.map((key, part) => frozen.keys[part] ?? key),
    records: [...frozen.records.slice(0, count), ...records.slice(count)],
  };
}

/** Why a program's approval does not do. */
export const needsPerson = (platform: Platform): string =>
  `On ${limitsOf(platform).label} a person has to approve every post, in the console.`;

/** The approval under which the text may go out now, or why it may not. Asked again before each attempt. */
function leaveToSend(
  state: PersonaState,
  { approval, content, answering }: PostState,
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
  if (limitsOf(connection.platform).personApproves && approval.via !== "session") {
    return no("person_must_approve", needsPerson(connection.platform));
  }
  const answered = answeredBy(state, answering);
  const verdict = blocked(checkContent(content, state.identity, connection, context.policy, answered));
  return verdict === undefined
    ? { approval, content }
    : no("blocked_by_policy", verdict.message, verdict.rule);
}

/** Why what was planned for `at` (ms since the epoch) does not go out any more; null while it may. */
function tooLate(at: number, { now, slotGraceMs }: Context): string | null {
  const lateMs = now - at;
  return lateMs > slotGraceMs
    ? `It could not go out for ${Math.round(lateMs / 60_000)} minutes after its time.`
    : null;
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
  const late = tooLate(post.slot.at, context);
  if (late !== null) return decided(event("SlotMissed", { postId: post.id, reason: late }));
  const intent = publishIntent(state, post.id, context);
  if (!("refused" in intent)) return intent;
  return decided(heldBack(state, post, intent.refused.message, context));
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
  if ("refused" in leave) return decided(heldBack(state, post, leave.refused.message, context));
  // A thread of which a part is out goes on.
  const late = publish.slotAt === null || post.sent.length > 0 ? null : tooLate(publish.slotAt, context);
  if (late !== null) return decided(heldBack(state, post, late, context));
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
  if (outcome.kind === "sent") {
    return decided(
      event("PostPublished", {
        ...base,
        sent: kept(outcome.sent),
        how: "sent",
        measureAt: context.now + FIRST_MEASURE_MS,
      }),
      ...measuredNoMore(state),
    );
  }
  const out = newlyOut(post, outcome);
  const reason = reasonOf(outcome.reason);
  const defer = (until: number) =>
    notOut(state, post, event("PublishDeferred", { ...base, until, reason, ...out }), context);
  switch (outcome.kind) {
    case "rejected":
      // Found absent and sent again for that: with its key the first sending may arrive even now, as the same post.
      return decided(
        publish.repeats > 0 && limitsOf(post.platform).keyedWrites
          ? event("PublishUncertain", {
            ...base,
            reason: reasonOf(
              `It was refused: ${outcome.reason}. What was sent before that may still arrive.`,
            ),
            checks: 0,
            nextCheckAt: context.now + ARRIVES_LATE_MS,
            refused: reason,
            ...out,
          })
          : event("PublishRejected", { ...base, reason, ...out }),
      );
    case "uncertain":
      return decided(event("PublishUncertain", {
        ...base,
        reason,
        checks: 0,
        nextCheckAt: context.now + at(CHECK_DELAYS_MS, 0),
        ...out,
        ...evidenceOf(outcome),
      }));
    case "not_sent":
      return decided(...defer(context.now + at(RETRY_DELAYS_MS, publish.attempts - 1)));
    case "rate_limited":
      return decided(...defer(limitEnd(outcome.until, context.now)));
    case "out_of_credit":
      return decided(...defer(context.now + 3_600_000));
    case "auth_dead":
      return decided(
        event("ConnectionLost", { connectionId: post.connectionId, reason }),
        ...defer(context.now),
      );
    default:
      return outcome satisfies never;
  }
};

/** Leave to send was refused by a rule that looks beyond this persona: a person sees it. What is out of it stays known. */
export const holdBack: Decide<Of<"hold_back">> = (state, command, context) => {
  const open = attempted(state, command.postId, command.attempt);
  if (open === null || !open.publish.attemptOpen) {
    return refuse("wrong_status", "This post is not about to go out.");
  }
  const reason = command.verdicts.find((one) => one.level === "block")?.message ??
    "A rule speaks against it.";
  return decided(event("PostHeldBack", {
    postId: open.post.id,
    reason: reasonOf(reason),
    verdicts: [...verdictsOf(state, open.post, context), ...command.verdicts],
    ...newlyOut(open.post, { parts: command.sent }),
  }));
};
