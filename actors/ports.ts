/** Time and chance as they come in everywhere below `main`: so that a test can drive both. */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls `then` once, `ms` from now, unless it is cancelled before. */
  after(ms: number, then: () => void): Timer;
}

export interface Random {
  /** From 0 up to, not including, 1. */
  number(): number;
  uuid(): string;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

export const systemRandom: Random = {
  number: Math.random,
  uuid: () => crypto.randomUUID(),
};

/** Aborts `ms` from now, with a `TimeoutError`. What is done in time cancels it. */
export function deadline(clock: Clock, ms: number): { signal: AbortSignal; cancel(): void } {
  const controller = new AbortController();
  const timer = clock.after(
    ms,
    () => controller.abort(new DOMException(`not done within ${ms} ms`, "TimeoutError")),
  );
  return { signal: controller.signal, cancel: () => timer.cancel() };
}
