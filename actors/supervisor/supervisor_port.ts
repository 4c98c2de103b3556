/** What routes know of the supervisor. */
import type { PersonaCommand } from "../persona/commands.ts";
import type { Platform } from "../persona/platforms/port.ts";
import type { Refusal, StoredEvent } from "../../db/log/log.ts";

export interface Sender {
  /** Recorded in events: `user:<id>`, `token:<id>`, `admin-token`. */
  by: string;
  /** The command's id: the `Idempotency-Key`, or a fresh UUID. */
  id: string;
  /** True when the caller chose `id`: then an earlier answer for it is looked up first. */
  mayBeRepeated: boolean;
  /**
   * Hash of what the caller asked for, where the command itself holds ids that were made on the way.
   * @default the hash of the command and its persona
   */
  bodyHash?: string;
}

export type CommandAnswer =
  | { kind: "committed"; commandId: string; events: StoredEvent[]; repeated: boolean }
  | { kind: "refused"; commandId: string; refusal: Refusal; repeated: boolean }
  /** The id was used before for another command. */
  | { kind: "id_reused" }
  /** The persona's mailbox is full. */
  | { kind: "overloaded"; depth: number; retryAfterMs: number }
  /** Nothing was done: the program is stopping, or the command made the persona crash twice. */
  | { kind: "unavailable"; reason: string; /** Asking again by itself does not help. */ final?: true };

/** `waiting`: it is to start as soon as one of the live ones makes room. */
export type ActorPhase = "asleep" | "waiting" | "starting" | "running" | "restarting" | "parked";

export interface Crash {
  /** ISO time. */
  at: string;
  reason: string;
  /** Where it was thrown; empty where nobody knows. May quote text from outside. */
  stack: string;
  /** False where a neighbour in its cell was the cause. */
  charged: boolean;
}

/** How an actor is doing. */
export interface ActorStatus {
  personaId: string;
  state: ActorPhase;
  /** Number of its cell. */
  cell: number | null;
  /** Commands that wait, the one in hand among them. */
  mailboxDepth: number;
  /** The command in hand, and since when (ISO). */
  inHand: { type: string; since: string } | null;
  /** Effects under way. */
  effects: number;
  /** Of its own isolate, as it said last: heap in use, and buffers outside the heap. */
  heapBytes: number | null;
  externalBytes: number | null;
  /** Restarts since the start of the program that were charged to it. */
  restarts: number;
  lastCrash: Crash | null;
  /** Why and since when (ISO) it is parked; by a person, or `system` after repeated crashes. */
  parked: { at: string; by: string; reason: string } | null;
  /** ISO time at which it wants to be awake next; null where it has nothing to do by itself. */
  nextAt: string | null;
  /** ISO time of the last command or wake. */
  lastUsedAt: string | null;
  /** Suspected of having brought a cell down: it runs in a cell of its own until it has been healthy for a while. */
  alone: boolean;
}

/** A persona that has had no actor since the start. */
export function withoutActor(personaId: string): ActorStatus {
  return {
    personaId,
    state: "asleep",
    cell: null,
    mailboxDepth: 0,
    inHand: null,
    effects: 0,
    heapBytes: null,
    externalBytes: null,
    restarts: 0,
    lastCrash: null,
    parked: null,
    nextAt: null,
    lastUsedAt: null,
    alone: false,
  };
}

/** How a cell is doing. */
export interface CellStatus {
  number: number;
  pid: number;
  state: "starting" | "ready" | "ending";
  /** `host:port` that its workers may speak to. */
  hosts: string[];
  /** Resident size of the process as it said last. */
  rssBytes: number | null;
  /** ISO time. */
  startedAt: string;
  /** ms since it was heard last. */
  silentMs: number;
  /** Ids of the personas in it. */
  personas: string[];
}

/** One look at everything that runs. */
export interface RuntimeStatus {
  /** ISO time. */
  at: string;
  cells: CellStatus[];
  /** All that have or had an actor since the start. */
  actors: ActorStatus[];
  /** Actors that hold a place: starting, running, or restarting while nobody else waits for it. */
  live: number;
  maxLive: number;
}

/** What a person may do to an actor. None of it loses a command. */
export type ActorControl = "restart" | "hibernate" | "wake" | "park" | "unpark";

/** Why a cell was ended from outside, or ended by itself. */
export type CellEnd =
  /** It said nothing for too long. */
  | "cell_silent"
  /** One of its workers said nothing for too long. */
  | "worker_silent"
  | "flood"
  | "memory"
  | "out_of_memory"
  /** A command, a start or an end was not answered in time. */
  | "deadline"
  | "protocol"
  /** A person wanted it. */
  | "asked"
  | "ended";

/** What supervision did: for metrics. Durations in ms. */
export type SupervisionEvent =
  | { kind: "crash"; personaId: string; charged: boolean; cause: CellEnd | "error" }
  /** `innocent` were in it and are started again uncharged; `guilty` says whether it is known who did it. */
  | { kind: "cell_ended"; end: CellEnd; guilty: boolean; innocent: number }
  /** From its first need to its being ready. */
  | { kind: "activated"; personaId: string; ms: number }
  | { kind: "hibernated"; personaId: string; why: "idle" | "room" | "asked" }
  | { kind: "parked"; personaId: string; by: string }
  | { kind: "overloaded"; personaId: string }
  | { kind: "dead_lettered"; personaId: string; type: string }
  | { kind: "permit"; personaId: string; granted: boolean };

/** What a stop covers: everything that goes out, or only what goes to one platform, of one persona, or one post. */
export type StopScope =
  | { kind: "all" }
  | { kind: "platform"; platform: Platform }
  | { kind: "persona"; personaId: string }
  | { kind: "post"; personaId: string; postId: string };

/** One open stop: nothing within its scope goes out until a person lifts it. */
export interface Stop {
  scope: StopScope;
  /** As events record it: `user:<id>`, `token:<id>`, `admin-token`, `system`. */
  by: string;
  /** May be empty. */
  why: string;
  /** ISO time. */
  since: string;
}

/** So many stops of one kind are open that no further one is taken. */
export class TooManyStops extends Error {
  override readonly name = "TooManyStops";
  constructor(readonly kind: StopScope["kind"], readonly max: number) {
    super(`There are ${max} stops of this kind already: lift some of them, or stop more at once.`);
  }
}

/** The text of a draft while it is written: the whole text so far. */
export interface Progress {
  personaId: string;
  postId: string;
  text: string;
}

export interface SupervisorPort {
  send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer>;
  status(personaId: string): ActorStatus;
  /** All that have or had an actor since the start. */
  statuses(): ActorStatus[];
  /** All that are open, the widest first, then the oldest. */
  stops(): readonly Stop[];
  runtime(): RuntimeStatus;
  /** Refused, with a sentence for people, where it does not apply: waking one that is parked, say. */
  control(
    personaId: string,
    what: ActorControl,
    by: string,
    why?: string,
  ): Promise<{ ok: true } | { ok: false; reason: string }>;
  onSupervision(listener: (event: SupervisionEvent) => void): () => void;
  /**
   * From the call on no permit is given within the scope; durable when it resolves. A scope that is stopped already is from
   * then on stopped by `by`, for `why`. Throws TooManyStops.
   */
  stop(scope: StopScope, by: string, why: string): Promise<void>;
  /** Durable, and lifted, when it resolves; where nothing is stopped nothing happens. Wider stops stay. */
  lift(scope: StopScope, by: string): Promise<void>;
  /** Not in the log. */
  onProgress(listener: (progress: Progress) => void): () => void;
  onStatus(listener: (status: ActorStatus) => void): () => void;
}
