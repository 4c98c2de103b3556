import type { ProjectionEngine } from "../projections/engine.ts";
import type { Admitted } from "./admit.ts";
import { layOut, toBatch, type Waiting } from "./layout.ts";
import type { LogLimits } from "./limits.ts";
import { type AppendResult, LogOverloaded, type StoredEvent } from "./log.ts";
import { PendingCommands } from "./pending_commands.ts";
import type { Clock } from "./ports.ts";
import { BatchRefused, commandKey, seenOf, type WriteStore } from "./store.ts";
import { StreamVersions } from "./stream_versions.ts";

/** The named moments at which a crash test may end the process. */
export type CrashPoint = "before-commit-sent" | "after-commit-sent" | "before-answer";

/** Appends whose streams and commands are looked up with one query. */
const LOOKED_UP_AT_ONCE = 1_000;

export interface CommitQueueOptions {
  store: WriteStore;
  engine: ProjectionEngine;
  clock: Clock;
  limits: LogLimits;
  /** Position of the last committed event. */
  head: number;
  crashPoint: (name: CrashPoint) => void;
  /** Called for each committed batch that has events, in order. */
  onCommitted: (events: StoredEvent[]) => void;
}

/**
 * Group commit without a timer: what queued while the last commit was under way is the next batch. Appends go through
 * two steps, each one at a time and both at once: *looking up* what the database knows of their streams and commands, and *committing*.
 */
export class CommitQueue {
  head: number;
  readonly #options: CommitQueueOptions;
  readonly #versions: StreamVersions;
  readonly #commands = new PendingCommands<Waiting>();
  /** Every append that is not answered, with its size. */
  readonly #open = new Set<Waiting>();
  #openBytes = 0;
  #unknown: Waiting[] = [];
  #ready: Waiting[] = [];
  #lookingUp = false;
  #committing = false;
  #lastAt = 0;
  #failure: Error | null = null;
  #whenIdle: (() => void)[] = [];
  /** What has been committed and is not told yet: the next batch is sent first, so that the database never waits for us. */
  #untold: (() => void)[] = [];

  constructor(options: CommitQueueOptions) {
    this.#options = options;
    this.head = options.head;
    this.#versions = new StreamVersions(options.limits.cachedStreams);
  }

  /** Throws LogOverloaded, or what the queue has failed with. */
  push(append: Admitted): Promise<AppendResult> {
    if (this.#failure) throw this.#failure;
    const { limits } = this.#options;
    if (this.#open.size >= limits.queuedAppends) {
      throw new LogOverloaded(`${limits.queuedAppends} appends wait`);
    }
    if (this.#open.size > 0 && this.#openBytes + append.bytes > limits.queuedBytes) {
      throw new LogOverloaded(`appends of ${limits.queuedBytes} bytes wait`);
    }
    return new Promise((settle, fail) => this.#enter({ append, seen: null, settle, fail }));
  }

  /** Resolves when every append is answered. */
  idle(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Rejects what waits and all that comes. */
  fail(error: Error): void {
    this.#tell();
    this.#failure ??= error;
    this.#unknown = [];
    this.#ready = [];
    for (const waiting of [...this.#open]) {
      this.#leave(waiting);
      waiting.fail(this.#failure);
    }
  }

  #enter(waiting: Waiting): void {
    const { stream, command, bytes } = waiting.append;
    this.#open.add(waiting);
    this.#openBytes += bytes;
    this.#versions.pin(stream);
    if (command) this.#commands.add(command, waiting);
    const known = command === null && this.#versions.get(stream) !== undefined;
    // Nothing overtakes what is being looked up: appends of one stream stay in order.
    if (known && !this.#lookingUp && this.#unknown.length === 0) {
      this.#ready.push(waiting);
      this.#startCommitting();
    } else {
      this.#unknown.push(waiting);
      this.#startLookingUp();
    }
  }

  #leave(waiting: Waiting): void {
    if (!this.#open.delete(waiting)) return;
    const { stream, command, bytes } = waiting.append;
    this.#openBytes -= bytes;
    this.#versions.unpin(stream);
    if (command) this.#commands.remove(command, waiting);
    if (this.#open.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #settle(waiting: Waiting, result: AppendResult): void {
    this.#leave(waiting);
    waiting.settle(result);
  }

  #startLookingUp(): void {
    if (this.#lookingUp) return;
    this.#lookingUp = true;
    queueMicrotask(() => this.#lookUp().catch((error) => this.fail(error)));
  }

  async #lookUp(): Promise<void> {
    while (this.#unknown.length > 0) {
      const group = this.#unknown.splice(0, LOOKED_UP_AT_ONCE);
      const streams = new Set<string>();
      const commands = [];
      for (const { append } of group) {
        if (this.#versions.get(append.stream) === undefined) streams.add(append.stream);
        if (append.command) commands.push(append.command);
      }
      if (streams.size > 0 || commands.length > 0) {
        const found = await this.#options.store.lookUp([...streams], commands);
        if (this.#failure) return;
        for (const stream of streams) this.#versions.set(stream, found.versions.get(stream) ?? 0);
        for (const [key, seen] of found.seen) this.#commands.found(key, seen);
      }
      for (const waiting of group) this.#ready.push(waiting);
      this.#startCommitting();
    }
    this.#lookingUp = false;
  }

  #startCommitting(): void {
    if (this.#committing) return;
    this.#committing = true;
    queueMicrotask(() => this.#commitAll().catch((error) => this.fail(error)));
  }

  async #commitAll(): Promise<void> {
    while (this.#ready.length > 0 && !this.#failure) {
      const { batchEvents, batchBytes } = this.#options.limits;
      let events = 0;
      let bytes = 0;
      let count = 0;
      for (const { append } of this.#ready) {
        events += Math.max(1, append.events.length);
        bytes += append.bytes;
        if (count > 0 && (events > batchEvents || bytes > batchBytes)) break;
        count++;
      }
      const heldOver = await this.#commit(this.#ready.splice(0, count));
      if (heldOver.length > 0) this.#ready.unshift(...heldOver);
    }
    this.#tell();
    this.#committing = false;
  }

  #tell(): void {
    for (const tell of this.#untold.splice(0)) tell();
  }

  /** Commits or answers the candidates; what it gives back must wait for the next batch. */
  async #commit(candidates: Waiting[]): Promise<Waiting[]> {
    const { store, engine, clock } = this.#options;
    // Time in the log never runs backwards, whatever the machine's clock does.
    this.#lastAt = Math.max(this.#lastAt, clock.now());
    const at = new Date(this.#lastAt).toISOString();
    const layout = layOut(candidates, this.head, at, (stream) => this.#versions.get(stream) ?? 0);
    for (const { waiting, result } of layout.answered) this.#settle(waiting, result);
    if (layout.chosen.length === 0) return layout.heldOver;

    const folded = await engine.fold(layout.chosen.map(({ events }) => events), () => this.#tell());
    if (this.#failure) return [];
    if (folded.faults.length > 0) {
      engine.drop();
      const guilty = new Set<Waiting>();
      for (const { at, reason } of folded.faults) {
        const waiting = layout.chosen[at]?.waiting;
        if (!waiting) throw new Error("a projection named an append that is not there");
        guilty.add(waiting);
        this.#settle(waiting, { kind: "invalid", field: "events", reason });
      }
      const answered = new Set(layout.answered.map(({ waiting }) => waiting));
      return await this.#commit(
        candidates.filter((waiting) => !guilty.has(waiting) && !answered.has(waiting)),
      );
    }

    const batch = toBatch(layout, this.head, at, folded.changes);
    try {
      const sent = store.commit(batch);
      this.#tell();
      await sent;
    } catch (error) {
      engine.drop();
      if (!(error instanceof BatchRefused)) throw error;
      return [...await this.#bisect(layout.chosen.map(({ waiting }) => waiting), error), ...layout.heldOver];
    }
    if (this.#failure) return [];
    engine.settle(folded.changes);
    this.#apply(layout, batch.events);
    return layout.heldOver;
  }

  /** Halves a refused batch until the guilty append stands alone. */
  async #bisect(appends: Waiting[], refused: BatchRefused): Promise<Waiting[]> {
    const [only] = appends;
    if (only && appends.length === 1) {
      this.#settle(only, { kind: "invalid", field: refused.field, reason: refused.reason });
      return [];
    }
    const middle = Math.ceil(appends.length / 2);
    const first = await this.#commit(appends.slice(0, middle));
    if (this.#failure) return [];
    return await this.#commit([...first, ...appends.slice(middle)]);
  }

  #apply(layout: ReturnType<typeof layOut>, events: StoredEvent[]): void {
    this.head += events.length;
    for (const { events, command } of layout.chosen) {
      const last = events.at(-1);
      if (last) this.#versions.set(last.stream, last.version);
      if (command) this.#commands.found(commandKey(command), seenOf(command));
    }
    this.#untold.push(() => {
      this.#options.crashPoint("before-answer");
      if (events.length > 0) this.#options.onCommitted(events);
      for (const { waiting, events } of layout.chosen) this.#settle(waiting, { kind: "committed", events });
    });
  }
}
