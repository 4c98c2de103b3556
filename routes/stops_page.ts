/** The open stops by pages. */
import type { Stop } from "../actors/supervisor/supervisor_port.ts";
import { stopOrder } from "../actors/supervisor/stop_scope.ts";
import { BadPage, checkLimit, type Page, pageOf, type PageOptions } from "../db/read/page.ts";

/** The widest first, then the oldest; `stops` are in this order already. Throws BadPage. */
export function pageOfStops(stops: readonly Stop[], options: PageOptions = {}): Page<Stop> {
  const limit = checkLimit(options.limit);
  const after = decode(options.after);
  const rest = after === null ? stops : stops.filter((stop) => stopOrder(stop) > after);
  return pageOf(rest.slice(0, limit + 1), limit, (stop) => stop, (stop) => encode(stopOrder(stop)));
}

/** Orders are ASCII: kinds, times and ids. */
function encode(order: string): string {
  return btoa(order).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function decode(cursor: string | null | undefined): string | null {
  if (cursor === null || cursor === undefined || cursor === "") return null;
  const bad = new BadPage("after", "must be `next` of an earlier page of this list, as it was");
  if (cursor.length > 400 || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw bad;
  let order: string;
  try {
    order = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch (cause) {
    bad.cause = cause;
    throw bad;
  }
  if (!/^\d \d{4}-\d\d-\d\dT[\d:.]+Z \w/.test(order)) throw bad;
  return order;
}
