/** One main after the other, or two at once for a while: each opens the log, waits for the cells of earlier ones, and supervises. */
import type { EventLog } from "../../db/log/log.ts";
import { Supervisor } from "../../actors/supervisor/supervisor.ts";
import type { SupervisorOptions } from "../../actors/supervisor/supervisor.ts";
import { bareSettings } from "../../actors/supervisor/testing_ports.ts";
import { SimCell } from "./cell.ts";
import type { SimDatabase } from "./database.ts";
import { openSimLog } from "./log.ts";
import type { Outside } from "./outside.ts";
import type { Process } from "./process.ts";
import type { SimRandom } from "./random.ts";
import { simProvisioning, simReads } from "./reads.ts";
import type { World } from "./world.ts";

/** ms between two looks at whether old cells are gone, and how long a start waits for them at most. */
const OLD_CELLS = { everyMs: 25, mostMs: 45_000 };

export interface Sizes {
  maxLetters: number;
  maxLive: number;
  actorsPerCell: number;
  idleMs: number;
  silentMs: number;
  approvalMs: number;
  slotGraceMs: number;
}

export interface Main {
  readonly process: Process;
  readonly cells: Set<SimCell>;
  log: EventLog | null;
  /** Null until it is up. */
  supervisor: Supervisor | null;
  closing: boolean;
  /** Resolves when it is gone: who waits for its answer gets none. */
  readonly gone: PromiseWithResolvers<void>;
}

export class Program {
  readonly sizes: Sizes;
  /** The one that people speak to; null while none is up. */
  current: Main | null = null;
  #world: World;
  #database: SimDatabase;
  #outside: Outside;
  #listening = new Map<string, string>();
  #random: SimRandom;
  #mains = 0;
  #pids = 0;
  #starting = false;

  constructor(world: World, database: SimDatabase, outside: Outside) {
    this.#world = world;
    this.#database = database;
    this.#outside = outside;
    this.#random = world.random("program");
    this.sizes = {
      maxLetters: this.#random.between(2, 8),
      maxLive: this.#random.between(1, 4),
      actorsPerCell: this.#random.between(1, 4),
      idleMs: this.#random.between(1_000, 20_000),
      silentMs: this.#random.between(4_000, 10_000),
      approvalMs: this.#random.pick([20_000, 60_000, 3_600_000]),
      slotGraceMs: this.#random.pick([2_000, 10_000, 600_000]),
    };
  }

  /** Becomes the writer and supervises; whoever did before finds out. */
  start(): void {
    if (this.#starting) return;
    this.#starting = true;
    const name = `main ${++this.#mains}`;
    const process = this.#world.process(name, (error) => {
      const what = error instanceof Error ? error.stack ?? error.message : String(error);
      this.#world.violate("main throws for nothing that can happen", what);
    });
    const main: Main = {
      process,
      cells: new Set(),
      log: null,
      supervisor: null,
      closing: false,
      gone: Promise.withResolvers<void>(),
    };
    this.#world.trace.say(`${name} starts`);
    void this.#open(main).catch((error) => {
      this.#world.trace.say(`${name} did not start: ${error instanceof Error ? error.message : error}`);
      this.#die(main);
      this.#startLater(true);
    });
    // A machine that is in trouble starts it again.
    const { everyMs, mostMs } = OLD_CELLS;
    this.#world.clock.after(mostMs + 20 * everyMs + 10_000, () => {
      if (main.supervisor !== null || main.process.ended) return;
      this.#world.trace.say(`${name} did not come up`);
      this.#die(main);
      this.#startLater(true);
    });
  }

  /** Gone at once; its cells see the end of their input. */
  vanish(): void {
    const main = this.current;
    if (main === null) return;
    this.#world.trace.say(`${main.process.name} vanishes`);
    this.#die(main);
    this.#startLater();
  }

  /** Ends as it should. */
  async close(): Promise<void> {
    const main = this.current;
    if (main?.supervisor == null || main.closing) return;
    main.closing = true;
    this.#world.trace.say(`${main.process.name} closes`);
    await main.supervisor.close();
    await main.log?.close();
    if (main.process.ended) return;
    this.#world.trace.say(`${main.process.name} has closed`);
    if (main.cells.size > 0) {
      this.#world.violate("a main that has closed leaves nothing", `${main.cells.size} cells`);
    }
    this.#die(main);
  }

  async restart(): Promise<void> {
    await this.close();
    this.#startLater();
  }

  async #open(main: Main): Promise<void> {
    const { process } = main;
    const log = await openSimLog(this.#world, this.#database, process, this.#outside.mutant);
    main.log = log;
    void log.superseded.then(() => {
      if (process.ended) return;
      this.#world.trace.say(`${process.name} is superseded`);
      main.supervisor?.killCells();
      this.#die(main);
    });
    if (!this.#outside.mutant.waitsForNobody) await this.#oldCellsGone(process);
    const supervisor = await Supervisor.open(this.#optionsOf(main, log));
    if (process.ended) return;
    main.supervisor = supervisor;
    supervisor.onSupervision((event) => this.#outside.witness.supervised(event));
    this.current = main;
    this.#starting = false;
    this.#world.trace.say(`${process.name} is up`);
    await supervisor.start();
  }

  #optionsOf(main: Main, log: EventLog): SupervisorOptions {
    const { process } = main;
    const world = this.#world;
    const of = { world, database: this.#database, witness: this.#outside.witness, main: process };
    const { maxLetters, approvalMs, slotGraceMs, ...sizes } = this.sizes;
    return {
      log,
      reads: simReads({ ...of, listening: this.#listening }),
      provisioning: simProvisioning(of),
      openCell: (options, events) => {
        const cell = new SimCell({
          ...options,
          world,
          outside: this.#outside,
          main: process,
          events,
          silentMs: sizes.silentMs,
          pid: ++this.#pids,
          ghost: this.#database.writer.epoch !== log.epoch,
          gone: () => main.cells.delete(cell),
        });
        main.cells.add(cell);
        return cell;
      },
      clock: process.clock,
      random: world.random(`chance of ${process.name}`),
      actor: bareSettings({ approvalMs, slotGraceMs, sandboxOrigin: "https://sandbox.example" }),
      mailbox: {
        maxLetters: this.#outside.mutant.boundless ? 1_000_000 : maxLetters,
        maxCharacters: 100_000,
      },
      maxHeapBytes: 256 * 1_048_576,
      maxRssBytes: 1_024 * 1_048_576,
      listenMs: 60_000,
      ...sizes,
      crash: null,
      report: (text) => world.trace.say(`${process.name}: ${text}`),
    };
  }

  async #oldCellsGone(process: Process): Promise<void> {
    const until = process.clock.now() + OLD_CELLS.mostMs;
    while (this.#outside.cells.size > 0) {
      if (process.clock.now() > until) throw new Error("a cell of an earlier run does not end");
      await new Promise<void>((resolve) => void process.clock.after(OLD_CELLS.everyMs, resolve));
    }
  }

  #die(main: Main): void {
    if (main.process.ended) return;
    main.process.end();
    main.gone.resolve();
    for (const cell of main.cells) cell.orphaned();
    if (this.current === main) this.current = null;
    if (main.supervisor === null) this.#starting = false;
  }

  /** `regardless`: also where another one is up, which it takes over. */
  #startLater(regardless = false): void {
    this.#world.clock.after(this.#random.between(100, 2_000), () => {
      if (regardless || this.current === null) this.start();
    });
  }
}
