import type { Answering } from "../events.ts";
import type { Answered } from "../policy/policy.ts";
import type { PersonaState } from "../state.ts";

/** What the rules may know of what a post answers; of what was forgotten, only that there is something. */
export function answeredBy(state: PersonaState, answering: Answering | null | undefined): Answered | null {
  if (answering == null) return null;
  const known = Object.hasOwn(state.interactions, answering.interactionId)
    ? state.interactions[answering.interactionId]
    : undefined;
  return known ?? { authorHash: null, kind: answering.kind, summons: true };
}
