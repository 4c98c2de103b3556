/**
 * The only messages that cross worker ↔ cell ↔ supervisor. Plain data, one line each, so that a cell may one day be on
 * another machine. A line is `<address> <frame>`: the address is one life of one actor, stamped by the cell, so that a worker
 * cannot speak for another, nor for its own successor; the frame is that of `../link.ts`. The cell itself, at the address
 * `CELL`, is spoken to in bare JSON.
 */
import type { ForeignWords, Json, NewEvent, Refusal } from "../wire.ts";
import type { Command, InternalCommand } from "./commands.ts";
import type { PersonaState } from "./state.ts";
import type { Fact } from "./evolve.ts";
import type { ArmedFault } from "./fault.ts";
import type { LimitWindow, Noted, Platform } from "./platforms/port.ts";
import type { Verdict as PolicyVerdict } from "./policy/policy.ts";

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
  /** As LinkedIn's adapter takes it: the version of the API, where tokens are renewed, what is allowed and asked for. */
  linkedIn: { version: string; webOrigin: string; callsADay?: number; memberAnalytics?: boolean };
  /** Whether a picture must have an alt text. */
  requireAltText: boolean;
  /** Everything of the writer but its key. */
  writer: { kind: "offline" } | { kind: "openai"; baseUrl: string; model: string; timeoutMs: number };
  /** Name of the crash point at which to halt, for the crash campaign only. */
  crashPoint: string | null;
  /** A fault to show, for the tests of supervision only. */
  fault: ArmedFault | null;
}

/** What of this persona may not go out: what goes to `platform` (null: any), and of it the one post (null: each). */
export interface Hold {
  platform: Platform | null;
  postId: string | null;
}

/** Supervisor → worker. */
export type Down =
  /** `listen`: it was woken to look at its platforms, and does so at once. */
  | {
    t: "start";
    personaId: string;
    epoch: number;
    settings: ActorSettings;
    snapshot: PersonaState | null;
    listen: boolean;
  }
  | { t: "replay"; facts: Fact[]; last: boolean }
  | { t: "deliver"; seq: number; commandId: string; command: Command; by: string; cause: string | null }
  | { t: "committed"; seq: number }
  /** Nothing was written; the actor drops what it had decided. */
  | { t: "aborted"; seq: number; reason: string }
  /** The answer to `askPermit`: leave of the writer of this epoch to send once, for `validMs` from now. */
  | {
    t: "permit";
    ask: number;
    epoch: number;
    granted: boolean;
    validMs: number;
    reason: string;
    /** What the rules that look beyond one persona have against it: it goes back to a person. */
    verdicts: PolicyVerdict[];
  }
  /** Foreign words of its own that it asked for; null for what is not there any more. */
  | { t: "words"; ask: number; words: (Json | null)[] }
  /** A picture's bytes in base64; null where there is none. */
  | { t: "media"; ask: number; base64: string | null }
  /** What is known of a connection's limits, at the start, and when it was spoken to last (ms since the epoch). */
  | { t: "windows"; connectionId: string; windows: LimitWindow[]; lastAt: number | null }
  | { t: "secret"; name: string; version: number; value: string }
  | { t: "secretKept"; ask: number; ok: boolean; version: number }
  /** What may not go out from now on; anything else may. */
  | { t: "held"; stops: Hold[] }
  /** Begin no effect any more: it is to end when those under way have. */
  | { t: "rest" }
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
  /** Leave to send a part of a post, or to delete it. */
  | { t: "askPermit"; ask: number; postId: string; platform: Platform; what: "publish" | "delete" }
  | { t: "askWords"; ask: number; refs: string[] }
  | { t: "askMedia"; ask: number; sha256: string }
  /** What an adapter took note of. */
  | { t: "noted"; connectionId: string; noted: Noted }
  | { t: "keepSecret"; ask: number; name: string; version: number; value: string }
  | { t: "progress"; postId: string; text: string }
  /** Effects under way; when it wants to be awake next, and when it looks at its platforms next (ms since the epoch). */
  | { t: "load"; running: number; nextAt: number | null; listenAt: number | null }
  /** `state` is null where it has grown too large for a frame: the log alone is enough. */
  | { t: "snapshot"; version: number; state: PersonaState | null; final: boolean }
  /** It has come to the crash point that it was asked to halt at. */
  | { t: "crashPoint"; name: string }
  | { t: "note"; level: "info" | "error"; text: string };

/** Supervisor → cell. */
export type CellDown =
  | { t: "startWorker"; address: string; hosts: string[] }
  | { t: "stopWorker"; address: string };

/** Why a cell wants to be ended because of one of its workers. */
export type Verdict = "worker_silent" | "flood" | "protocol";

/** One worker as its cell knows it. Bytes are of its own isolate; `sent` and `taken` are the counters of its link. */
export interface WorkerBeat {
  address: string;
  heapBytes: number;
  externalBytes: number;
  /** ms since it was heard. */
  silentMs: number;
  sent: number;
  taken: number;
}

/** Cell → supervisor. */
export type CellUp =
  | { t: "cellReady"; pid: number }
  /** Every `BEAT_MS`: the cell's own loop goes round. */
  | { t: "beat"; rssBytes: number; workers: WorkerBeat[] }
  /** The worker has ended by an error of its own. */
  | { t: "workerCrashed"; address: string; reason: string; stack: string }
  /** This worker cannot be ended without the cell. */
  | { t: "judged"; address: string; verdict: Verdict; detail: string };

/** ms between two signs of life: of a worker to its cell, and of a cell to main. */
export const BEAT_MS = 1_000;

/** What a worker says to its cell alone: `! <heap bytes> <external bytes> <sent> <taken>`. */
export const BEAT = "!";

/** One line of the wire; `frame` is a link's frame, or JSON for the cell itself. */
export function line(address: string, frame: string): string {
  return `${address} ${frame}\n`;
}

/** Splits a line into its address and what is behind it; null for what is no line of ours. */
export function addressed(line: string): { address: string; frame: string } | null {
  const space = line.indexOf(" ");
  return space <= 0 ? null : { address: line.slice(0, space), frame: line.slice(space + 1) };
}

/** The address of one life of an actor. */
export function addressOf(personaId: string, life: number): string {
  return `${personaId}.${life}`;
}
