/**
 * How far a page's notifications were read. LinkedIn's lists lag, so a new one may appear behind newer ones: the last
 * minutes are read again, and what was handed out is told apart by `seen`. Times are ms since the epoch.
 */
export interface PollCursor {
  /** What is older was dealt with. */
  since: number;
  /** The newest that was read. */
  newest: number;
  /** A backlog longer than one poll reads: it goes on from here, backwards; null: it starts from now. */
  until: number | null;
  /** Ids since `since`, newest first. */
  seen: { id: string; at: number }[];
}

export const OVERLAP_MS = 15 * 60_000;
/** LinkedIn reads no further back. */
const REACH_MS = 60 * 86_400_000;
/** Past it the persona tells them apart itself. */
const MAX_SEEN = 500;

export interface Read {
  id: string;
  at: number;
}

/** A cursor that nobody can read is none: what was seen is told apart by the persona again. */
export function readCursor(text: string | null): PollCursor | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof value !== "object" || value === null) return null;
  const { since, newest, until, seen } = value as Record<string, unknown>;
  const whole = typeof since === "number" && typeof newest === "number" &&
    (until === null || typeof until === "number") && Array.isArray(seen) && seen.every(isRead);
  return whole ? { since, newest, until, seen } : null;
}

/** The range to read: from `start` on, before `end`. */
export function rangeOf(cursor: PollCursor | null, now: number): { start: number; end: number } {
  const start = Math.max(Math.min(cursor?.since ?? 0, now), now - REACH_MS);
  // LinkedIn's clock may be ahead of ours.
  return { start, end: Math.max(start + 1, cursor?.until ?? now + OVERLAP_MS) };
}

/** After `read`, newest first; `complete` where nothing of the range is left. */
export function advance(cursor: PollCursor | null, read: Read[], complete: boolean, now: number): PollCursor {
  const before = Math.min(cursor?.newest ?? now - OVERLAP_MS, now + OVERLAP_MS);
  const newest = Math.max(before, ...read.map(({ at }) => at));
  const since = complete ? newest - OVERLAP_MS : cursor?.since ?? 0;
  const oldest = Math.min(...read.map(({ at }) => at));
  const until = complete ? null : nextEnd(cursor?.until ?? null, oldest);
  const known = new Map([...read, ...cursor?.seen ?? []].map((one) => [one.id, one]));
  // Of a backlog only its edge can come again, and what is young enough to be read again at its end.
  const again = ({ at }: Read) => at >= newest - OVERLAP_MS || at === oldest;
  const seen = [...known.values()].filter(again).sort((one, other) => other.at - one.at).slice(0, MAX_SEEN);
  return { since, newest, until, seen: seen.map(({ id, at }) => ({ id, at })) };
}

/** Others of the same millisecond may be left, unless this poll came no further than that already. */
function nextEnd(before: number | null, oldest: number): number {
  return before !== null && oldest + 1 >= before ? oldest : oldest + 1;
}

function isRead(value: unknown): value is Read {
  return typeof value === "object" && value !== null && "id" in value && "at" in value &&
    typeof value.id === "string" && typeof value.at === "number";
}
