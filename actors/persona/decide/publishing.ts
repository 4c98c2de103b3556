/** From an approval to an outcome: the intent, its attempts, and what they came to. */
import type { Command } from "../commands.ts";
import { contentHash } from "../content.ts";
import type { EventData, PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { freeze } from "../platforms/freeze.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Partly, Payload, Platform, Sent } from "../platforms/port.ts";
import type { Verdict } from "../policy/policy.ts";
import { blocked, checkContent } from "../policy/policy.ts";
import type { ConnectionState, PersonaState, PostState, PublishState } from "../state.ts";
import { leadsElsewhere, reachable } from "../state.ts";
import { reasonOf, storable } from "../text.ts";
import { answeredBy } from "./answered.ts";
import type { Context, Decide, Decision, Refused } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { limitEnd } from "./limit_end.ts";
import { measuredNoMore } from "./published.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** ms until the n-th look at the platform after an attempt whose end is not known. */
const CHECK_DELAYS_MS = [0, 2_000, 10_000, 60_000, 300_000, 1_800_000, 3_600_000];
/** ms until the next attempt after one that did not leave; grows with the attempts. */
const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000];

/** Two looks that find nothing prove something only so far apart (X's lists lag): facts of the platforms. */
const SECOND_LOOK_MS = 61_000;
/** ms from a post going out to the first look at how it does. */
const FIRST_MEASURE_MS = 3_600_000;
/** Posts shown as what may be it. */
const MAX_EVIDENCE = 5;

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
      return decided(event("PublishRejected", { ...base, reason, ...out }));
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

export const reconciled: Decide<Of<"reconciled">> = (state, command, context) => {
  const open = attempted(state, command.postId, command.attempt);
  if (open === null || open.post.status !== "uncertain") {
    return refuse("wrong_status", "Nobody is in doubt about this attempt any more.");
  }
  const { post, publish } = open;
  const { result } = command;
  const base = { postId: post.id, attempt: command.attempt };
  const lookAgain = (
    reason: string,
    more: Pick<EventData["PublishUncertain"], "absentSince"> & Partly = {},
  ) =>
    event("PublishUncertain", {
      ...base,
      reason: reasonOf(reason),
      checks: publish.checks + 1,
      nextCheckAt: nextCheck(context.now, publish.checks + 1, more.absentSince ?? null),
      ...newlyOut(post, more),
      ...evidenceOf(more),
      ...(more.absentSince == null ? {} : { absentSince: more.absentSince }),
    });
  if (result.kind === "found") {
    return decided(
      event("PostPublished", {
        ...base,
        sent: kept(result.sent),
        how: "reconciled",
        measureAt: context.now + FIRST_MEASURE_MS,
      }),
      ...measuredNoMore(state),
    );
  }
  if (result.kind === "unknown") return decided(lookAgain(result.reason, { evidence: result.evidence }));
  if (leadsElsewhere(state, post)) {
    return decided(
      lookAgain("The connection leads to another account now: whether it is out is for a person to say."),
    );
  }
  // Without keys only the platform's own rule stands between a repetition and a second post: one is the most.
  const isSpent = publish.repeats > 0 && !limitsOf(post.platform).keyedWrites;
  if (result.safeToRepeat && isSpent) {
    return decided(lookAgain("It was sent again once, and is still not there: a person decides.", result));
  }
  if (result.safeToRepeat) {
    return decided(
      ...notOut(state, post, event("PublishFoundAbsent", { ...base, ...newlyOut(post, result) }), context),
    );
  }
  // Where a part has only now come to be seen, the next one may come yet: its absence begins now. No clock is trusted to go
  // forward only.
  const grew = (result.parts?.length ?? 0) > post.sent.length;
  return decided(lookAgain("It is not there so far.", {
    parts: result.parts,
    absentSince: grew ? context.now : Math.min(publish.absentSince ?? context.now, context.now),
  }));
};

/** A second look that proves something comes soon after the first has found nothing. */
function nextCheck(now: number, checks: number, absentSince: number | null): number {
  const usual = now + at(CHECK_DELAYS_MS, checks);
  return absentSince === null || absentSince + SECOND_LOOK_MS <= now
    ? usual
    : Math.min(usual, absentSince + SECOND_LOOK_MS);
}

export const checkAgain: Decide<Of<"check_again">> = (state, { postId }, context) => {
  const post = state.posts[postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (post.status !== "uncertain") {
    return refuse("wrong_status", `Only an uncertain post is looked for; this one is ${post.status}.`);
  }
  if (post.publish === null) {
    return refuse("wrong_status", "Nothing is known of how it would have gone out: look there yourself.");
  }
  const connection = state.connections[post.connectionId];
  if (connection === undefined || !reachable(state, post)) {
    return refuse("no_connection", "The account of this post cannot be reached now: connect it again first.");
  }
  return decided(event("PublishUncertain", {
    postId,
    attempt: post.publish.attempts,
    reason: "A person wants it looked for again.",
    checks: post.publish.checks,
    nextCheckAt: context.now,
    ...(post.publish.absentSince === null ? {} : { absentSince: post.publish.absentSince }),
  }));
};

export const resolve: Decide<Of<"resolve">> = (state, command, context) => {
  const post = state.posts[command.postId];
  if (post === undefined) return refuse("not_found", "There is no such post.", "postId");
  if (post.status !== "uncertain") {
    return refuse("wrong_status", `Only an uncertain post can be resolved; this one is ${post.status}.`);
  }
  const attempt = post.publish?.attempts ?? 0;
  if (command.outcome === "went_out") {
    const { url } = command;
    // What is known of the other parts of a thread stays known.
    const isNew = url !== undefined && !post.sent.some((one) => one.url === url);
    const sent = isNew ? [...post.sent, { id: url, url }] : post.sent;
    return decided(event("PostPublished", { postId: post.id, attempt, sent, how: "said_by_person" }));
  }
  if (post.publish !== null) {
    return decided(
      ...notOut(state, post, event("PublishFoundAbsent", { postId: post.id, attempt }), context),
    );
  }
  return decided(
    state.life === "retired"
      ? event("PostWithdrawn", { postId: post.id })
      : heldBack(state, post, "A person says that it did not go out.", context),
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
function notOut(state: PersonaState, post: PostState, proof: PersonaEvent, context: Context): PersonaEvent[] {
  if (state.life === "retired") return [proof, event("PostWithdrawn", { postId: post.id })];
  if (!leadsElsewhere(state, post)) return [proof];
  return [proof, heldBack(state, post, "The connection leads to another account now.", context)];
}

/** Back to a person, with what the rules say of it today. */
function heldBack(state: PersonaState, post: PostState, reason: string, context: Context): PersonaEvent {
  return event("PostHeldBack", { postId: post.id, reason, verdicts: verdictsOf(state, post, context) });
}

function verdictsOf(state: PersonaState, post: PostState, context: Context): Verdict[] {
  const connection = state.connections[post.connectionId];
  return connection === undefined || post.content === null ? post.verdicts : checkContent(
    post.content,
    state.identity,
    connection,
    context.policy,
    answeredBy(state, post.answering),
  );
}

/** Parts of a thread that are out and were not known to be: only ever more. */
function newlyOut(post: PostState, { parts }: Partly): { sent?: Sent[] } {
  return parts === undefined || parts.length <= post.sent.length ? {} : { sent: kept(parts) };
}

function evidenceOf({ evidence }: Partly): { evidence?: Sent[] } {
  return evidence === undefined || evidence.length === 0
    ? {}
    : { evidence: kept(evidence.slice(0, MAX_EVIDENCE)) };
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
