import { ProjectionEngine } from "../projections/engine.ts";
import type { Projection } from "../projections/projection.ts";
import { admit } from "./admit.ts";
import { cleanJson, Malformed } from "./clean_json.ts";
import { CommitQueue, type CrashPoint } from "./commit_queue.ts";
import { type LogLimits, withLimits } from "./limits.ts";
import type { Append, AppendResult, EventLog, StoredEvent } from "./log.ts";
import { type Clock, type Ids, systemClock, timeOrderedIds } from "./ports.ts";
import { LogClosed, type ReadStore, type WriteStore } from "./store.ts";
import { isOldSchema, lift, type Upcasters } from "./upcast.ts";
import { UPCASTERS } from "./upcasters.ts";

export interface LogOptions {
  /** Tables that are written with the events. @default none */
  projections?: Projection[];
  /** @default the system's clock */
  clock?: Clock;
  /** @default random UUIDs that begin with the time */
  ids?: Ids;
  limits?: Partial<LogLimits>;
  /** How old event schemas are lifted when they are read. @default `UPCASTERS` */
  upcasters?: Upcasters;
  /** Called at named moments; a crash test ends the process there. @default does nothing */
  crashPoint?: (name: CrashPoint) => void;
  /** Told what went wrong and was survived: a throwing listener, a database that is away. @default `console.error` */
  report?: (message: string, error: unknown) => void;
}

export const MAX_PAGE = 1_000;

/** The parts of a log that do not care what lies underneath. */
export interface LogCore {
  append(append: Append): Promise<AppendResult>;
  read: EventLog["read"];
  readStream: EventLog["readStream"];
  subscribe: EventLog["subscribe"];
  saveSnapshot: EventLog["saveSnapshot"];
  queue: CommitQueue;
}

/** The same checks, batches, projections and reading for each kind of store. */
export function createLogCore(store: WriteStore & ReadStore, head: number, options: LogOptions): LogCore {
  const limits = withLimits(options.limits);
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? timeOrderedIds(clock);
  const upcasters = options.upcasters ?? UPCASTERS;
  const report = options.report ?? ((message, error) => console.error(message, error));
  const listeners = new Set<(events: StoredEvent[]) => void>();
  const queue = new CommitQueue({
    store,
    engine: new ProjectionEngine(options.projections ?? [], store, limits.cachedRows),
    clock,
    limits,
    head,
    crashPoint: options.crashPoint ?? (() => {}),
    onCommitted(events) {
      for (const listener of listeners) {
        try {
          listener(events);
        } catch (error) {
          report("a listener of the log failed", error);
        }
      }
    },
  });
  return {
    queue,
    async append(append) {
      try {
        const admitted = admit(append, limits, ids);
        const old = admitted.events.findIndex(({ type, schema }) => isOldSchema(upcasters, type, schema));
        if (old >= 0) throw new Malformed(`events[${old}].schema`, "is not the newest of this type");
        return await queue.push(admitted);
      } catch (error) {
        if (error instanceof Malformed) return { kind: "invalid", field: error.field, reason: error.reason };
        throw error;
      }
    },
    async read(after, limit) {
      checkPage(after, limit);
      return (await store.read(after, limit)).map((event) => lift(event, upcasters));
    },
    async readStream(stream, afterVersion, limit) {
      checkPage(afterVersion, limit);
      return (await store.readStream(stream, afterVersion, limit)).map((event) => lift(event, upcasters));
    },
    async saveSnapshot(snapshot) {
      const state = cleanJson(snapshot.state, "state", limits.jsonDepth);
      await store.saveSnapshot({ ...snapshot, state });
    },
    subscribe(listener) {
      // Its own function, so that one listener can subscribe twice.
      const own = (events: StoredEvent[]): void => listener(events);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

function checkPage(after: number, limit: number): void {
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new RangeError(`a page begins after 0 or more, not ${after}`);
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new RangeError(`a page has 1 to ${MAX_PAGE} events, not ${limit}`);
  }
}

/** Waits until all is answered; then, or when `cut` resolves first, nothing more gets in. */
export async function drain(queue: CommitQueue, cut: Promise<void>): Promise<void> {
  await Promise.race([queue.idle(), cut]);
  queue.fail(new LogClosed());
}
