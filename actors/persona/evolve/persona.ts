/** Folds of what a persona is, and of what failed in its hands. */
import { emptyIdentity } from "../identity.ts";
import type { DeadLetter, PersonaState } from "../state.ts";
import { beyondBounds } from "../state.ts";
import { connection, type Folds } from "./change.ts";

const life = (value: PersonaState["life"]) => (state: PersonaState): PersonaState => ({
  ...state,
  life: value,
});

export const PERSONA: Folds<
  | "PersonaCreated"
  | "PersonaEdited"
  | "PersonaPaused"
  | "PersonaResumed"
  | "PersonaRetired"
  | "PersonaDeleted"
  | "CommandDeadLettered"
  | "DeadLetterRetried"
  | "DeadLetterDropped"
  | "ActorParked"
  | "ActorUnparked"
> = {
  PersonaCreated: (state, data) => ({
    ...state,
    life: data.paused ? "paused" : "active",
    // Those of before a field was there have its empty value.
    identity: { ...emptyIdentity, ...data.identity },
  }),
  PersonaEdited: (state, data) => ({ ...state, identity: { ...state.identity, ...data.changes } }),
  PersonaPaused: life("paused"),
  PersonaResumed: life("active"),
  PersonaRetired: life("retired"),
  PersonaDeleted: life("deleted"),
  CommandDeadLettered: (state, data) => {
    const { deadLetterId: id, command, crashes } = data;
    const before = Object.hasOwn(state.deadLetters, id) ? state.deadLetters[id] : undefined;
    const letter: DeadLetter = {
      id,
      command: command ?? before?.command ?? null,
      crashes: crashes + (before?.crashes ?? 0),
      ordinal: state.version + 1,
    };
    const deadLetters = { ...state.deadLetters, [id]: letter };
    for (const old of beyondBounds(deadLetters)) delete deadLetters[old];
    return { ...state, deadLetters };
  },
  DeadLetterRetried: (state, data) => withoutLetter(state, data.deadLetterId),
  DeadLetterDropped: (state, data) => withoutLetter(state, data.deadLetterId),
  ActorParked: (state) => state,
  ActorUnparked: (state) => state,
};

/** What kept a connection from being polled goes with its letter. */
function withoutLetter(state: PersonaState, id: string): PersonaState {
  const { [id]: letter, ...deadLetters } = state.deadLetters;
  const next = { ...state, deadLetters };
  return letter?.command?.type === "polled"
    ? connection(next, letter.command.connectionId, { quietUntil: 0 })
    : next;
}
