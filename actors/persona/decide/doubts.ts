/** A post that may have gone out: looking for it, and what a person says of it. */
import type { Command } from "../commands.ts";
import type { EventData, PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { limitsOf } from "../platforms/limits.ts";
import { sentAt } from "../platforms/address.ts";
import type { Partly } from "../platforms/port.ts";
import type { PersonaState } from "../state.ts";
import { leadsElsewhere, reachable } from "../state.ts";
import { reasonOf } from "../text.ts";
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
} from "./attempts.ts";
import type { Decide } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { measuredNoMore } from "./published.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Two looks that find nothing prove something only so far apart (X's lists lag): facts of the platforms. */
const SECOND_LOOK_MS = 61_000;

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
  if (result.kind === "unknown") return decided(lookAgain(result.reason, result));
  if (leadsElsewhere(state, post)) {
    return decided(
      lookAgain("The connection leads to another account now: whether it is out is for a person to say."),
    );
  }
  if (result.safeToRepeat && publish.refused !== null) {
    return decided(event("PublishRejected", { ...base, reason: publish.refused, ...newlyOut(post, result) }));
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
  const connection = state.connections[post.connectionId];
  const isKnown = post.sent.some(({ url }) => url === command.url);
  const given = command.url === undefined || connection === undefined || isKnown
    ? null
    : sentAt(command.url, connection);
  if (given !== null && "wrong" in given) return refuse("invalid", `The address ${given.wrong}.`, "url");
  if (command.outcome === "part_went_out") {
    const next = post.sent.length + 1;
    if (post.publish === null || post.publish.payload.keys.length <= next) {
      return refuse(
        "invalid",
        "No more than one part of it is in doubt: say whether it went out.",
        "outcome",
      );
    }
    if (given === null || given.id === given.url) {
      return refuse("invalid", `Where is part ${next}? The rest hangs below it: give its address.`, "url");
    }
    const part = { postId: post.id, attempt, sent: [...post.sent, given] };
    return post.publish.refused === null
      ? decided(...notOut(state, post, event("PublishFoundAbsent", part), context))
      : decided(event("PublishRejected", { ...part, reason: post.publish.refused }));
  }
  if (command.outcome === "went_out") {
    // What is known of the other parts of a thread stays known.
    const isNew = given !== null && !post.sent.some(({ id }) => id === given.id);
    const sent = isNew ? [...post.sent, given] : post.sent;
    const isNamed = sent.length > 0 && sent.every(({ id, url }) => id !== url);
    return decided(
      event("PostPublished", {
        postId: post.id,
        attempt,
        sent,
        how: "said_by_person",
        ...(isNamed ? { measureAt: context.now + FIRST_MEASURE_MS } : {}),
      }),
      ...(isNamed ? measuredNoMore(state) : []),
    );
  }
  if (post.publish?.refused != null) {
    return decided(event("PublishRejected", { postId: post.id, attempt, reason: post.publish.refused }));
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
