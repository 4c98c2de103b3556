/**
 * The only messages that cross worker ↔ cell ↔ supervisor. Plain data, one JSON object a line, so that a cell may one
 * day be on another machine. A line is `<actor> <json>`; the cell stamps the actor, a worker cannot speak for another.
 */
import type { ForeignWords, NewEvent, Refusal } from "../wire.ts";
import type { Command, InternalCommand } from "./commands.ts";
import type { PersonaState } from "./state.ts";
import type { Fact } from "./evolve.ts";

/** Longest line in either direction, in characters. */
export const MAX_FRAME = 8 * 1024 * 1024;

/** The address of the cell itself. */
export const CELL = "-";

/** What an actor is told at its start. No secret is in it. */
export interface ActorSettings {
  approvalMs: number;
  slotGraceMs: number;
  /** Origin of the sandbox of this run. */
  sandboxOrigin: string;
  /** Everything of the writer but its key. */
  writer: { kind: "offline" } | { kind: "openai"; baseUrl: string; model: string; timeoutMs: number };
  /** Name of the crash point at which to halt, for the crash campaign only. */
  crashPoint: string | null;
}

/** Supervisor → worker. */
export type Down =
  | { t: "start"; personaId: string; settings: ActorSettings; snapshot: PersonaState | null }
  | { t: "replay"; facts: Fact[]; last: boolean }
  | { t: "deliver"; seq: number; commandId: string; command: Command; by: string; cause: string | null }
  | { t: "committed"; seq: number }
  /** Nothing was written; the actor drops what it had decided. */
  | { t: "aborted"; seq: number; reason: string }
  /** The answer to `askPermit`: leave to send once, for `validMs` from now. */
  | { t: "permit"; ask: number; granted: boolean; validMs: number; reason: string }
  | { t: "secret"; name: string; version: number; value: string }
  | { t: "secretKept"; ask: number; ok: boolean; version: number }
  /** Outward acts are stopped (`why`), or allowed again (null). */
  | { t: "held"; why: string | null }
  /** Say the state, then end. */
  | { t: "finish" };

/** Worker → supervisor. */
export type Up =
  | { t: "ready" }
  | { t: "live"; version: number }
  | { t: "decided"; seq: number; events: NewEvent[] }
  | { t: "refused"; seq: number; refusal: Refusal }
  /** A command of its own effects. `id` comes back as `commandId`. */
  | { t: "submit"; id: string; command: InternalCommand; cause: string | null; words: ForeignWords[] }
  | { t: "askPermit"; ask: number; postId: string }
  | { t: "keepSecret"; ask: number; name: string; version: number; value: string }
  | { t: "progress"; postId: string; text: string }
  /** Effects under way, and when it wants to be awake next (ms since the epoch). */
  | { t: "load"; running: number; nextAt: number | null }
  /** `state` is null where it has grown too large for a frame: the log alone is enough. */
  | { t: "snapshot"; version: number; state: PersonaState | null; final: boolean }
  /** It has come to the crash point that it was asked to halt at. */
  | { t: "crashPoint"; name: string }
  | { t: "note"; level: "info" | "error"; text: string };

/** Supervisor → cell. */
export type CellDown =
  | { t: "startWorker"; actor: string; hosts: string[] }
  | { t: "stopWorker"; actor: string };

/** Cell → supervisor. */
export type CellUp =
  | { t: "cellReady"; pid: number }
  | { t: "workerCrashed"; actor: string; reason: string; stack: string }
  | { t: "workerStopped"; actor: string };

/** One line of the wire. */
export function frame(actor: string, message: Down | Up | CellDown | CellUp): string {
  return `${actor} ${JSON.stringify(message)}\n`;
}

/** Splits a line into its actor and the JSON text behind it; null for what is no frame. */
export function addressed(line: string): { actor: string; json: string } | null {
  const space = line.indexOf(" ");
  return space <= 0 ? null : { actor: line.slice(0, space), json: line.slice(space + 1) };
}
