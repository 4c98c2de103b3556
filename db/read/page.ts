/** Keyset paging: a page goes on behind the last row of the one before, whatever was added meanwhile. */

export interface Page<T> {
  items: T[];
  /** Hand it back as `after` for the next page; null on the last one. */
  next: string | null;
}

export interface PageOptions {
  /** `next` of the page before; none for the first. */
  after?: string | null;
  /** Rows of a page, 1 to 200. @default 50 */
  limit?: number;
}

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

/** A cursor or a limit that a client made up. `field` is the name of the parameter. */
export class BadPage extends Error {
  override readonly name = "BadPage";
  constructor(readonly field: "after" | "before" | "limit", readonly reason: string) {
    super(`${field} ${reason}`);
  }
}

/** Throws BadPage. */
export function checkLimit(limit: number = DEFAULT_LIMIT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new BadPage("limit", `must be a whole number from 1 to ${MAX_LIMIT}`);
}

/** Cursors of lists that go by position: short, and of no meaning to anybody else. */
export function encodeCursor(list: string, position: number): string {
  return btoa(`${list}:${position}`).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The position in a cursor of this list, null for no cursor. Throws BadPage for anything else. */
export function decodeCursor(list: string, cursor: string | null | undefined): number | null {
  if (cursor === null || cursor === undefined || cursor === "") return null;
  const bad = new BadPage("after", "must be `next` of an earlier page of this list, as it was");
  if (cursor.length > 100 || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw bad;
  let text: string;
  try {
    text = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch (cause) {
    bad.cause = cause;
    throw bad;
  }
  const digits = text.startsWith(`${list}:`) ? text.slice(list.length + 1) : "";
  const position = /^\d{1,16}$/.test(digits) ? Number(digits) : NaN;
  if (!Number.isSafeInteger(position)) throw bad;
  return position;
}

/** A page of rows that were asked for with one more than `limit`: that one says whether there are further ones. */
export function pageOf<Row, T>(
  rows: Row[],
  limit: number,
  item: (row: Row) => T,
  cursor: (row: Row) => string,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), next: rows.length > limit && last !== undefined ? cursor(last) : null };
}
