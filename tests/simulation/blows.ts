/** What comes from outside and hits a process, a cell, a worker, the database: one at a time, at times of the seed's choice. */
import type { Blow, Faults } from "./faults.ts";
import { BLOWS } from "./faults.ts";
import type { SimDatabase } from "./database.ts";
import type { Outside } from "./outside.ts";
import type { Process } from "./process.ts";
import type { Program } from "./program.ts";
import type { SimRandom } from "./random.ts";
import type { SimCell } from "./cell.ts";
import type { SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

/** ms between two, at least and at most. */
const EVERY_MS = { least: 300, most: 15_000 };
/** Chance that one comes while something is being sent, and within how many ms: there it hurts most. */
const WHILE_SENDING = { chance: 0.15, withinMs: 250 };

export class Blows {
  #world: World;
  #database: SimDatabase;
  #outside: Outside;
  #program: Program;
  #random: SimRandom;
  #kinds: Blow[];

  constructor(world: World, database: SimDatabase, outside: Outside, program: Program) {
    this.#world = world;
    this.#database = database;
    this.#outside = outside;
    this.#program = program;
    this.#random = world.random("blows");
    this.#kinds = BLOWS.filter((kind) => world.faults.chosen.has(kind));
  }

  start(): void {
    if (this.#kinds.length === 0) return;
    this.#later();
    this.#outside.witness.onSending((worker) => {
      if (!this.#random.chance(WHILE_SENDING.chance)) return;
      const afterMs = this.#random.between(0, WHILE_SENDING.withinMs);
      this.#world.clock.after(afterMs, () => this.#blow(worker));
    });
  }

  #later(): void {
    this.#world.clock.after(this.#random.between(EVERY_MS.least, EVERY_MS.most), () => {
      this.#blow(this.#oneOf([...this.#outside.workers]));
      this.#later();
    });
  }

  #blow(worker: SimWorker | null): void {
    if (this.#faults.over) return;
    const kind = this.#random.pick(this.#kinds);
    const cells = [...this.#outside.cells];
    const cell = cells.find(({ workers }) => worker !== null && workers.has(worker)) ?? this.#oneOf(cells);
    if (kind.startsWith("worker_") && worker !== null) this.#outside.witness.hit(worker.personaId);
    const living = worker !== null && !worker.process.ended ? worker : null;
    if (!this.#strike(kind, living, cell)) return;
    this.#faults.count(kind);
    this.#world.trace.say(`blow: ${kind} (${living?.address ?? "no worker"}, ${cell?.name ?? "no cell"})`);
  }

  get #faults(): Faults {
    return this.#world.faults;
  }

  /** False where there is nobody to hit. */
  #strike(kind: Blow, worker: SimWorker | null, cell: SimCell | null): boolean {
    const main = this.#program.current;
    switch (kind) {
      case "database_away":
        if (this.#database.away) return false;
        this.#database.away = true;
        this.#world.clock.after(this.#random.between(200, 8_000), () => this.#database.away = false);
        return true;
      case "worker_threw":
        worker?.die(new Error("an error that nobody handled"));
        return worker !== null;
      case "worker_looped":
        worker?.loop();
        return worker !== null;
      case "worker_paused":
        this.#stick(worker?.process, 500, 12_000);
        return worker !== null;
      case "worker_exited":
        worker?.end();
        return worker !== null;
      case "cell_died":
        cell?.end("it died", false);
        return cell !== null;
      case "cell_out_of_memory":
        cell?.end("out of memory", true);
        return cell !== null;
      case "cell_stuck":
        this.#stick(cell?.process, 1_000, 25_000);
        return cell !== null;
      case "main_vanished":
        this.#program.vanish();
        return main !== null;
      case "main_closed":
        if (main === null) return false;
        void this.#program.restart();
        return true;
      case "main_paused":
        this.#stick(main?.process, 500, 20_000);
        return main !== null;
      case "main_taken_over":
        if (main === null) return false;
        this.#program.start();
        return true;
      default:
        return kind satisfies never;
    }
  }

  #stick(process: Process | undefined, leastMs: number, mostMs: number): void {
    const ms = this.#random.between(leastMs, mostMs);
    process?.stick(ms);
    if (process !== undefined) this.#world.trace.say(`${process.name} stands still for ${ms} ms`);
  }

  #oneOf<T>(list: T[]): T | null {
    return list.length === 0 ? null : this.#random.pick(list);
  }
}
