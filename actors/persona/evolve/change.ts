/** What all folds are made of. */
import type { EventData, EventType } from "../events.ts";
import type { ConnectionState, PersonaState, PostState } from "../state.ts";
import { FINISHED, FINISHED_POSTS } from "../state.ts";

type Fold<T extends EventType> = (state: PersonaState, data: EventData[T], by: string) => PersonaState;
export type Folds<T extends EventType = EventType> = { [One in T]: Fold<One> };

/** Of a post that is not approved any more. */
export const back = { approval: null, publish: null } as const;

export function post(
  state: PersonaState,
  id: string,
  change: (post: PostState) => Partial<PostState>,
): PersonaState {
  const before = state.posts[id];
  if (before === undefined) return state;
  return forget({ ...state, posts: { ...state.posts, [id]: { ...before, ...change(before) } } });
}

export function connection(state: PersonaState, id: string, change: Partial<ConnectionState>): PersonaState {
  const before = state.connections[id];
  return before === undefined
    ? state
    : { ...state, connections: { ...state.connections, [id]: { ...before, ...change } } };
}

/** Parts of a thread that are newly known to be out. */
export function partly({ sent }: { sent?: PostState["sent"] }): Partial<PostState> {
  return sent === undefined ? {} : { sent };
}

/** Drops the oldest finished posts beyond the bound, but none of which something is still wanted: `due` has it, too. */
function forget(state: PersonaState): PersonaState {
  const finished = Object.values(state.posts).filter((one) =>
    FINISHED.has(one.status) && one.removeAt === null && one.measureAt === null
  );
  if (finished.length <= FINISHED_POSTS) return state;
  const posts = { ...state.posts };
  finished.sort((a, b) => a.ordinal - b.ordinal);
  for (const one of finished.slice(0, finished.length - FINISHED_POSTS)) delete posts[one.id];
  return { ...state, posts };
}
