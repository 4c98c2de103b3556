/**
 * A cell: it relays the lines of its workers, counts and judges them as the real one does, and may itself be slow to come, be
 * stuck, die, or take a while to be killed.
 */
import type { CellDown, CellUp, Verdict, WorkerBeat } from "../../actors/persona/protocol.ts";
import { addressed, BEAT, BEAT_MS, CELL, line } from "../../actors/persona/protocol.ts";
import { LAST_WORD, readBeat, readLastWord } from "../../actors/persona/to_cell.ts";
import type { Vitals } from "../../actors/persona/to_cell.ts";
import { Account } from "../../actors/cell/account.ts";
import { LOOK_MS } from "../../actors/cell/workers.ts";
import { parts } from "../../actors/link.ts";
import { Watchdog } from "../../actors/watchdog.ts";
import type { CellEvents, CellLink, CellOptions } from "../../actors/supervisor/ports.ts";
import type { Outside } from "./outside.ts";
import { Pipe } from "./pipe.ts";
import type { Process } from "./process.ts";
import type { SimRandom } from "./random.ts";
import { personaOf, SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

const MB = 1_048_576;
/** ms from a judgement until the cell ends by itself, should main not have killed it. */
const JUDGED_MS = 1_000;

export interface SimCellOptions extends CellOptions {
  world: World;
  outside: Outside;
  main: Process;
  events: CellEvents;
  silentMs: number;
  pid: number;
  /** Its main was taken over already, and has not found out: nothing that happens in it can be committed. */
  ghost: boolean;
  /** It is gone, for certain. */
  gone(): void;
}

interface Inmate {
  worker: SimWorker;
  account: Account;
  vitals: Vitals;
}

export class SimCell implements CellLink {
  readonly pid: number;
  readonly name: string;
  readonly process: Process;
  readonly workers = new Set<SimWorker>();
  #options: SimCellOptions;
  #random: SimRandom;
  #inmates = new Map<string, Inmate>();
  #watchdog: Watchdog<string>;
  #down: Pipe<string | null>;
  #up: Pipe<string>;
  #killed = false;
  #ended = false;
  #told = false;
  #reported = Promise.withResolvers<void>();

  constructor(options: SimCellOptions) {
    const { world, outside, number, pid } = options;
    this.#options = options;
    this.pid = pid;
    this.name = `cell ${number}/${pid}`;
    this.#random = world.random(this.name);
    this.process = world.process(this.name, (error) => {
      const what = error instanceof Error ? error.stack ?? error.message : String(error);
      world.violate("a cell throws for nothing that can happen", what);
    });
    const clock = this.process.clock;
    this.#watchdog = new Watchdog({
      silentMs: options.silentMs,
      everyMs: LOOK_MS,
      now: () => clock.now(),
    });
    const lineMs = () =>
      world.faults.strikes("line_slow") ? this.#random.between(100, 3_000) : this.#random.between(0, 2);
    this.#down = new Pipe(world.clock, lineMs, (text) => this.process.run(() => this.#heard(text)));
    this.#up = new Pipe(
      world.clock,
      lineMs,
      (text) => options.main.run(() => this.#toMain(text)),
    );
    outside.cells.add(this);
    world.trace.say(`${this.name} opens for ${options.hosts.join(",") || "nobody"}`);
    this.#begin();
  }

  toWorker(address: string, frame: string): void {
    const { world, outside } = this.#options;
    const { faults } = world;
    if (frame.includes('"t":"permit"')) {
      outside.witness.granted(parts(frame).json, address, this.#options.main);
    }
    if (this.#loses(address)) return;
    this.#down.send(line(address, frame));
    if (faults.strikes("frame_repeated")) this.#down.send(line(address, frame));
  }

  toCell(message: CellDown): void {
    this.#down.send(line(CELL, JSON.stringify(message)));
  }

  kill(): void {
    if (this.#killed || this.#ended) return;
    this.#killed = true;
    const { world, outside } = this.#options;
    world.trace.say(`${this.name} is to be killed`);
    // Until the kill takes effect everything in it goes on.
    const afterMs = world.faults.strikes("kill_slow")
      ? this.#random.between(100, 5_000)
      : this.#random.between(1, 15);
    world.clock.after(afterMs, () => this.end("killed", false));
    if (outside.mutant.reportsAtKill) this.#report("killed", false);
  }

  close(graceMs: number): Promise<void> {
    this.#endOfInput();
    this.#options.main.clock.after(graceMs, () => this.kill());
    return this.#reported.promise;
  }

  /** Nobody writes to it any more: it ends by itself, if it can. */
  orphaned(): void {
    this.#endOfInput();
  }

  /** The process is gone, and everything in it. */
  end(reason: string, outOfMemory: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    const { world, outside } = this.#options;
    world.trace.say(`${this.name} is gone: ${reason}`);
    this.process.end();
    for (const worker of this.workers) worker.end();
    this.workers.clear();
    outside.cells.delete(this);
    this.#options.gone();
    world.clock.after(this.#random.between(1, 10), () => this.#report(reason, outOfMemory));
  }

  get ended(): boolean {
    return this.#ended;
  }

  #report(reason: string, outOfMemory: boolean): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.main.run(() => {
      this.#reported.resolve();
      this.#options.events.ended(reason, outOfMemory);
    });
  }

  #begin(): void {
    const { world } = this.#options;
    if (world.faults.strikes("cell_no_start")) {
      world.clock.after(this.#random.between(10, 300), () => this.end("it did not start", false));
      return;
    }
    const startMs = world.faults.strikes("cell_slow_start")
      ? this.#random.between(500, 8_000)
      : this.#random.between(40, 90);
    // What it is told meanwhile waits in its input.
    this.process.stick(startMs);
    this.process.run(() => {
      this.#say({ t: "cellReady", pid: this.pid });
      this.#beat();
      this.#look();
    });
  }

  #heard(text: string | null): void {
    if (text === null) return this.end("end of input", false);
    const to = addressed(text.trimEnd());
    if (to === null) throw new Error("main said something that is no line");
    if (to.address === CELL) return this.#handle(JSON.parse(to.frame) as CellDown);
    const inmate = this.#inmates.get(to.address);
    if (inmate === undefined) return;
    inmate.account.heard(to.frame);
    inmate.worker.hear(to.frame);
  }

  #handle(message: CellDown): void {
    if (message.t === "stopWorker") return this.#forget(message.address);
    const { world, outside } = this.#options;
    const { address } = message;
    const startMs = world.faults.strikes("worker_slow_start")
      ? this.#random.between(200, 3_000)
      : this.#random.between(15, 60);
    const account = new Account(() => this.process.clock.now());
    this.#watchdog.heard(address);
    const worker: SimWorker = new SimWorker({
      world,
      outside,
      address,
      pid: this.pid,
      ghost: this.#options.ghost,
      said: (text) =>
        this.process.run(() => {
          if (this.#inmates.get(address)?.worker === worker) this.#workerSaid(address, text);
        }),
    });
    this.workers.add(worker);
    this.#inmates.set(address, {
      worker,
      account,
      vitals: { heapBytes: 0, externalBytes: 0, sent: 0, taken: 0 },
    });
    worker.begin(startMs);
  }

  #workerSaid(address: string, text: string): void {
    const inmate = this.#inmates.get(address);
    if (inmate === undefined) return;
    if (text.startsWith(BEAT)) {
      const finding = inmate.account.beat();
      if (finding !== null) return this.#judge(address, finding.verdict, finding.detail);
      inmate.vitals = readBeat(text) ?? inmate.vitals;
      return this.#watchdog.heard(address);
    }
    if (text.startsWith(LAST_WORD)) {
      const death = readLastWord(text);
      this.#forget(address);
      return this.#say({ t: "workerCrashed", address, ...death ?? { reason: "unknown", stack: "" } });
    }
    const finding = inmate.account.said(text);
    if (finding !== null) return this.#judge(address, finding.verdict, finding.detail);
    const { faults } = this.#options.world;
    if (this.#loses(address)) return;
    this.#up.send(line(address, text));
    if (faults.strikes("frame_repeated")) this.#up.send(line(address, text));
  }

  /** What follows looks like the worker's own doing. */
  #loses(address: string): boolean {
    const { world, outside } = this.#options;
    if (!world.faults.strikes("frame_lost")) return false;
    outside.witness.hit(personaOf(address));
    return true;
  }

  #look(): void {
    for (const address of this.#watchdog.look()) {
      this.#judge(address, "worker_silent", `not heard for ${this.#watchdog.silence(address)} ms`);
    }
    this.process.clock.after(LOOK_MS, () => this.#look());
  }

  #judge(address: string, verdict: Verdict, detail: string): void {
    this.#forget(address);
    this.#say({ t: "judged", address, verdict, detail });
    this.process.clock.after(JUDGED_MS, () => this.end("it judged one of its own", false));
  }

  /** A worker that is in a loop runs on when it is told to end: only the end of its cell ends it. */
  #forget(address: string): void {
    const worker = this.#inmates.get(address)?.worker;
    if (worker !== undefined && !worker.looping) {
      worker.end();
      this.workers.delete(worker);
    }
    this.#inmates.delete(address);
    this.#watchdog.forget(address);
  }

  #beat(): void {
    const workers: WorkerBeat[] = [...this.#inmates].map(([address, { vitals }]) => ({
      address,
      ...vitals,
      silentMs: this.#watchdog.silence(address),
    }));
    this.#say({ t: "beat", rssBytes: 60 * MB, workers });
    this.process.clock.after(BEAT_MS, () => this.#beat());
  }

  #say(message: CellUp): void {
    this.#up.send(line(CELL, JSON.stringify(message)));
  }

  #toMain(text: string): void {
    const from = addressed(text.trimEnd());
    if (from === null) throw new Error("a cell said something that is no line");
    const { events } = this.#options;
    if (from.address === CELL) events.fromCell(JSON.parse(from.frame) as CellUp);
    else events.fromWorker(from.address, from.frame);
  }

  #endOfInput(): void {
    this.#down.send(null);
  }
}
