/** What follows once a post is out: how it does, and taking it down. */
import type { Command } from "../commands.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import type { PersonaState, PostState } from "../state.ts";
import { FINISHED, leadsElsewhere, MEASURED_POSTS, reachable, REMOVING_POSTS } from "../state.ts";
import { reasonOf } from "../text.ts";
import type { Decide, Decision } from "./decision.ts";
import { decided, refuse } from "./decision.ts";
import { limitEnd } from "./limit_end.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** ms from one look at how a post does to the next: the first is an hour after it went out. */
const MEASURE_DELAYS_MS = [5, 18, 48, 96].map((hours) => hours * 3_600_000);
/** ms until a look that failed is repeated. */
const MEASURE_RETRY_MS = 3_600_000;
/** ms until the next try to delete; the last one is the end of it. */
const REMOVE_RETRY_MS = [2_000, 15_000, 60_000, 600_000, 3_600_000];

/** Also what is left of a thread that ended half-way. */
export const deletePost: Decide<Of<"delete_post">> = (state, { postId }) => {
  const post = state.posts[postId];
  if (post === undefined) return refuse("not_found", TOO_OLD, "postId");
  const out = post.status === "published" || (FINISHED.has(post.status) && post.sent.length > 0);
  if (!out || post.status === "deleted") {
    return refuse("wrong_status", `Only what is out can be deleted there; this post is ${post.status}.`);
  }
  // A person may have said that a thread is out of which not every part was found: only what is known could be deleted.
  const isPartlyKnown = post.status === "published" && post.sent.length < (post.content?.parts.length ?? 0);
  if (post.sent.length === 0 || isPartlyKnown) {
    return refuse("wrong_status", "Where all of it is on the platform is not known: delete it there.");
  }
  if (post.removeAt !== null) return refuse("wrong_status", "It is being deleted already.");
  if (state.connections[post.connectionId]?.linked !== true || leadsElsewhere(state, post)) {
    return refuse("no_connection", "Its account is not linked any more: delete it there.");
  }
  const waiting = Object.values(state.posts).filter((one) => one.removeAt !== null).length;
  if (waiting >= REMOVING_POSTS) {
    return refuse("too_many_posts", `${waiting} posts wait to be deleted already: wait for them first.`);
  }
  return decided(event("RemovalRequested", { postId }));
};

export const removed: Decide<Of<"removed">> = (state, { postId, result }, context) => {
  const post = state.posts[postId];
  if (post === undefined || post.removeAt === null) {
    return refuse("wrong_status", "Nobody wants this post deleted any more.");
  }
  if (result.kind === "removed") return decided(event("PostRemoved", { postId }));
  const reason = reasonOf(result.reason);
  const delay = REMOVE_RETRY_MS[post.removeFailures];
  const failed = (retryAt: number | null) => event("RemovalFailed", { postId, reason, retryAt });
  switch (result.kind) {
    case "rejected":
      return decided(failed(null));
    case "auth_dead":
      return decided(
        event("ConnectionLost", { connectionId: post.connectionId, reason }),
        failed(context.now),
      );
    case "rate_limited":
      return decided(
        failed(
          delay === undefined ? null : limitEnd(Math.max(result.until, context.now + delay), context.now),
        ),
      );
    default:
      return decided(failed(delay === undefined ? null : context.now + delay));
  }
};

export const measure: Decide<Of<"measure">> = (state, { postId }) => {
  const found = published(state, postId);
  if ("refused" in found) return found;
  if (found.post.sent.length === 0) {
    return refuse("wrong_status", "Where it is on the platform is not known: look there.");
  }
  if (!reachable(state, found.post)) {
    return refuse("no_connection", "Its account cannot be reached now: connect it again first.");
  }
  return decided(event("MeasureRequested", { postId }));
};

export const measured: Decide<Of<"measured">> = (state, { postId, measured }, context) => {
  const post = state.posts[postId];
  if (post === undefined || post.measureAt === null || post.status !== "published") {
    return refuse("wrong_status", "Nobody asks how this post does any more.");
  }
  const delay = measured.kind === "counted" ? MEASURE_DELAYS_MS[post.measures] : undefined;
  return decided(
    event("PostMeasured", { postId, measured, nextAt: delay === undefined ? null : context.now + delay }),
  );
};

/** The counts so far stay; it is asked again later, or not any more. */
export const notMeasured: Decide<Of<"not_measured">> = (state, { postId }, context) => {
  const post = state.posts[postId];
  if (post === undefined || post.measureAt === null || post.status !== "published") {
    return refuse("wrong_status", "Nobody asks how this post does any more.");
  }
  const again = post.measures < MEASURE_DELAYS_MS.length;
  return decided(event("PostMeasured", {
    postId,
    measured: null,
    nextAt: again ? context.now + MEASURE_RETRY_MS : null,
  }));
};

/** The oldest of which it is asked how they do make room for the one that is published now. */
export function measuredNoMore(state: PersonaState): PersonaEvent[] {
  const asked = Object.values(state.posts).filter((post) => post.measureAt !== null && post.removeAt === null)
    .sort((a, b) => a.ordinal - b.ordinal);
  return asked.slice(0, Math.max(0, asked.length - (MEASURED_POSTS - 1)))
    .map(({ id }) => event("PostMeasured", { postId: id, measured: null, nextAt: null }));
}

const TOO_OLD = "There is no such post, or it is too old.";

function published(
  state: PersonaState,
  postId: string,
): { post: PostState } | Extract<Decision, { refused: unknown }> {
  const post = state.posts[postId];
  const no = (code: "not_found" | "wrong_status", message: string, field?: string) => ({
    refused: { code, message, field },
  });
  if (post === undefined) return no("not_found", TOO_OLD, "postId");
  return post.status === "published"
    ? { post }
    : no("wrong_status", `Only a published post can be looked at there; this one is ${post.status}.`);
}
