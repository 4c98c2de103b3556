import type { StoredEvent } from "../log/log.ts";
import type { Projection } from "./projection.ts";

export type Row = Record<string, unknown>;

/** What a commit does to one table. The rows of `upserts` are whole; those of `deletes` hold the key only. */
export interface TableChange {
  table: string;
  upserts: Row[];
  deletes: Row[];
}

export interface RowSource {
  /** Those rows of `projection.table` that exist among `keys`, in any order, in the form in which `fold` made them. */
  loadRows(projection: Projection, keys: Row[]): Promise<Row[]>;
}

/** An append whose projection failed: `at` is its place in the batch. */
export interface FoldFault {
  at: number;
  table: string;
  reason: string;
}

interface Table {
  projection: Projection;
  types: Set<string>;
  /** Rows as committed, null for one that does not exist; least recently used first. */
  cache: Map<string, Row | null>;
}

type Working = Map<string, { key: Row; row: Row | null; changed: boolean }>;

/** A row is known by the values of its key. */
function rowId(projection: Projection, row: Row): string {
  return JSON.stringify(projection.key.map((column) => row[column] ?? null));
}

function keyOf(projection: Projection, row: Row): Row {
  return Object.fromEntries(projection.key.map((column) => [column, row[column] ?? null]));
}

/** Folds committed-to-be events into the rows of the projections, and remembers rows between batches. */
export class ProjectionEngine {
  readonly #tables: Table[];

  /** @param cachedRows how many rows are remembered, over all tables */
  constructor(projections: Projection[], readonly source: RowSource, readonly cachedRows: number) {
    this.#tables = projections.map((projection) => ({
      projection,
      types: new Set(projection.types),
      cache: new Map(),
    }));
  }

  /**
   * What the events of these appends change. An append on which a projection throws is named in `faults`, and then
   * `changes` must not be used: leave that append out and fold again.
   * @param onWait called before rows are read that are not remembered
   */
  async fold(
    appends: StoredEvent[][],
    onWait: () => void = () => {},
  ): Promise<{ changes: TableChange[]; faults: FoldFault[] }> {
    const changes: TableChange[] = [];
    const faults = new Map<number, FoldFault>();
    const loads = this.#tables.map((table) => this.#begin(table, appends, faults));
    if (loads.some(({ missing }) => missing.length > 0)) {
      onWait();
      await Promise.all(loads.map(({ table, working, missing }) => this.#load(table, working, missing)));
    }
    for (const { table, working } of loads) {
      for (const [at, events] of appends.entries()) {
        if (!faults.has(at)) foldAppend(table, working, events, at, faults);
      }
      const change = changeOf(table.projection.table, working);
      if (change) changes.push(change);
    }
    return { changes, faults: [...faults.values()] };
  }

  /** The changes were committed: they are what the next fold begins with. */
  settle(changes: TableChange[]): void {
    for (const { table: name, upserts, deletes } of changes) {
      const table = this.#tables.find(({ projection }) => projection.table === name);
      if (!table) throw new Error(`no projection writes ${name}`);
      for (const row of upserts) this.#remember(table, row, row);
      for (const key of deletes) this.#remember(table, key, null);
    }
  }

  /** Forgets all rows: after any failure they are read again. */
  drop(): void {
    for (const { cache } of this.#tables) cache.clear();
  }

  #remember(table: Table, key: Row, row: Row | null): void {
    const id = rowId(table.projection, key);
    table.cache.delete(id);
    table.cache.set(id, row);
    if (table.cache.size <= this.cachedRows / this.#tables.length) return;
    for (const oldest of table.cache.keys()) {
      table.cache.delete(oldest);
      break;
    }
  }

  /** The rows that the events touch, as committed, and the keys of those that must be read. */
  #begin(
    table: Table,
    appends: StoredEvent[][],
    faults: Map<number, FoldFault>,
  ): { table: Table; working: Working; missing: Row[] } {
    const { projection, cache } = table;
    const working: Working = new Map();
    const missing: Row[] = [];
    for (const [at, events] of appends.entries()) {
      for (const event of events) {
        if (!table.types.has(event.type)) continue;
        for (const touched of attempt(() => projection.touches(event), projection, at, faults) ?? []) {
          const id = rowId(projection, touched);
          if (working.has(id)) continue;
          const row = cache.get(id);
          const key = keyOf(projection, touched);
          working.set(id, { key, row: row ?? null, changed: false });
          if (row === undefined) missing.push(key);
        }
      }
    }
    return { table, working, missing };
  }

  async #load({ projection }: Table, working: Working, missing: Row[]): Promise<void> {
    if (missing.length === 0) return;
    for (const row of await this.source.loadRows(projection, missing)) {
      const entry = working.get(rowId(projection, row));
      if (!entry) throw new Error(`${projection.table} gave a row that was not asked for`);
      entry.row = row;
    }
  }
}

function attempt<T>(
  work: () => T,
  projection: Projection,
  at: number,
  faults: Map<number, FoldFault>,
): T | null {
  try {
    return work();
  } catch (error) {
    // Only the kind of the error: its text may quote what the event holds.
    const reason = `projection ${projection.table} failed: ${
      error instanceof Error ? error.name : typeof error
    }`;
    faults.set(at, { at, table: projection.table, reason });
    return null;
  }
}

/** Folds one append into `working`, or none of it. */
function foldAppend(
  table: Table,
  working: Working,
  events: StoredEvent[],
  at: number,
  faults: Map<number, FoldFault>,
): void {
  const { projection, types } = table;
  const staged = new Map<string, Row | null>();
  attempt(
    () => {
      for (const event of events) {
        if (!types.has(event.type)) continue;
        for (const touched of projection.touches(event)) {
          const id = rowId(projection, touched);
          const before = staged.has(id) ? staged.get(id) : working.get(id)?.row;
          const after = projection.fold(before ?? null, event, touched);
          if (after !== null && rowId(projection, after) !== id) {
            throw new TypeError("the key of a row changed");
          }
          staged.set(id, after);
        }
      }
    },
    projection,
    at,
    faults,
  );
  if (faults.has(at)) return;
  for (const [id, row] of staged) {
    const entry = working.get(id);
    if (!entry) throw new Error(`${projection.table}: \`touches\` is not a pure function of its event`);
    entry.row = row;
    entry.changed = true;
  }
}

function changeOf(table: string, working: Working): TableChange | null {
  const change: TableChange = { table, upserts: [], deletes: [] };
  for (const { key, row, changed } of working.values()) {
    if (!changed) continue;
    if (row === null) change.deletes.push(key);
    else change.upserts.push(row);
  }
  return change.upserts.length + change.deletes.length > 0 ? change : null;
}
