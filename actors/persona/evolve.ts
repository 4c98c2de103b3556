/** state × event → state. Pure and total: an event that does not fit changes nothing but the version. */
import type { EventType } from "./events.ts";
import { type Folds, post } from "./evolve/change.ts";
import { DRAFTING } from "./evolve/drafting.ts";
import { LISTENING } from "./evolve/listening.ts";
import { PERSONA } from "./evolve/persona.ts";
import { PUBLISHING } from "./evolve/publishing.ts";
import { REVIEW } from "./evolve/review.ts";
import type { PersonaState } from "./state.ts";

/** The part of a stored event that folding needs. */
export interface Fact {
  id: string;
  type: string;
  version: number;
  by: string;
  data: unknown;
}

const FOLDS: Folds = { ...PERSONA, ...LISTENING, ...DRAFTING, ...REVIEW, ...PUBLISHING };

/** Every type of event that there is. */
export const EVENT_TYPES = Object.keys(FOLDS) as EventType[];

export function evolve(state: PersonaState, fact: Fact): PersonaState {
  const fold = Object.hasOwn(FOLDS, fact.type) ? FOLDS[fact.type as EventType] : undefined;
  const next = fold === undefined ? state : fold(state, fact.data as never, fact.by);
  return { ...traced(next, fact), version: fact.version };
}

/** Remembers the last event of a post: what its effects do next is caused by it. */
function traced(state: PersonaState, fact: Fact): PersonaState {
  const postId = (fact.data as { postId?: unknown } | null)?.postId;
  return typeof postId === "string" ? post(state, postId, () => ({ lastEvent: fact.id })) : state;
}
