/** What platforms still allow, as they said last, per connection: so that it is not asked for more, and spread over the window. */
import { MAX_WINDOW_MS } from "../platforms/limits.ts";
import type { LimitWindow, Taken } from "../platforms/port.ts";

/** Windows that are remembered of one connection. */
const MAX_WINDOWS = 20;
/** Of a window that reading shares with publishing, this share is left to publishing. */
const RESERVED = 0.2;

export class Limits {
  #windows = new Map<string, Map<string, LimitWindow>>();
  #spokeAt = new Map<string, number>();

  /** `now` in ms since the epoch. */
  learn(connectionId: string, windows: LimitWindow[], now: number): void {
    const known = this.#windows.get(connectionId) ?? new Map<string, LimitWindow>();
    this.#windows.set(connectionId, known);
    for (const told of windows) {
      // Without its numbers a window says nothing.
      if (![told.limit, told.remaining, told.resetAt].every(Number.isFinite)) continue;
      const window = { ...told, resetAt: Math.min(told.resetAt, now + MAX_WINDOW_MS) };
      if (known.size < MAX_WINDOWS || known.has(window.name)) {
        known.set(window.name, lowest(known.get(window.name), window));
      }
    }
  }

  /** Calls that nobody but us counts; where the window is not known yet, it was full. */
  take(connectionId: string, taken: Taken[], now: number): void {
    for (const { calls, ...window } of taken) {
      const known = this.#windows.get(connectionId)?.get(window.name);
      const before = known?.resetAt === window.resetAt ? known.limit - known.remaining : 0;
      this.learn(connectionId, [{ ...window, remaining: Math.max(0, window.limit - before - calls) }], now);
    }
  }

  /** A connection was spoken to at `at`, before this actor began. */
  spoke(connectionId: string, at: number): void {
    this.#spokeAt.set(connectionId, at);
  }

  /** When a connection was spoken to last before this actor began, in ms since the epoch; 0 where nobody knows. */
  spokeAt(connectionId: string): number {
    return this.#spokeAt.get(connectionId) ?? 0;
  }

  /** When something of this kind may be done next on the connection, in ms since the epoch; `now` or earlier: at once. */
  mayAt(connectionId: string, kind: "publish" | "read", now: number): number {
    let at = 0;
    for (const window of this.#windows.get(connectionId)?.values() ?? []) {
      if (window.resetAt <= now || (window.holds !== "any" && window.holds !== kind)) continue;
      const kept = kind === "read" && window.holds === "any" ? Math.ceil(window.limit * RESERVED) : 0;
      if (window.remaining <= kept) at = Math.max(at, window.resetAt);
    }
    return at;
  }

  /** ms from one look to the next, so that what is left of the windows lasts until they end; at least `usualMs`. */
  spread(connectionId: string, usualMs: number, now: number): number {
    let pause = usualMs;
    for (const window of this.#windows.get(connectionId)?.values() ?? []) {
      if (window.resetAt <= now || (window.holds !== "read" && window.holds !== "any")) continue;
      const left = window.remaining - (window.holds === "any" ? Math.ceil(window.limit * RESERVED) : 0);
      if (left > 0) pause = Math.max(pause, (window.resetAt - now) / left);
      else pause = Math.max(pause, window.resetAt - now);
    }
    return pause;
  }
}

/** Within one window of one size there is only ever less: answers may overtake each other. */
function lowest(before: LimitWindow | undefined, now: LimitWindow): LimitWindow {
  return before?.resetAt === now.resetAt && before.limit === now.limit
    ? { ...now, remaining: Math.min(before.remaining, now.remaining) }
    : now;
}
