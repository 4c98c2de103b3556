/** The open stops over what goes out: durable, set by anybody who may, lifted by a person only. */
import type { EventLog, Json, StoredEvent } from "../../db/log/log.ts";
import { repair } from "../persona/text.ts";
import type { Stop, StopScope } from "./supervisor_port.ts";
import { TooManyStops } from "./supervisor_port.ts";
import { stopKey, stopOrder } from "./stop_scope.ts";

export const STOPS_STREAM = "posting";
const EVENT_SCHEMA = 2;
const SNAPSHOT_SCHEMA = 1;
/** Events of the stream that a start reads at most beyond the snapshot, as long as fewer stops are open. */
const SNAPSHOT_EVERY = 500;
const READ_PAGE = 1_000;
/** Open stops of one kind of scope. */
const MAX_OF_A_KIND = 10_000;

export interface StopsOptions {
  log: EventLog;
  /** ms since the epoch. */
  now(): number;
  /** Told after each change of what is stopped within `scope`. */
  changed(scope: StopScope): void;
  /** One line for the program's own log. */
  report(text: string): void;
  /** @default 10,000 */
  maxOfAKind?: number;
}

/** A stop that is not in the log, or not yet. */
interface Asked {
  stop: Stop;
  /** Appends of it under way. None: it could not be written. */
  appending: number;
}

export class Stops {
  #options: StopsOptions;
  /** What the log says. */
  #written = new Map<string, Stop>();
  /** Holds from the moment it is asked for: a lift that is written before it lifts nothing any more. */
  #asked = new Map<string, Asked>();
  #version = 0;
  #snapshotVersion = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #sorted: readonly Stop[] | null = null;

  private constructor(options: StopsOptions) {
    this.#options = options;
  }

  /** On a log in which nothing was ever stopped. */
  static none(options: StopsOptions): Stops {
    return new Stops(options);
  }

  /** As the log has them. */
  static async open(options: StopsOptions): Promise<Stops> {
    const stops = new Stops(options);
    await stops.#read();
    return stops;
  }

  /** All that are open, the widest first, then the oldest. */
  list(): readonly Stop[] {
    if (this.#sorted === null) {
      const open = new Map(this.#written);
      for (const [key, { stop }] of this.#asked) open.set(key, stop);
      this.#sorted = [...open.values()].map((stop) => ({ stop, order: stopOrder(stop) }))
        .sort((a, b) => a.order < b.order ? -1 : 1).map(({ stop }) => stop);
    }
    return this.#sorted;
  }

  /** Holds from the call on, even before the event is committed; durable when it resolves. Throws TooManyStops. */
  async stop(scope: StopScope, by: string, reason: string): Promise<void> {
    const why = repair(reason);
    const key = stopKey(scope);
    this.#checkRoom(scope, key);
    const asked = {
      stop: { scope, by, why, since: new Date(this.#options.now()).toISOString() },
      appending: (this.#asked.get(key)?.appending ?? 0) + 1,
    };
    this.#asked.set(key, asked);
    this.#changed(scope);
    try {
      await this.#append("PostingStopped", by, { scope, why }, () => this.#settle(key, true));
    } catch (error) {
      this.#settle(key, false);
      throw error;
    }
  }

  /** Durable, and lifted, when it resolves. Where nothing is stopped nothing is written. */
  async lift(scope: StopScope, by: string): Promise<void> {
    const key = stopKey(scope);
    if (!this.#isOpen(key)) return;
    await this.#append("PostingAllowed", by, { scope }, () => {
      // What could not be written is lifted with the rest; what is being written comes after this lift.
      if (this.#asked.get(key)?.appending === 0) this.#asked.delete(key);
    });
  }

  #isOpen(key: string): boolean {
    return this.#written.has(key) || this.#asked.has(key);
  }

  #checkRoom(scope: StopScope, key: string): void {
    if (this.#isOpen(key)) return;
    const max = this.#options.maxOfAKind ?? MAX_OF_A_KIND;
    if (this.list().filter((one) => one.scope.kind === scope.kind).length >= max) {
      throw new TooManyStops(scope.kind, max);
    }
  }

  /** One append of the stop with this key has come to its end. */
  #settle(key: string, isWritten: boolean): void {
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    asked.appending--;
    if (isWritten && asked.appending === 0) this.#asked.delete(key);
  }

  #append(
    type: "PostingStopped" | "PostingAllowed",
    by: string,
    data: { scope: StopScope; why?: string },
    written: () => void,
  ): Promise<void> {
    const next = this.#turn.then(async () => {
      const result = await this.#options.log.append({
        stream: STOPS_STREAM,
        expectedVersion: this.#version,
        by,
        events: [{ type, schema: EVENT_SCHEMA, data: { ...data } }],
      });
      if (result.kind !== "committed") {
        throw new Error(`this could not be written to the log: ${result.kind}`);
      }
      for (const event of result.events) this.#fold(event);
      written();
      this.#changed(data.scope);
    });
    this.#turn = next.then(() => this.#keepSnapshot(), () => {});
    return next;
  }

  #changed(scope: StopScope): void {
    this.#sorted = null;
    this.#options.changed(scope);
  }

  async #read(): Promise<void> {
    const { log } = this.#options;
    const snapshot = await log.loadSnapshot(STOPS_STREAM, SNAPSHOT_SCHEMA);
    if (snapshot !== null) {
      for (const stop of snapshot.state as unknown as Stop[]) this.#written.set(stopKey(stop.scope), stop);
      this.#version = this.#snapshotVersion = snapshot.version;
    }
    for (;;) {
      const events = await log.readStream(STOPS_STREAM, this.#version, READ_PAGE);
      for (const event of events) this.#fold(event);
      if (events.length < READ_PAGE) break;
    }
    await this.#keepSnapshot();
  }

  #fold({ type, version, by, at, data }: StoredEvent): void {
    this.#version = version;
    const scope = data.scope as unknown as StopScope;
    if (type === "PostingStopped") {
      this.#written.set(stopKey(scope), { scope, by, why: String(data.why), since: at });
    } else if (type === "PostingAllowed") {
      this.#written.delete(stopKey(scope));
    }
  }

  /** Never so often that writing snapshots costs more than the events do: with many open stops they are far apart. */
  async #keepSnapshot(): Promise<void> {
    if (this.#version - this.#snapshotVersion < Math.max(SNAPSHOT_EVERY, this.#written.size)) return;
    try {
      await this.#options.log.saveSnapshot({
        stream: STOPS_STREAM,
        version: this.#version,
        schema: SNAPSHOT_SCHEMA,
        state: [...this.#written.values()] as unknown as Json,
      });
      this.#snapshotVersion = this.#version;
    } catch (error) {
      // A start reads more events then; nothing is lost.
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.report(`the snapshot of the stops was not kept: ${reason}`);
    }
  }
}
