import type { AdmittedWords } from "./admit.ts";
import type { CommandRecord, CommandSeen, Json, Snapshot, StoredEvent } from "./log.ts";
import type { RowSource, TableChange } from "../projections/engine.ts";
import type { Purged } from "../words/purge.ts";

/** A command as its row. `first` and `last` are null without events. */
export interface StoredCommand extends CommandRecord {
  stream: string;
  first: number | null;
  last: number | null;
}

/** What one commit writes, all or nothing. */
export interface Batch {
  /** Position of the last event before it. */
  head: number;
  /** The writer's time, ISO 8601. */
  at: string;
  /** Positions `head + 1` onwards, without gaps. */
  events: StoredEvent[];
  /** The row of each event as members of a JSON object, without braces, position and version. */
  json: string[];
  commands: StoredCommand[];
  words: AdmittedWords[];
  changes: TableChange[];
}

/** A batch that can never be committed as it is. Nothing of it was written. */
export class BatchRefused extends Error {
  override name = "BatchRefused";
  constructor(readonly field: string, readonly reason: string) {
    super(`${field}: ${reason}`);
  }
}

/** The log was closed before this append was committed; whether it was is not known here. */
export class LogClosed extends Error {
  override name = "LogClosed";
  constructor() {
    super("the log is closed");
  }
}

export interface CommandKey {
  scope: string;
  id: string;
}

/** One string for a command's key. */
export const commandKey = (command: CommandKey): string => JSON.stringify([command.scope, command.id]);

/** What a redelivery of `command` is told. */
export const seenOf = ({ stream, bodyHash, first, last, refusal }: StoredCommand): CommandSeen => (
  { stream, bodyHash, first, last, refusal }
);

/** What the writing half of a log needs underneath. Each waits while the database is away; each may throw Superseded or LogClosed. */
export interface WriteStore extends RowSource {
  /** Versions of those `streams` that have events, and those `commands` that were recorded, by `commandKey`. */
  lookUp(streams: string[], commands: CommandKey[]): Promise<
    { versions: Map<string, number>; seen: Map<string, CommandSeen> }
  >;
  /** Throws BatchRefused. */
  commit(batch: Batch): Promise<void>;
}

/** What the reading half needs. Arguments are checked; events are as they were stored. */
export interface ReadStore {
  read(after: number, limit: number): Promise<StoredEvent[]>;
  readStream(stream: string, afterVersion: number, limit: number): Promise<StoredEvent[]>;
  findCommand(scope: string, id: string): Promise<CommandSeen | null>;
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  loadSnapshot(stream: string, schema: number): Promise<Snapshot | null>;
  words(ids: string[]): Promise<Map<string, { content: Json } | { removedAt: string; rule: string }>>;
}

/** Removal of foreign words whose time has come. */
export interface WordKeeping {
  /** Empties every row whose time has come. `now` is ISO 8601. */
  purgeWords(now: string): Promise<Purged>;
  /** When the next row is due, ISO 8601; null when none ever is. */
  nextPurge(): Promise<string | null>;
}
