/**
 * Which cells there are, who is in them, and whether they are still alive: cells are shared by workers with the same
 * hosts, and each is judged by its beats. A cell that has to be ended is killed, and heard of again when it is gone.
 */
import type { Clock } from "../ports.ts";
import type { CellUp, WorkerBeat } from "../persona/protocol.ts";
import { BEAT_MS } from "../persona/protocol.ts";
import { Watchdog } from "../watchdog.ts";
import type { CellLink, OpenCell } from "./ports.ts";
import type { CellEnd, CellStatus } from "./supervisor_port.ts";

/** A cell without workers is kept for this long: the next one starts faster in it. */
const LINGER_MS = 60_000;
/** ms that a cell gets to end by itself. */
const GRACE_MS = 2_000;

/** One life of an actor, as its cell knows it. */
export interface Occupant {
  readonly address: string;
  readonly personaId: string;
  heard(frame: string): void;
  beat(beat: WorkerBeat): void;
  crashed(reason: string, stack: string): void;
}

/** How a cell came to its end. `guilty`: the address of who is known to have done it. */
export interface Ending {
  end: CellEnd;
  guilty: string | null;
  detail: string;
}

export interface CellsOptions {
  open: OpenCell;
  clock: Clock;
  /** Workers in one cell. */
  actorsPerCell: number;
  /** ms of silence after which a cell is stuck. */
  silentMs: number;
  /** Resident size past which a cell is ended. */
  maxRssBytes: number;
  /** A cell is gone for certain, with who was in it. */
  ended(cell: Cell, occupants: Occupant[], ending: Ending): void;
  logged(line: string): void;
}

export class Cell {
  readonly number: number;
  readonly hosts: string[];
  readonly link: CellLink;
  readonly startedAt: number;
  readonly occupants = new Map<string, Occupant>();
  /** Nobody else may join who is in it. */
  readonly alone: boolean;
  ready = false;
  rssBytes: number | null = null;
  /** It was told to end; until it is gone it holds its number, and with it the lock. */
  ending: Ending | null = null;
  emptySince: number | null = null;
  /** When (ms) it was heard last. */
  heardAt: number;
  /** When (ms) it was heard again after a silence: until then nobody in it could be. */
  backAt = 0;

  constructor(number: number, hosts: string[], alone: boolean, startedAt: number, link: CellLink) {
    this.number = number;
    this.hosts = hosts;
    this.alone = alone;
    this.startedAt = startedAt;
    this.heardAt = startedAt;
    this.link = link;
  }
}

export class Cells {
  #options: CellsOptions;
  #cells = new Map<number, Cell>();
  #watchdog: Watchdog<Cell>;

  constructor(options: CellsOptions) {
    this.#options = options;
    const { silentMs, clock } = options;
    this.#watchdog = new Watchdog({ silentMs, everyMs: BEAT_MS, now: () => clock.now() });
  }

  /** Starts the worker of an occupant in a cell with exactly these hosts. */
  place(occupant: Occupant, hosts: string[], alone: boolean): Cell {
    const key = hosts.join(",");
    const free = alone
      ? undefined
      : [...this.#cells.values()].find((cell) =>
        cell.ending === null && !cell.alone && cell.hosts.join(",") === key &&
        cell.occupants.size < this.#options.actorsPerCell
      );
    const cell = free ?? this.#open(hosts, alone);
    cell.occupants.set(occupant.address, occupant);
    cell.emptySince = null;
    cell.link.toCell({ t: "startWorker", address: occupant.address, hosts });
    return cell;
  }

  /** Takes an occupant out, its worker ended. */
  leave(address: string, cell: Cell): void {
    if (!cell.occupants.delete(address)) return;
    if (cell.ending === null) cell.link.toCell({ t: "stopWorker", address });
    if (cell.occupants.size > 0) return;
    cell.emptySince = this.#options.clock.now();
    if (cell.alone) this.#close(cell);
  }

  /** Kills it. The first reason counts. */
  condemn(cell: Cell, ending: Ending): void {
    cell.ending ??= ending;
    cell.link.kill();
  }

  /** To be called every `BEAT_MS`. */
  look(): void {
    const { clock, silentMs } = this.#options;
    for (const cell of this.#watchdog.look()) {
      const detail = `it said nothing for ${silentMs / 1_000} s`;
      this.condemn(cell, { end: "cell_silent", guilty: null, detail });
    }
    for (const cell of this.#cells.values()) {
      if (cell.emptySince !== null && clock.now() - cell.emptySince >= LINGER_MS) this.#close(cell);
    }
  }

  /** It has left out beats: longer than chance explains, shorter than what it is ended for. */
  isSilent(cell: Cell): boolean {
    return this.#options.clock.now() - cell.heardAt > 2 * BEAT_MS;
  }

  statuses(): CellStatus[] {
    return [...this.#cells.values()].map((cell) => ({
      number: cell.number,
      pid: cell.link.pid,
      state: cell.ending !== null ? "ending" : cell.ready ? "ready" : "starting",
      hosts: cell.hosts,
      rssBytes: cell.rssBytes,
      startedAt: new Date(cell.startedAt).toISOString(),
      silentMs: this.#watchdog.silence(cell),
      personas: [...cell.occupants.values()].map((occupant) => occupant.personaId),
    }));
  }

  /** Ends all cells; resolves when every process is gone. */
  async close(): Promise<void> {
    await Promise.all([...this.#cells.values()].map((cell) => this.#close(cell)));
  }

  killAll(): void {
    for (const { link } of this.#cells.values()) link.kill();
  }

  #close(cell: Cell): Promise<void> {
    cell.ending ??= { end: "asked", guilty: null, detail: "it was not needed any more" };
    this.#watchdog.forget(cell);
    return cell.link.close(GRACE_MS);
  }

  #open(hosts: string[], alone: boolean): Cell {
    let number = 1;
    while (this.#cells.has(number)) number++;
    const { open, clock, logged } = this.#options;
    const link = open({ number, hosts }, {
      // A cell speaks for those in it: what it still says of one that has left is not heard.
      fromWorker: (address, frame) => cell.occupants.get(address)?.heard(frame),
      fromCell: (message) => this.#heard(cell, message),
      ended: (reason, outOfMemory) => this.#gone(cell, reason, outOfMemory),
      logged,
    });
    const cell = new Cell(number, hosts, alone, clock.now(), link);
    this.#cells.set(number, cell);
    return cell;
  }

  #heard(cell: Cell, message: CellUp): void {
    if (cell.ending !== null) return;
    const now = this.#options.clock.now();
    if (this.isSilent(cell)) cell.backAt = now;
    cell.heardAt = now;
    this.#watchdog.heard(cell);
    switch (message.t) {
      case "cellReady":
        cell.ready = true;
        return;
      case "beat":
        cell.rssBytes = message.rssBytes;
        for (const beat of message.workers) cell.occupants.get(beat.address)?.beat(beat);
        if (message.rssBytes > this.#options.maxRssBytes) {
          const detail = `it held ${Math.round(message.rssBytes / 1_048_576)} MB`;
          this.condemn(cell, { end: "memory", guilty: null, detail });
        }
        return;
      case "workerCrashed":
        return cell.occupants.get(message.address)?.crashed(message.reason, message.stack);
      case "judged":
        return this.condemn(cell, { end: message.verdict, guilty: message.address, detail: message.detail });
      default:
        message satisfies never;
    }
  }

  #gone(cell: Cell, reason: string, outOfMemory: boolean): void {
    if (this.#cells.get(cell.number) === cell) this.#cells.delete(cell.number);
    this.#watchdog.forget(cell);
    const occupants = [...cell.occupants.values()];
    cell.occupants.clear();
    const end = outOfMemory ? "out_of_memory" : "ended";
    this.#options.ended(cell, occupants, cell.ending ?? { end, guilty: null, detail: reason });
  }
}
