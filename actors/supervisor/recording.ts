/** What a persona decided, written to the log, and how its command is answered. */
import type {
  CommandSeen,
  EventLog,
  ForeignWords,
  NewEvent,
  Refusal,
  StoredEvent,
} from "../../db/log/log.ts";
import { LogOverloaded } from "../../db/log/log.ts";
import type { Command } from "../persona/commands.ts";
import { hashJson } from "../persona/content.ts";
import { putAside } from "../persona/decide/dead_letters.ts";
import { doubted } from "../persona/decide/doubts.ts";
import { DEAD_LETTER_SCHEMA, event, EVENT_SCHEMA, type PersonaEvent } from "../persona/events.ts";
import { evolve } from "../persona/evolve.ts";
import { initialState, type PersonaState, STATE_SCHEMA } from "../persona/state.ts";
import { storableJson } from "../persona/text.ts";
import { type Clock, systemClock } from "../ports.ts";
import type { Letter } from "./mailbox.ts";
import type { CommandAnswer } from "./supervisor_port.ts";

/** Events that are folded at once: some milliseconds, in which nobody else gets on. */
const STATE_PAGE = 100;
/** Characters of the id of a command put aside. */
const LETTER_ID_LENGTH = 32;

/** Where in the log it goes. */
export interface Place {
  log: EventLog;
  stream: string;
  /** Version of the last event that the actor has folded. */
  version: number;
}

export type Recorded =
  | { kind: "committed"; events: StoredEvent[] }
  /** Another event came first: read again and decide again. */
  | { kind: "conflict"; version: number }
  /** Nothing was written; `trouble` is for the program's own log. */
  | { kind: "answered"; answer: CommandAnswer; trouble: string | null };

/** One decision in one append, with the answer's record where the caller chose the command's id. */
export async function recordDecision(place: Place, letter: Letter, events: NewEvent[]): Promise<Recorded> {
  if (events.length === 0 && letter.bodyHash === null) return { kind: "committed", events: [] };
  try {
    const result = await append(place, letter, events, null);
    if (result.kind === "committed" || result.kind === "conflict") return result;
    return { kind: "answered", answer: await notWritten(place.log, letter, result), trouble: null };
  } catch (error) {
    if (error instanceof LogOverloaded) {
      return {
        kind: "answered",
        answer: { kind: "overloaded", depth: 0, retryAfterMs: 1_000 },
        trouble: null,
      };
    }
    const answer: CommandAnswer = { kind: "unavailable", reason: "The program is stopping." };
    return { kind: "answered", answer, trouble: messageOf(error) };
  }
}

/** A refusal, kept where the same id may come again. */
export async function recordRefusal(
  place: Place,
  letter: Letter,
  refusal: Refusal,
): Promise<{ answer: CommandAnswer; trouble: string | null }> {
  const answer: CommandAnswer = { kind: "refused", commandId: letter.commandId, refusal, repeated: false };
  if (letter.bodyHash === null) return { answer, trouble: null };
  try {
    const result = await append(place, letter, [], refusal);
    if (result.kind === "committed" || result.kind === "conflict") return { answer, trouble: null };
    return { answer: await notWritten(place.log, letter, result), trouble: null };
  } catch (error) {
    const reason = "The refusal could not be recorded.";
    return { answer: { kind: "unavailable", reason }, trouble: messageOf(error) };
  }
}

/**
 * A command that made its persona stop twice is put aside, for all to see, and what waited for it is settled, in one append.
 * To be called while no worker runs: what it read until then does not hold these events. The persona's state is folded here,
 * by the same pure function as in its worker; the command's own rule, which is what failed, is not run.
 */
export async function recordDeadLetter(
  place: Place,
  letter: Letter,
  reason: string,
  clock: Pick<Clock, "now"> = systemClock,
): Promise<Written> {
  const { commandId, command, by, cause, crashes, words } = letter;
  const kept = storableJson(JSON.parse(JSON.stringify(command)) as Command);
  const failed = { commandId, command: kept, by, cause, reason, crashes };
  const { stream, version } = place;
  const newId = () => hashJson([stream, version, commandId]).slice(0, LETTER_ID_LENGTH);
  const ports = { now: clock.now(), newId };
  let trouble: string | null = null;
  try {
    const state = await stateOf(place.log, place.stream);
    const written = await appendOwn(place, putAside(state, failed, ports), commandId, words);
    if (written.trouble === null) return written;
    trouble = written.trouble;
  } catch (error) {
    trouble = messageOf(error);
  }
  // What cannot be stored or folded must not keep the rest from being recorded: that it failed, and why.
  const [alone] = putAside(initialState(place.stream), failed, ports);
  if (alone?.type !== "CommandDeadLettered") return { events: [], trouble };
  const without = event("CommandDeadLettered", { ...alone.data, command: null });
  const { events, trouble: again } = await appendOwn(place, [without], commandId);
  return { events, trouble: again ?? `${command.type} was put aside without being kept: ${trouble}` };
}

/**
 * A copy of the database was started: what may have gone out from the original is doubted. To be called before any worker
 * runs. Throws when it could not be written: then nothing may be taken up.
 */
export async function recordDoubt(
  log: EventLog,
  stream: string,
  reason: string,
  clock: Pick<Clock, "now"> = systemClock,
): Promise<void> {
  const state = await stateOf(log, stream);
  const events = doubted(state, reason, clock.now());
  if (events.length === 0) return;
  const { trouble } = await appendOwn({ log, stream, version: state.version }, events, null);
  if (trouble !== null) {
    throw new Error(`what may have gone out for ${stream} could not be doubted: ${trouble}`);
  }
}

/** `events` is empty where nothing could be written; `trouble` is for the program's own log. */
export interface Written {
  events: StoredEvent[];
  trouble: string | null;
}

/** Events of the supervisor itself. Should the stream have gone on, they stand behind what was added: they hold there as well. */
async function appendOwn(
  { log, stream, version }: Place,
  events: PersonaEvent[],
  cause: string | null,
  words: ForeignWords[] = [],
): Promise<Written> {
  const by = "system";
  const made: NewEvent[] = events.map(({ type, data }) => ({
    type,
    schema: type === "CommandDeadLettered" ? DEAD_LETTER_SCHEMA : EVENT_SCHEMA,
    data: data as unknown as NewEvent["data"],
    cause,
    correlation: (data as { postId?: string }).postId ?? cause,
  }));
  try {
    let result = await log.append({ stream, expectedVersion: version, by, events: made, words });
    if (result.kind === "conflict") {
      result = await log.append({ stream, expectedVersion: result.version, by, events: made, words });
    }
    if (result.kind === "committed") return { events: result.events, trouble: null };
    const why = result.kind === "invalid" ? `${result.field} ${result.reason}` : result.kind;
    return { events: [], trouble: `${events[0]?.type} could not be written: ${why}` };
  } catch (error) {
    return { events: [], trouble: messageOf(error) };
  }
}

/** The state of a persona as its log has it. Throws when the log cannot be read. */
async function stateOf(log: EventLog, stream: string): Promise<PersonaState> {
  const snapshot = await log.loadSnapshot(stream, STATE_SCHEMA);
  let state = snapshot === null ? initialState(stream) : snapshot.state as unknown as PersonaState;
  for (;;) {
    const events = await log.readStream(stream, state.version, STATE_PAGE);
    for (const one of events) state = evolve(state, one);
    if (events.length < STATE_PAGE) return state;
  }
}

/** The answer that a command got when it was given the first time. */
export async function answerOf(
  log: EventLog,
  commandId: string,
  { first, last, refusal }: Pick<CommandSeen, "first" | "last" | "refusal">,
): Promise<CommandAnswer> {
  if (refusal !== null) return { kind: "refused", commandId, refusal, repeated: true };
  if (first === null || last === null) return { kind: "committed", commandId, events: [], repeated: true };
  const events = await log.read(first - 1, Math.min(last - first + 1, 1_000));
  return { kind: "committed", commandId, events, repeated: true };
}

type Result = Awaited<ReturnType<EventLog["append"]>>;

function append(place: Place, letter: Letter, events: NewEvent[], refusal: Refusal | null): Promise<Result> {
  const { by, commandId, bodyHash, words } = letter;
  return place.log.append({
    stream: place.stream,
    expectedVersion: place.version,
    by,
    events,
    words: refusal === null ? words : [],
    command: bodyHash === null ? undefined : { scope: by, id: commandId, bodyHash, refusal },
  });
}

async function notWritten(
  log: EventLog,
  { commandId }: Letter,
  result: Exclude<Result, { kind: "committed" } | { kind: "conflict" }>,
): Promise<CommandAnswer> {
  if (result.kind === "id_reused") return { kind: "id_reused" };
  if (result.kind === "duplicate") return await answerOf(log, commandId, result.seen);
  const refusal = { code: "invalid", message: result.reason, field: result.field };
  return { kind: "refused", commandId, refusal, repeated: false };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
