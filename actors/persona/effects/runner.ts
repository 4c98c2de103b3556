/**
 * What has to be done, read from the state alone: so that a restart takes up exactly what has no outcome, and nothing
 * else. Pure.
 */
import type { PersonaState, PostState } from "../state.ts";
import { leadsElsewhere, reachable } from "../state.ts";

/** Something to do for a post, now or at `at` (ms since the epoch). */
export interface Wanted {
  kind:
    | "compose"
    | "prepare"
    | "publish"
    | "interrupted"
    | "reconcile"
    | "slot"
    | "expiry"
    | "remove"
    | "measure";
  postId: string;
  at: number;
}

/** Everything that the state asks for, in the order in which posts were begun. */
export function wantedEffects(state: PersonaState): Wanted[] {
  if (state.life === "none" || state.life === "deleted") return [];
  return Object.values(state.posts)
    .sort((a, b) => a.ordinal - b.ordinal)
    .flatMap((post) => wantedFor(state, post));
}

function wantedFor(state: PersonaState, post: PostState): Wanted[] {
  const connection = state.connections[post.connectionId];
  const usable = connection !== undefined && connection.linked && connection.health === "ok";
  const active = state.life === "active";
  const want = (kind: Wanted["kind"], at: number): Wanted => ({ kind, postId: post.id, at });
  const wanted: Wanted[] = [];
  const toWrite = post.writing.state === "asked" || post.writing.state === "writing";
  if (post.status === "draft" && toWrite && state.life !== "retired") wanted.push(want("compose", 0));
  const readable = ["draft", "pending_review", "expired"].includes(post.status);
  if (readable && post.content !== null && !post.prepared && usable) {
    wanted.push(want("prepare", post.prepareAt));
  }
  if (post.status === "publishing" && post.publish !== null) {
    if (post.publish.attemptOpen) wanted.push(want("interrupted", 0));
    else if (active && reachable(state, post)) wanted.push(want("publish", post.publish.notBefore));
  }
  // 0: no check is due, a person decides.
  if (
    post.status === "uncertain" && post.publish !== null && post.publish.notBefore > 0 &&
    reachable(state, post)
  ) {
    wanted.push(want("reconcile", post.publish.notBefore));
  }
  if (post.slot !== null && active) wanted.push(want("slot", post.slot.at));
  const lapses = post.approval !== null && (post.status === "approved" || post.status === "scheduled");
  if (lapses && post.approval !== null) wanted.push(want("expiry", post.approval.expiresAt));
  if (usable && !leadsElsewhere(state, post)) {
    if (post.removeAt !== null) wanted.push(want("remove", post.removeAt));
    if (post.measureAt !== null && active) wanted.push(want("measure", post.measureAt));
  }
  return wanted;
}
