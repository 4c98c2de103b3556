/** Within a run nobody looks at the machine's clock or takes its chance: who does is told by name. */

/** Puts `told` in the place of real time and chance until it is undone. */
export function guardTime(told: (what: string) => void): () => void {
  const real = {
    Date: globalThis.Date,
    random: Math.random,
    uuid: crypto.randomUUID,
    values: crypto.getRandomValues,
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    timeout: AbortSignal.timeout,
    performanceNow: performance.now,
  };
  class GuardedDate extends real.Date {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) told("new Date()");
      super(...given as [number]);
    }
    static override now(): number {
      told("Date.now");
      return real.Date.now();
    }
  }
  const telling = <F extends (...args: never[]) => unknown>(name: string, original: F, self: unknown): F =>
    ((...args: never[]) => {
      told(name);
      return original.apply(self, args);
    }) as F;
  globalThis.Date = GuardedDate as DateConstructor;
  Math.random = telling("Math.random", real.random, Math);
  crypto.randomUUID = telling("crypto.randomUUID", real.uuid, crypto);
  crypto.getRandomValues = telling("crypto.getRandomValues", real.values, crypto);
  globalThis.setTimeout = telling("setTimeout", real.setTimeout, globalThis);
  globalThis.setInterval = telling("setInterval", real.setInterval, globalThis);
  AbortSignal.timeout = telling("AbortSignal.timeout", real.timeout, AbortSignal);
  performance.now = telling("performance.now", real.performanceNow, performance);
  return () => {
    globalThis.Date = real.Date;
    Math.random = real.random;
    crypto.randomUUID = real.uuid;
    crypto.getRandomValues = real.values;
    globalThis.setTimeout = real.setTimeout;
    globalThis.setInterval = real.setInterval;
    AbortSignal.timeout = real.timeout;
    performance.now = real.performanceNow;
  };
}
