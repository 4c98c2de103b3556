/**
 * The log as one main has it: the real checks, batches and projections, over the one database and a connection that is slow,
 * breaks, and loses answers. What becomes of a commit in doubt is found out as the real writer does.
 */
import { createLogCore, drain } from "../../db/log/event_log.ts";
import type { EventLog, Snapshot } from "../../db/log/log.ts";
import { Superseded } from "../../db/log/log.ts";
import type { Batch, CommandKey, ReadStore, WriteStore } from "../../db/log/store.ts";
import type { Row } from "../../db/projections/engine.ts";
import type { Projection } from "../../db/projections/projection.ts";
import type { SimDatabase } from "./database.ts";
import { PROJECTIONS } from "./database.ts";
import type { Mutant } from "./mutants.ts";
import type { Process } from "./process.ts";
import type { SimRandom } from "./random.ts";
import type { World } from "./world.ts";

const WATCH_MS = 1_000;
const RETRY_MS = 200;
/** ms that `close` waits for appends under way. */
const CLOSE_MS = 5_000;

class Connection implements WriteStore, ReadStore {
  epoch: number;
  readonly superseded = Promise.withResolvers<void>();
  readonly lost: (error: Error) => void;
  #world: World;
  #database: SimDatabase;
  #main: Process;
  #random: SimRandom;
  #over = false;

  constructor(world: World, database: SimDatabase, main: Process, lost: (error: Error) => void) {
    this.#world = world;
    this.#database = database;
    this.#main = main;
    this.#random = world.random(`log of ${main.name}`);
    this.lost = lost;
    this.epoch = database.raiseEpoch();
    this.#watch();
  }

  close(): void {
    this.#over = true;
  }

  async commit(batch: Batch): Promise<void> {
    for (let attempt = 0;; attempt++) {
      if (attempt > 0 && await this.#foundOut(batch)) return;
      if (await this.#send(batch)) return;
    }
  }

  /** True where the batch is in; after this, what was still on the wire is void. */
  async #foundOut(batch: Batch): Promise<boolean> {
    await this.#reach();
    if (this.#database.writer.epoch !== this.epoch) this.#lose("another process has become the writer");
    this.epoch = this.#database.raiseEpoch();
    const { head } = this.#database.writer;
    if (head !== batch.head) return true;
    if (batch.events.length > 0) return false;
    const [command] = batch.commands;
    return command !== undefined &&
      await this.#database.store.findCommand(command.scope, command.id) !== null;
  }

  /** False where no answer came, or one that says that this is not the writer. */
  #send(batch: Batch): Promise<boolean> {
    const { epoch } = this;
    const { faults, clock } = this.#world;
    const wayMs = faults.strikes("slow_commit")
      ? this.#random.between(100, 4_000)
      : this.#random.between(1, 4);
    const sent = !faults.strikes("commit_unsent");
    const heard = !faults.strikes("commit_unanswered");
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    if (sent) {
      // What is on the wire lands whether or not its sender still lives.
      clock.after(wayMs, () => {
        if (this.#database.away) return;
        this.#database.land(batch, epoch).then((landed) => {
          const what = `${batch.head}+${batch.events.length}`;
          this.#world.trace.say(`${this.#main.name} commit ${what} ${landed ? "landed" : "is void"}`);
          if (heard) this.#main.clock.after(1, () => resolve(landed));
        }, reject);
      });
    }
    // An answer that does not come is waited for: so long, or until the connection breaks.
    const giveUpMs = sent && heard ? 15_000 : this.#random.between(1, 3_000);
    this.#main.clock.after(giveUpMs, () => resolve(false));
    return promise;
  }

  async lookUp(streams: string[], commands: CommandKey[]) {
    await this.#reach();
    const found = await this.#database.store.lookUp(streams, commands);
    await this.pause(this.#random.between(0, 2));
    return found;
  }

  async loadRows(projection: Projection, keys: Row[]): Promise<Row[]> {
    await this.#reach();
    return await this.#database.store.loadRows(projection, keys);
  }

  read(after: number, limit: number) {
    return this.#ask(() => this.#database.store.read(after, limit));
  }

  readStream(stream: string, afterVersion: number, limit: number) {
    return this.#ask(() => this.#database.store.readStream(stream, afterVersion, limit));
  }

  findCommand(scope: string, id: string) {
    return this.#ask(() => this.#database.store.findCommand(scope, id));
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.#ask(() => this.#database.store.saveSnapshot(snapshot));
  }

  loadSnapshot(stream: string, schema: number) {
    return this.#ask(() => this.#database.store.loadSnapshot(stream, schema));
  }

  words(ids: string[]) {
    return this.#ask(() => this.#database.store.words(ids));
  }

  /** One question, which may fail. The answer is of when the database looked, not of when it arrives. */
  async #ask<T>(look: () => Promise<T>): Promise<T> {
    const slow = this.#world.faults.strikes("read_slow");
    const way = () => this.pause(slow ? this.#random.between(20, 1_500) : this.#random.between(0, 2));
    await way();
    if (this.#database.away || this.#world.faults.strikes("read_failed")) {
      throw new Error("the database does not answer");
    }
    const found = await look();
    await way();
    return found;
  }

  /** Asks until there is an answer. */
  async #reach(): Promise<void> {
    await this.pause(this.#random.between(1, 3));
    while (this.#database.away) await this.pause(RETRY_MS);
  }

  pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#main.clock.after(ms, resolve));
  }

  #watch(): void {
    this.#main.clock.after(WATCH_MS, () => {
      if (this.#over) return;
      if (!this.#database.away && this.#database.writer.epoch !== this.epoch) {
        this.lost(new Superseded("another process has become the writer"));
        this.superseded.resolve();
        return;
      }
      this.#watch();
    });
  }

  #lose(reason: string): never {
    const error = new Superseded(reason);
    this.lost(error);
    this.superseded.resolve();
    throw error;
  }
}

/** Becomes the writer of the database, whoever was. */
export async function openSimLog(
  world: World,
  database: SimDatabase,
  main: Process,
  mutant: Mutant,
): Promise<EventLog> {
  const ids = world.random(`ids of ${main.name}'s log`);
  let fail = (_error: Error) => {};
  const connection = new Connection(world, database, main, (error) => fail(error));
  await connection.pause(1);
  const store = mutated(connection, mutant);
  const core = createLogCore(store, database.writer.head, {
    projections: PROJECTIONS,
    clock: main.clock,
    ids,
    report: (message, error) => world.trace.say(`${main.name} log: ${message} ${error}`),
  });
  fail = (error) => core.queue.fail(error);
  return {
    get head() {
      return core.queue.head;
    },
    get epoch() {
      return connection.epoch;
    },
    append: core.append,
    read: core.read,
    readStream: core.readStream,
    subscribe: core.subscribe,
    findCommand: (scope, id) => store.findCommand(scope, id),
    saveSnapshot: core.saveSnapshot,
    loadSnapshot: (stream, schema) => connection.loadSnapshot(stream, schema),
    words: (ids) => connection.words(ids),
    superseded: connection.superseded.promise,
    async close() {
      await drain(core.queue, connection.pause(CLOSE_MS));
      connection.close();
    },
  };
}

/** The connection, with what a mutant puts in the place of some of it. */
function mutated(connection: Connection, mutant: Mutant): WriteStore & ReadStore {
  const store: WriteStore & ReadStore = {
    commit: (batch) => connection.commit(batch),
    lookUp: (streams, commands) => connection.lookUp(streams, commands),
    loadRows: (projection, keys) => connection.loadRows(projection, keys),
    read: (after, limit) => connection.read(after, limit),
    readStream: (stream, after, limit) => connection.readStream(stream, after, limit),
    findCommand: (scope, id) => connection.findCommand(scope, id),
    saveSnapshot: (snapshot) => connection.saveSnapshot(snapshot),
    loadSnapshot: (stream, schema) => connection.loadSnapshot(stream, schema),
    words: (ids) => connection.words(ids),
  };
  return { ...store, ...mutant.store?.(store) };
}
