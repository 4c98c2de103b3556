/** The log as people and programs read it: pages, one event, and what came of it. */
import type { StoredEvent } from "../log/log.ts";
import { lift, type Upcasters } from "../log/upcast.ts";
import { UPCASTERS } from "../log/upcasters.ts";
import type { Sql } from "../sql.ts";
import { BadPage, checkLimit, type Page, pageOf } from "./page.ts";

export interface EventFilter {
  /** Events of one persona. */
  stream?: string;
  /** None or an empty list: all. */
  types?: readonly string[];
}

export interface EventPageOptions extends EventFilter {
  /** A position: the events after it, the oldest first. */
  after?: string | number | null;
  /** A position: the events before it, the newest first. Without `after` and `before`: from the newest back. */
  before?: string | number | null;
  limit?: number;
  /** @default `UPCASTERS` */
  upcasters?: Upcasters;
}

const COLUMNS =
  "e.position, e.id, e.stream, e.version, e.type, e.schema, e.at, e.by, e.cause, e.correlation, e.data";

/** How much one event can be shown to have set off. */
const MAX_EFFECTS = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `next` goes on in the same direction: it is a position, for `after` or for `before`. Throws BadPage. */
export async function listEvents(sql: Sql, options: EventPageOptions = {}): Promise<Page<StoredEvent>> {
  const limit = checkLimit(options.limit);
  const after = checkPosition("after", options.after);
  const before = checkPosition("before", options.before);
  if (after !== null && before !== null) {
    throw new BadPage("before", "cannot stand beside `after`: one direction a page");
  }
  const forward = after !== null;
  const { stream } = options;
  const parameters: unknown[] = [after ?? before, options.types?.length ? options.types : null, limit + 1];
  if (stream !== undefined) parameters.push(stream);
  const order = forward ? "asc" : "desc";
  const rows = await sql.query<StoredEvent>(
    `select ${COLUMNS} from event e
     where ${
      stream === undefined ? inLog(forward) : inStream(forward)
    } and ($2::text[] is null or e.type = any($2))
     order by ${stream === undefined ? "e.position" : "e.version"} ${order} limit $3`,
    parameters,
  );
  return pageOf(
    rows,
    limit,
    (row) => lift(row, options.upcasters ?? UPCASTERS),
    (row) => String(row.position),
  );
}

function inLog(forward: boolean): string {
  return `($1::bigint is null or e.position ${forward ? ">" : "<"} $1)`;
}

/**
 * Goes by the index over (stream, version): the version at the position, which is one look-up where the position is that
 * of an event of the stream, as in paging.
 */
function inStream(forward: boolean): string {
  const nearest = forward
    ? "(select max(o.version) from event o where o.stream = $4 and o.position <= $1), 0"
    : "(select min(o.version) from event o where o.stream = $4 and o.position >= $1), 2147483647";
  return `e.stream = $4 and ($1::bigint is null or e.version ${forward ? ">" : "<"} coalesce(
    (select o.version from event o where o.position = $1 and o.stream = $4), ${nearest}))`;
}

/** By its id (UUID) or its position; null when there is none. */
export async function getEvent(
  sql: Sql,
  which: string | number,
  upcasters: Upcasters = UPCASTERS,
): Promise<StoredEvent | null> {
  const text = String(which);
  const isPosition = /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
  if (!isPosition && !UUID.test(text)) return null;
  const where = isPosition ? "e.position = $1::bigint" : "e.id = $1::uuid";
  const [row] = await sql.query<StoredEvent>(`select ${COLUMNS} from event e where ${where}`, [text]);
  return row === undefined ? null : lift(row, upcasters);
}

export interface Effects {
  /** Events that it caused directly. */
  effects: StoredEvent[];
  /** Others that the same first command set off, before and after it. */
  related: StoredEvent[];
}

/** What came of an event, inside its stream; at most 200 in all, in order. */
export async function getEffects(
  sql: Sql,
  eventId: string,
  upcasters: Upcasters = UPCASTERS,
): Promise<Effects> {
  if (!UUID.test(eventId)) return { effects: [], related: [] };
  const rows = await sql.query<StoredEvent>(
    `select ${COLUMNS} from event e, event o
     where o.id = $1::uuid and e.stream = o.stream and e.version <> o.version
       and (e.cause = o.id::text or e.correlation = o.correlation)
     order by (e.cause is distinct from o.id::text), e.version limit $2`,
    [eventId, MAX_EFFECTS],
  );
  const lifted = rows.map((row) => lift(row, upcasters));
  const isEffect = (event: StoredEvent) => event.cause === eventId.toLowerCase();
  return { effects: lifted.filter(isEffect), related: lifted.filter((event) => !isEffect(event)) };
}

function checkPosition(field: "after" | "before", value: string | number | null | undefined): number | null {
  if (value === null || value === undefined || value === "") return null;
  const position = /^\d{1,16}$/.test(String(value)) ? Number(value) : NaN;
  if (!Number.isSafeInteger(position)) {
    throw new BadPage(field, "must be the position of an event, a whole number from 0");
  }
  return position;
}
