/** The one database of a run: what is committed in it stays, whoever writes. It checks each commit as it lands. */
import { MemoryStore } from "../../db/log/memory_log.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import type { Batch } from "../../db/log/store.ts";
import { due } from "../../db/projections/due.ts";
import type { DueRow } from "../../db/projections/due.ts";
import type { Projection } from "../../db/projections/projection.ts";
import type { World } from "./world.ts";

export const PROJECTIONS = [due as unknown as Projection];

export class SimDatabase {
  /** The one row of the table `writer`. */
  readonly writer = { epoch: 0, head: 0 };
  readonly store: MemoryStore;
  /** Nothing and nobody gets an answer. */
  away = false;
  #world: World;
  #versions = new Map<string, number>();
  #listeners: ((events: StoredEvent[]) => void)[] = [];

  #fenced: boolean;

  /** `fenced` false: a mutant, which takes what anybody sends. */
  constructor(world: World, fenced: boolean) {
    this.#world = world;
    this.#fenced = fenced;
    this.store = new MemoryStore(PROJECTIONS, () => world.clock.now());
  }

  /** Told of each commit as it lands, in order. */
  onCommitted(listener: (events: StoredEvent[]) => void): void {
    this.#listeners.push(listener);
  }

  /** Becomes the writer. */
  raiseEpoch(): number {
    return ++this.writer.epoch;
  }

  /** False where the writer is not the one who sent it. Throws `BatchRefused`. */
  async land(batch: Batch, epoch: number): Promise<boolean> {
    if (!this.#isWriter(epoch, batch.head) && this.#fenced) return false;
    await this.store.commit(batch);
    this.#check(batch);
    this.writer.head = this.store.events.length;
    for (const listener of this.#listeners) listener(batch.events);
    return true;
  }

  /** The fence: only the writer of this epoch moves the head, and only from where it saw it. */
  #isWriter(epoch: number, head: number): boolean {
    return this.writer.epoch === epoch && this.writer.head === head;
  }

  due(): DueRow[] {
    return [...this.store.table("due").rows.values()] as unknown as DueRow[];
  }

  /** Versions and positions are contiguous. */
  #check(batch: Batch): void {
    let position = this.writer.head;
    for (const event of batch.events) {
      const version = (this.#versions.get(event.stream) ?? 0) + 1;
      if (event.position !== ++position || event.version !== version) {
        this.#world.violate(
          "versions and positions are contiguous",
          `${event.type} came as ${event.position} (${event.stream} ${event.version}) where ${position} (${version}) was next`,
        );
      }
      this.#versions.set(event.stream, version);
    }
  }
}
