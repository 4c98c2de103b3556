import type { StoredEvent } from "../log/log.ts";

/**
 * A table made from events, written in the transaction that appends them. Pure and total: `fold` is a function of the
 * row before and the event, does no I/O and never throws for an event that the log can hold.
 */
export interface Projection<Row extends object = Record<string, unknown>> {
  /** The SQL table; its columns are the keys of `Row`, jsonb columns hold objects. */
  table: string;
  /** The columns of its primary key. */
  key: (keyof Row & string)[];
  /** The event types that it reads; all others cost nothing. */
  types: string[];
  /** The keys of the rows that an event touches. */
  touches(event: StoredEvent): Partial<Row>[];
  /** The row after the event; null deletes it. */
  fold(row: Row | null, event: StoredEvent, key: Partial<Row>): Row | null;
}
