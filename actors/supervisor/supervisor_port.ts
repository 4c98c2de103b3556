/** What routes know of the supervisor. */
import type { PersonaCommand } from "../persona/commands.ts";
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
  | { kind: "unavailable"; reason: string };

/** How an actor is doing. */
export interface ActorStatus {
  personaId: string;
  state: "asleep" | "starting" | "running" | "restarting" | "parked";
  cell: number | null;
  mailboxDepth: number;
  restarts: number;
  lastCrash: { at: string; reason: string } | null;
}

/** The switch over everything outward. */
export interface PostingState {
  stopped: boolean;
  by: string | null;
  why: string | null;
  since: string | null;
}

export interface SupervisorPort {
  send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer>;
  status(personaId: string): ActorStatus;
  /** All that have or had an actor since the start. */
  statuses(): ActorStatus[];
  posting(): PostingState;
  /** A persona that was stopped after repeated crashes starts anew; nothing for one that was not. */
  startAgain(personaId: string): void;
  /** Durable before it resolves; from then on no permit is given. */
  stopPosting(by: string, why: string): Promise<void>;
  liftStop(by: string): Promise<void>;
  /** The text of a draft while it is written: the whole text so far. Not in the log. */
  onProgress(listener: (progress: { personaId: string; postId: string; text: string }) => void): () => void;
  onStatus(listener: (status: ActorStatus) => void): () => void;
}
