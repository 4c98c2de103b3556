/** What a persona decided, written to the log, and how its command is answered. */
import type { CommandSeen, EventLog, NewEvent, Refusal, StoredEvent } from "../../db/log/log.ts";
import { LogOverloaded } from "../../db/log/log.ts";
import type { Letter } from "./mailbox.ts";
import type { CommandAnswer } from "./supervisor_port.ts";

/** Where in the log it goes. */
export interface Place {
  log: EventLog;
  stream: string;
  /** Version of the last event that the actor has folded. */
  version: number;
  /** Commands that wait behind this one: for who is told to come again. */
  waiting: number;
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

/** A command that made its persona stop twice is put aside, for all to see. */
export async function recordDeadLetter(
  { log, stream, version }: Place,
  { commandId, command }: Letter,
  reason: string,
): Promise<{ events: StoredEvent[]; trouble: string | null }> {
  const data = { commandId, command: command.type, reason };
  try {
    const result = await log.append({
      stream,
      expectedVersion: version,
      by: "system",
      events: [{ type: "CommandDeadLettered", schema: 1, data, cause: commandId }],
    });
    return { events: result.kind === "committed" ? result.events : [], trouble: null };
  } catch (error) {
    return { events: [], trouble: messageOf(error) };
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
