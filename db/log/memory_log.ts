import type { Row } from "../projections/engine.ts";
import type { Projection } from "../projections/projection.ts";
import type { Purged } from "../words/purge.ts";
import { PROFILE_PARTS, retentionRule } from "../words/rules.ts";
import { createLogCore, drain, type LogOptions } from "./event_log.ts";
import { type AdmittedWords, earliest } from "./admit.ts";
import type { CommandSeen, EventLog, Json, Snapshot, StoredEvent } from "./log.ts";
import {
  type Batch,
  BatchRefused,
  commandKey,
  type ReadStore,
  seenOf,
  type WordKeeping,
  type WriteStore,
} from "./store.ts";

interface WordsRow extends AdmittedWords {
  removed: { removedAt: string; rule: string } | null;
  profileRemoved: boolean;
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
    const words = batch.words.map((row): WordsRow => {
      const purgeAt = earliest(row.purgeAt, this.#quotedEnd(row));
      return { ...row, purgeAt, removed: null, profileRemoved: false };
    });
    for (const row of words) this.#words.set(row.id, row);
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

  purgeWords(now: string): Promise<Purged> {
    const removedAt = new Date(now).toISOString();
    const isDue = (time: string | null) => time !== null && time <= removedAt;
    const kept = [...this.#words.values()].filter(({ removed }) => removed === null);
    const texts = kept.filter(({ purgeAt }) => isDue(purgeAt));
    // Before any is changed: what a row quotes is judged as it stood.
    const rules = texts.map((row) => this.#ruleOf(row, isDue));
    for (const [at, row] of texts.entries()) {
      Object.assign(row, { removed: { removedAt, rule: rules[at] }, content: null, author: null });
    }
    const profiles = kept.filter(({ removed, profileRemoved, profilePurgeAt }) =>
      removed === null && !profileRemoved && isDue(profilePurgeAt)
    );
    for (const row of profiles) {
      Object.assign(row, { profileRemoved: true, author: null, content: withoutProfile(row.content) });
    }
    return Promise.resolve({ texts: texts.length, profiles: profiles.length });
  }

  /** The rule under which a row goes: that of what it quotes and which ended, as in db/words/purge.ts, or its own. */
  #ruleOf({ quotes, platform }: WordsRow, isDue: (time: string | null) => boolean): string {
    const ended = quotes.flatMap((id) => this.#words.get(id) ?? []).map((row) => ({
      rule: row.removed?.rule ?? retentionRule(row.platform),
      quotes: row.quotes.length > 0,
      at: earliest(row.removed?.removedAt ?? null, row.purgeAt, row.profilePurgeAt),
    })).filter(({ at }) => isDue(at)).sort((a, b) =>
      Number(a.quotes) - Number(b.quotes) || ((a.at ?? "") < (b.at ?? "") ? -1 : 1)
    );
    return ended[0]?.rule ?? retentionRule(platform);
  }

  nextPurge(): Promise<string | null> {
    const kept = [...this.#words.values()].filter(({ removed }) => removed === null);
    return Promise.resolve(
      earliest(
        ...kept.flatMap((row) => [row.purgeAt, row.profileRemoved ? null : row.profilePurgeAt]),
      ),
    );
  }

  /** When the first row ends that `row` quotes. A name in a running text cannot be taken out by itself, so its time counts too. */
  #quotedEnd({ quotes }: AdmittedWords): string | null {
    return earliest(
      ...quotes.flatMap((id) => this.#words.get(id) ?? []).map((row) =>
        row.removed?.removedAt ?? earliest(row.purgeAt, row.profileRemoved ? null : row.profilePurgeAt)
      ),
    );
  }
}

function withoutProfile(content: Json): Json {
  if (content === null || typeof content !== "object" || Array.isArray(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([name]) => !PROFILE_PARTS.includes(name)));
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
    nextPurge: () => store.nextPurge(),
    superseded: new Promise(() => {}),
    close: () => drain(core.queue, new Promise(() => {})),
    rows: (table) => [...store.table(table).rows.values()].map((row) => structuredClone(row)),
  };
}
