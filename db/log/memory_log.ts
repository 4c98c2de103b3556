import type { Row } from "../projections/engine.ts";
import type { Projection } from "../projections/projection.ts";
import { createLogCore, drain, type LogOptions } from "./event_log.ts";
import type { CommandSeen, EventLog, ForeignWords, Json, Snapshot, StoredEvent } from "./log.ts";
import {
  type Batch,
  BatchRefused,
  commandKey,
  ERASED_BY_AUTHOR,
  type ReadStore,
  retentionRule,
  seenOf,
  type WordKeeping,
  type WriteStore,
} from "./store.ts";

interface WordsRow extends ForeignWords {
  removed: { removedAt: string; rule: string } | null;
}

/** What Postgres keeps in tables. It refuses what they would refuse. */
export class MemoryStore implements WriteStore, ReadStore, WordKeeping {
  readonly events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #ids = new Set<string>();
  readonly #commands = new Map<string, CommandSeen>();
  readonly #words = new Map<string, WordsRow>();
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #tables = new Map<string, { projection: Projection; rows: Map<string, Row> }>();

  constructor(projections: Projection[], readonly now: () => number) {
    for (const projection of projections) {
      this.#tables.set(projection.table, { projection, rows: new Map() });
    }
  }

  lookUp(streams: string[], commands: { scope: string; id: string }[]) {
    const versions = new Map<string, number>();
    for (const stream of streams) {
      const events = this.#streams.get(stream);
      if (events) versions.set(stream, events.length);
    }
    const seen = new Map<string, CommandSeen>();
    for (const command of commands) {
      const found = this.#commands.get(commandKey(command));
      if (found) seen.set(commandKey(command), found);
    }
    return Promise.resolve({ versions, seen });
  }

  loadRows(projection: Projection, keys: Row[]): Promise<Row[]> {
    const { rows } = this.table(projection.table);
    const found = keys.map((key) => rows.get(rowKey(projection, key)));
    return Promise.resolve(found.filter((row) => row !== undefined));
  }

  // An async function, so that a refusal is a rejection as it is with a real database.
  // deno-lint-ignore require-await
  async commit(batch: Batch): Promise<void> {
    for (const event of batch.events) {
      if (this.#ids.has(event.id)) {
        throw new BatchRefused("events", "an event with this id is in the log already");
      }
    }
    for (const { id } of batch.words) {
      if (this.#words.has(id)) {
        throw new BatchRefused("words", "foreign words with this id are in the log already");
      }
    }
    if (new Set(batch.words.map(({ id }) => id)).size < batch.words.length) {
      throw new BatchRefused("words", "foreign words with this id are in the log already");
    }
    for (const event of batch.events) {
      this.events.push(event);
      this.#ids.add(event.id);
      const stream = this.#streams.get(event.stream);
      if (stream) stream.push(event);
      else this.#streams.set(event.stream, [event]);
    }
    for (const command of batch.commands) this.#commands.set(commandKey(command), seenOf(command));
    for (const row of batch.words) this.#words.set(row.id, { ...row, removed: null });
    for (const { table: name, upserts, deletes } of batch.changes) {
      const { projection, rows } = this.table(name);
      for (const row of upserts) rows.set(rowKey(projection, row), structuredClone(row));
      for (const key of deletes) rows.delete(rowKey(projection, key));
    }
  }

  table(name: string): { projection: Projection; rows: Map<string, Row> } {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`no projection writes ${name}`);
    return table;
  }

  read(after: number, limit: number): Promise<StoredEvent[]> {
    return Promise.resolve(this.events.slice(after, after + limit).map((event) => structuredClone(event)));
  }

  readStream(stream: string, afterVersion: number, limit: number): Promise<StoredEvent[]> {
    const page = this.#streams.get(stream)?.slice(afterVersion, afterVersion + limit) ?? [];
    return Promise.resolve(page.map((event) => structuredClone(event)));
  }

  findCommand(scope: string, id: string): Promise<CommandSeen | null> {
    return Promise.resolve(this.#commands.get(commandKey({ scope, id })) ?? null);
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    const older = this.#snapshots.get(snapshot.stream);
    if (!older || older.version <= snapshot.version || older.schema !== snapshot.schema) {
      this.#snapshots.set(snapshot.stream, structuredClone(snapshot));
    }
    return Promise.resolve();
  }

  loadSnapshot(stream: string, schema: number): Promise<Snapshot | null> {
    const snapshot = this.#snapshots.get(stream);
    return Promise.resolve(snapshot?.schema === schema ? structuredClone(snapshot) : null);
  }

  words(ids: string[]): Promise<Map<string, { content: Json } | { removedAt: string; rule: string }>> {
    const found = new Map<string, { content: Json } | { removedAt: string; rule: string }>();
    for (const id of ids) {
      const row = this.#words.get(id.toLowerCase());
      if (row) found.set(id, row.removed ?? { content: structuredClone(row.content) });
    }
    return Promise.resolve(found);
  }

  purgeWords(now: string): Promise<number> {
    return this.#remove(now, ({ platform }) => retentionRule(platform), ({ purgeAt }) => {
      return purgeAt !== null && Date.parse(purgeAt) <= Date.parse(now);
    });
  }

  eraseWordsByAuthor(platform: string, author: string): Promise<number> {
    const now = new Date(this.now()).toISOString();
    return this.#remove(
      now,
      () => ERASED_BY_AUTHOR,
      (row) => row.platform === platform && row.author === author,
    );
  }

  #remove(
    now: string,
    rule: (row: WordsRow) => string,
    matches: (row: WordsRow) => boolean,
  ): Promise<number> {
    let removed = 0;
    for (const row of this.#words.values()) {
      if (row.removed || !matches(row)) continue;
      row.removed = { removedAt: new Date(now).toISOString(), rule: rule(row) };
      row.content = null;
      row.author = null;
      removed++;
    }
    return Promise.resolve(removed);
  }
}

function rowKey(projection: Projection, row: Row): string {
  return JSON.stringify(projection.key.map((column) => row[column] ?? null));
}

export interface MemoryLog extends EventLog, WordKeeping {
  /** The rows of a projection's table, in the order in which they came. For tests. */
  rows(table: string): Row[];
}

/**
 * The log in memory, for simulations and tests. It has no timers: given a clock and ids, the same calls give the same
 * log, to the byte.
 */
export function openMemoryLog(options: LogOptions = {}): MemoryLog {
  const store = new MemoryStore(options.projections ?? [], () => options.clock?.now() ?? Date.now());
  const core = createLogCore(store, 0, options);
  return {
    get head() {
      return core.queue.head;
    },
    epoch: 1,
    append: core.append,
    read: core.read,
    readStream: core.readStream,
    subscribe: core.subscribe,
    findCommand: (scope, id) => store.findCommand(scope, id),
    saveSnapshot: core.saveSnapshot,
    loadSnapshot: (stream, schema) => store.loadSnapshot(stream, schema),
    words: (ids) => store.words(ids),
    purgeWords: (now) => store.purgeWords(now),
    eraseWordsByAuthor: (platform, author) => store.eraseWordsByAuthor(platform, author),
    superseded: new Promise(() => {}),
    close: () => drain(core.queue, new Promise(() => {})),
    rows: (table) => [...store.table(table).rows.values()].map((row) => structuredClone(row)),
  };
}
