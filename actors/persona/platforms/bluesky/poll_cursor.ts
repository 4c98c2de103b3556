/**
 * How far notifications were read. The server orders them by the time that their author claims, if that is earlier, so
 * that a new one may appear behind newer ones: everything since `floor` is read again, and told apart by `seen`.
 */
export interface PollCursor {
  /** ISO time: what is older was dealt with. */
  floor: string;
  /** Marks of the notifications since `floor` that were handed out. */
  seen: string[];
  /** A backlog longer than one poll reads: where to go on, down to `floor`, and the cursor when that is done. */
  backlog: { from: string; then: { floor: string; seen: string[] } } | null;
}

/** How far behind the newest one a late notification is still noticed. */
const OVERLAP_MS = 6 * 3600_000;
/** Marks kept; with more notifications in the overlap, the overlap is shortened. */
const MAX_SEEN = 300;

export function readCursor(text: string | null): PollCursor | null {
  if (text === null) return null;
  const value = JSON.parse(text) as Partial<PollCursor>;
  if (typeof value.floor !== "string" || !Array.isArray(value.seen)) {
    throw new Error("the poll cursor is not readable");
  }
  return { floor: value.floor, seen: value.seen, backlog: value.backlog ?? null };
}

/** The cursor after all of `handled`, everything since `before.floor`, was handed out. */
export function advance(before: PollCursor | null, handled: { id: string; at: string }[]): PollCursor {
  const oldFloor = before?.floor ?? new Date(0).toISOString();
  const newest = handled.reduce((max, { at }) => at > max ? at : max, oldFloor);
  let floor = later(oldFloor, new Date(Math.max(0, Date.parse(newest) - OVERLAP_MS)).toISOString());
  const newestFirst = handled.filter(({ at }) => at >= floor).sort((a, b) => a.at < b.at ? 1 : -1);
  const beyond = newestFirst[MAX_SEEN];
  if (beyond !== undefined) floor = new Date(Date.parse(beyond.at) + 1).toISOString();
  const kept = newestFirst.filter(({ at }) => at >= floor);
  return { floor, seen: kept.map(({ id }) => mark(id)), backlog: null };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** A short stand-in for an id (64 bits of FNV-1a): a cursor is stored with each poll. */
export function mark(id: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(id)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(36);
}
