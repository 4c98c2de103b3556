/** Fixed windows of 15 minutes for each account and operation, and one of a day for the app's posts. */
import type { Account, World } from "./world.ts";

const WINDOW_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
const POSTS_A_DAY = 10_000;

export interface Taken {
  exceeded: boolean;
  /** What X says of the limit in every answer. */
  headers: Record<string, string>;
}

/** Counts one request. Refused ones are counted too, as long as they were in the window's limit. */
export function takeFromLimit(world: World, operation: string, account: Account, limit: number): Taken {
  const most = world.settings.limits.get(operation) ?? limit;
  const short = take(world, `${operation} ${account.id}`, most, WINDOW_MS);
  const headers: Record<string, string> = {
    "x-rate-limit-limit": String(most),
    "x-rate-limit-remaining": String(short.remaining),
    "x-rate-limit-reset": String(Math.ceil(short.endsAt / 1000)),
  };
  if (operation !== "createPost") return { exceeded: short.exceeded, headers };
  const mostADay = world.settings.limits.get("createPost/day") ?? POSTS_A_DAY;
  const day = take(world, "createPost/day", mostADay, DAY_MS);
  headers["x-app-limit-24hour-limit"] = String(mostADay);
  headers["x-app-limit-24hour-remaining"] = String(day.remaining);
  headers["x-app-limit-24hour-reset"] = String(Math.ceil(day.endsAt / 1000));
  return { exceeded: short.exceeded || day.exceeded, headers };
}

function take(world: World, key: string, most: number, windowMs: number) {
  const now = world.now();
  let window = world.windows.get(key);
  if (window === undefined || window.endsAt <= now) {
    window = { endsAt: now + windowMs, used: 0 };
    world.windows.set(key, window);
  }
  const exceeded = window.used >= most;
  if (!exceeded) window.used++;
  return { exceeded, remaining: most - window.used, endsAt: window.endsAt };
}
