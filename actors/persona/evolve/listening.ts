/** Folds of accounts, and of what is heard there. */
import type { EventData } from "../events.ts";
import type { ConnectionState, InteractionState, PersonaState } from "../state.ts";
import { ANSWERABLE, SEEN_INTERACTIONS } from "../state.ts";
import { connection, type Folds } from "./change.ts";

const ANSWERED_KINDS: ReadonlySet<string> = new Set(["mention", "reply", "quote"]);

export const LISTENING: Folds<
  | "ConnectionLinked"
  | "ConnectionUnlinked"
  | "ConnectionLost"
  | "ConnectionRestored"
  | "ConnectionCheckRequested"
  | "ConnectionChecked"
  | "InteractionReceived"
  | "PollCompleted"
  | "ListeningPaused"
> = {
  ConnectionLinked: (state, data) => ({
    ...state,
    interactions: heardBy(state, data),
    connections: {
      ...state.connections,
      [data.connectionId]: {
        ...data,
        health: "ok",
        linked: true,
        cursor: cursorFor(state.connections[data.connectionId], data.accountId),
        quietUntil: 0,
        checkAsked: false,
      },
    },
  }),
  ConnectionUnlinked: (state, data) =>
    connection(state, data.connectionId, { linked: false, checkAsked: false }),
  ConnectionLost: (state, data) => connection(state, data.connectionId, { health: "lost" }),
  ConnectionRestored: (state, data) => connection(state, data.connectionId, { health: "ok" }),
  ConnectionCheckRequested: (state, data) => connection(state, data.connectionId, { checkAsked: true }),
  ConnectionChecked: (state, data) => connection(state, data.connectionId, { checkAsked: false }),
  InteractionReceived: (state, data) => ({
    ...state,
    seen: [...state.seen, data.sourceHash].slice(-SEEN_INTERACTIONS),
    interactions: heard(state, data),
  }),
  PollCompleted: (state, data) =>
    connection(state, data.connectionId, { cursor: data.cursor, quietUntil: 0 }),
  ListeningPaused: (state, data) => connection(state, data.connectionId, { quietUntil: data.until }),
};

/** What was said to an account is not answered by another one. */
function heardBy(
  { connections, interactions }: PersonaState,
  { connectionId, accountId }: EventData["ConnectionLinked"],
): PersonaState["interactions"] {
  const before = connections[connectionId];
  if (before === undefined || before.accountId === accountId) return interactions;
  return Object.fromEntries(
    Object.entries(interactions).filter(([, one]) => one.connectionId !== connectionId),
  );
}

/** What can be answered, with the oldest beyond the bound left out. */
function heard(
  { interactions: known, version }: PersonaState,
  data: EventData["InteractionReceived"],
): PersonaState["interactions"] {
  if (!ANSWERED_KINDS.has(data.kind)) return known;
  const { interactionId: id, connectionId, kind, postId, wordsRef, saidAt } = data;
  const { summons = true, byBot = false, authorHash = null } = data;
  const one: InteractionState = {
    id,
    connectionId,
    kind,
    postId,
    wordsRef,
    saidAt,
    summons,
    byBot,
    authorHash,
    answeredBy: null,
    ordinal: version + 1,
  };
  const all = { ...known, [id]: one };
  const oldestFirst = Object.values(all).sort((a, b) => a.ordinal - b.ordinal);
  for (const old of oldestFirst.slice(0, -ANSWERABLE)) delete all[old.id];
  return all;
}

/** Where a poll ended holds for the account that was polled, not for another one. */
function cursorFor(before: ConnectionState | undefined, accountId: string): string | null {
  return before?.accountId === accountId ? before.cursor : null;
}
