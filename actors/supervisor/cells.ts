/** Which cells there are, and in which one a persona's worker goes: cells are shared by workers with the same hosts. */
import { CellProcess } from "./cell_process.ts";
import type { CellEvents } from "./cell_process.ts";

export interface CellsOptions {
  /** Folder of the lock files; made by `waitForOldCells`. */
  lockFolder: string;
  maxHeapMb: number;
  /** Workers in one cell. */
  actorsPerCell: number;
  /** Called with a cell that is gone and the personas that were in it. */
  ended(cell: CellProcess, personas: string[], reason: string): void;
  events: Pick<CellEvents, "fromWorker" | "logged"> & {
    workerCrashed(personaId: string, reason: string, stack: string): void;
  };
}

interface Cell {
  process: CellProcess;
  personas: Set<string>;
  /** It was told to end; until it is gone it holds its number, and with it the lock. */
  ending: boolean;
}

export class Cells {
  #options: CellsOptions;
  #cells = new Map<number, Cell>();

  constructor(options: CellsOptions) {
    this.#options = options;
  }

  place(personaId: string, hosts: string[]): CellProcess {
    const key = hosts.join(",");
    const free = [...this.#cells.values()].find((cell) =>
      !cell.ending && cell.process.hosts.join(",") === key &&
      cell.personas.size < this.#options.actorsPerCell
    );
    const cell = free ?? this.#open(hosts);
    cell.personas.add(personaId);
    return cell.process;
  }

  /** Ends the persona's worker; a cell without workers ends itself. */
  leave(personaId: string, from: CellProcess): void {
    const cell = this.#cells.get(from.number);
    if (cell?.process !== from || !cell.personas.delete(personaId)) return;
    from.toCell({ t: "stopWorker", actor: personaId });
    if (cell.personas.size > 0) return;
    cell.ending = true;
    void from.close(2_000);
  }

  #open(hosts: string[]): Cell {
    let number = 1;
    while (this.#cells.has(number)) number++;
    const { lockFolder, maxHeapMb, events, ended } = this.#options;
    const personas = new Set<string>();
    const process: CellProcess = new CellProcess({ number, hosts, lockFolder, maxHeapMb }, {
      // A cell speaks for the personas in it: what it still says of one that has left is not heard.
      fromWorker: (personaId, message) => {
        if (personas.has(personaId)) events.fromWorker(personaId, message);
      },
      logged: events.logged,
      fromCell: (message) => {
        if (message.t !== "workerCrashed" || !personas.has(message.actor)) return;
        events.workerCrashed(message.actor, message.reason, message.stack);
      },
      ended: (reason) => {
        if (this.#cells.get(number)?.process === process) this.#cells.delete(number);
        ended(process, [...personas], reason);
      },
    });
    const cell = { process, personas, ending: false };
    this.#cells.set(number, cell);
    return cell;
  }

  /** Ends all cells; resolves when every process is gone. */
  async close(graceMs: number): Promise<void> {
    const cells = [...this.#cells.values()];
    this.#cells.clear();
    await Promise.all(cells.map((cell) => cell.process.close(graceMs)));
  }

  killAll(): void {
    for (const { process } of this.#cells.values()) process.kill();
  }
}

/** Longest wait for the cells of an earlier main to be gone: the life of a permit and the deadline of an attempt. */
const OLD_CELLS_MS = 45_000;

/**
 * Cells of an earlier main hold their locks until they are gone. Nothing is taken up again before: they may still be
 * sending. Throws when one does not end.
 */
export async function waitForOldCells(lockFolder: string, report: (line: string) => void): Promise<void> {
  await Deno.mkdir(lockFolder, { recursive: true, mode: 0o700 });
  const until = Date.now() + OLD_CELLS_MS;
  let told = false;
  for await (const entry of Deno.readDir(lockFolder)) {
    if (!entry.name.endsWith(".lock")) continue;
    const path = `${lockFolder}/${entry.name}`;
    using file = await Deno.open(path, { write: true });
    while (!(await file.tryLock(true))) {
      if (Date.now() > until) {
        throw new Error(`a cell of an earlier run still holds ${path}: end that process first`);
      }
      if (!told) report("waiting for the processes of an earlier run to end: they may still be sending");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await file.unlock();
  }
}
