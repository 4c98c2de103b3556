/**
 * The event log: the only way to Postgres for facts. One writer, fenced by an epoch; positions contiguous from 1.
 * Two implementations (in memory for the simulation, Postgres) pass one contract suite, `log_contract_test.ts`.
 */
import type { ForeignWords, Json, NewEvent, Refusal } from "../../actors/wire.ts";

export type { ForeignWords, Json, NewEvent, Refusal };

/** A fact in the log. */
export interface StoredEvent {
  position: number;
  id: string;
  stream: string;
  /** Counts inside the stream, from 1. */
  version: number;
  type: string;
  schema: number;
  /** ISO 8601 in UTC with milliseconds, from the writer's clock. */
  at: string;
  /** Who: `user:<id>`, `token:<id>`, `actor:<personaId>`, `system`. */
  by: string;
  cause: string | null;
  correlation: string | null;
  data: { [key: string]: Json };
}

/** The command that an append answers: kept for deduplication, with its refusal if it was refused. */
export interface CommandRecord {
  /** The caller: `user:<id>`, `token:<id>`. */
  scope: string;
  /** The `Idempotency-Key`, or an id made by the route. */
  id: string;
  /** SHA-256 (hex) over the canonical JSON of the command's body and target. */
  bodyHash: string;
  refusal: Refusal | null;
}

export interface Append {
  stream: string;
  /** Version of the last event of the stream that the writer has seen; 0 for none. */
  expectedVersion: number;
  by: string;
  /** May be empty when `command` records a refusal. At most 500. */
  events: NewEvent[];
  command?: CommandRecord;
  words?: ForeignWords[];
}

/** Who has seen which command: the answer for a redelivered one. `first` and `last` are positions, null without events. */
export interface CommandSeen {
  stream: string;
  bodyHash: string;
  first: number | null;
  last: number | null;
  refusal: Refusal | null;
}

export type AppendResult =
  | { kind: "committed"; events: StoredEvent[] }
  /** The command was recorded before, with this body. Nothing was written. */
  | { kind: "duplicate"; seen: CommandSeen }
  /** The command's id was used before with another body. Nothing was written. */
  | { kind: "id_reused" }
  /** Another event came first. `version` is the stream's real one. */
  | { kind: "conflict"; version: number }
  /** The append itself is malformed (NUL, lone surrogate, size, a duplicate event id, a failing projection). */
  | { kind: "invalid"; field: string; reason: string };

/** The queue in front of the log is full: try again. */
export class LogOverloaded extends Error {
  override name = "LogOverloaded";
}

/** This process is not the writer any more: it must stop its cells and exit with `EXIT_SUPERSEDED`. */
export class Superseded extends Error {
  override name = "Superseded";
}

/** The exit code that means "do not restart me": another writer has taken over. */
export const EXIT_SUPERSEDED = 86;

export interface Snapshot {
  stream: string;
  version: number;
  /** Version of the shape of `state`; one that is not the reader's is ignored. */
  schema: number;
  state: Json;
}

export interface EventLog {
  /** Position of the last committed event, 0 when empty. */
  readonly head: number;
  readonly epoch: number;
  /** Resolves when committed (or refused as a value). While the database is away it waits. Throws LogOverloaded, Superseded. */
  append(append: Append): Promise<AppendResult>;
  findCommand(scope: string, id: string): Promise<CommandSeen | null>;
  /** Events after `position`, in order, lifted to the newest schema. `limit` 1 to 1,000. */
  read(after: number, limit: number): Promise<StoredEvent[]>;
  /** Events of one stream after `version`, in order. `limit` 1 to 1,000. */
  readStream(stream: string, afterVersion: number, limit: number): Promise<StoredEvent[]>;
  /** Called once for each committed batch, in order, without gaps, after it is committed. A throwing listener is reported, never retried. */
  subscribe(listener: (events: StoredEvent[]) => void): () => void;
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  loadSnapshot(stream: string, schema: number): Promise<Snapshot | null>;
  /** Contents by id; a purged or unknown one is `{removed: rule text with its date}` or absent. */
  words(ids: string[]): Promise<Map<string, { content: Json } | { removedAt: string; rule: string }>>;
  /** Resolves when this process has lost the epoch: the caller stops its cells and exits. */
  readonly superseded: Promise<void>;
  close(): Promise<void>;
}
