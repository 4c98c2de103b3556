/** What is known of attempts to send, and what follows where one is proven not to be out. */
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import type { Partly, Sent } from "../platforms/port.ts";
import type { Verdict } from "../policy/policy.ts";
import { checkContent } from "../policy/policy.ts";
import type { PersonaState, PostState, PublishState } from "../state.ts";
import { leadsElsewhere } from "../state.ts";
import { storable } from "../text.ts";
import { answeredBy } from "./answered.ts";
import type { Context } from "./decision.ts";

/** ms until the n-th look at the platform after an attempt whose end is not known. */
export const CHECK_DELAYS_MS = [0, 2_000, 10_000, 60_000, 300_000, 1_800_000, 3_600_000];

/** ms from a post going out to the first look at how it does. */
export const FIRST_MEASURE_MS = 3_600_000;

/** Posts shown as what may be it. */
const MAX_EVIDENCE = 5;

export const at = (delays: number[], index: number): number =>
  delays[Math.min(index, delays.length - 1)] ?? 0;

/** Proven not to be out: it is tried again, unless the persona or the account that would say it is gone. */
export function notOut(
  state: PersonaState,
  post: PostState,
  proof: PersonaEvent,
  context: Context,
): PersonaEvent[] {
  if (state.life === "retired") return [proof, event("PostWithdrawn", { postId: post.id })];
  if (!leadsElsewhere(state, post)) return [proof];
  return [proof, heldBack(state, post, "The connection leads to another account now.", context)];
}

/** Back to a person, with what the rules say of it today. */
export function heldBack(
  state: PersonaState,
  post: PostState,
  reason: string,
  context: Context,
): PersonaEvent {
  return event("PostHeldBack", { postId: post.id, reason, verdicts: verdictsOf(state, post, context) });
}

export function verdictsOf(state: PersonaState, post: PostState, context: Context): Verdict[] {
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
export function newlyOut(post: PostState, { parts }: Partly): { sent?: Sent[] } {
  return parts === undefined || parts.length <= post.sent.length ? {} : { sent: kept(parts) };
}

export function evidenceOf({ evidence }: Partly): { evidence?: Sent[] } {
  return evidence === undefined || evidence.length === 0
    ? {}
    : { evidence: kept(evidence.slice(0, MAX_EVIDENCE)) };
}

export function kept(sent: Sent[]): Sent[] {
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
