/** A real cell with real workers, without a supervisor: what main would do with it is done by the test. */
import { strictEqual } from "node:assert/strict";
import { Link } from "../link.ts";
import type { Fault } from "../persona/fault.ts";
import type { CellUp, Down, Up, WorkerBeat } from "../persona/protocol.ts";
import { addressOf } from "../persona/protocol.ts";
import { emptyIdentity } from "../persona/identity.ts";
import type { CellProcessOptions } from "../supervisor/cell_process.ts";
import { cellOpener } from "../supervisor/cell_process.ts";
import type { CellLink } from "../supervisor/ports.ts";
import { bareSettings } from "../supervisor/testing_ports.ts";

/** ms within which whatever a test waits for has to come. */
const PATIENCE_MS = 20_000;

export type Judged = Extract<CellUp, { t: "judged" }>;
export type Crashed = Extract<CellUp, { t: "workerCrashed" }>;

export interface Ended {
  reason: string;
  outOfMemory: boolean;
  at: number;
}

export class TestCell {
  readonly cell: CellLink;
  readonly actors = new Map<string, TestActor>();
  readonly logged: string[] = [];
  readonly said: (CellUp & { at: number })[] = [];
  ended: Ended | null = null;
  #folder: string;
  #waiting = new Set<() => void>();

  constructor(options: Partial<CellProcessOptions> = {}) {
    this.#folder = Deno.makeTempDirSync({ prefix: "dp-cell-" });
    const open = cellOpener({ lockFolder: this.#folder, maxHeapMb: 256, silentMs: 2_000, ...options });
    this.cell = open({ number: 1, hosts: [] }, {
      fromWorker: (address, frame) => this.#then(() => this.actors.get(address)?.heard(frame)),
      fromCell: (message) => this.#then(() => this.said.push({ ...message, at: Date.now() })),
      ended: (reason, outOfMemory) => this.#then(() => this.ended = { reason, outOfMemory, at: Date.now() }),
      logged: (line) => this.#then(() => this.logged.push(line)),
    });
  }

  /** Starts a worker and waits until it lives; a fault is shown at its `atCommand`th command. */
  async start(personaId: string, fault: Fault | null = null, atCommand = 1): Promise<TestActor> {
    const actor = new TestActor(this, personaId, fault === null ? null : { fault, personaId, atCommand });
    this.actors.set(actor.address, actor);
    this.cell.toCell({ t: "startWorker", address: actor.address, hosts: [] });
    await this.until("ready", () => actor.says("ready"));
    actor.begin();
    await this.until("live", () => actor.says("live"));
    return actor;
  }

  /** What `look` finds, as soon as something that the cell says makes it find something. */
  until<T>(what: string, look: () => T | null | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(again);
        reject(
          new Error(
            `${what}: not within ${PATIENCE_MS} ms; ${JSON.stringify(this.ended)}\n${this.logged.join("\n")}`,
          ),
        );
      }, PATIENCE_MS);
      const again = () => {
        const found = look();
        if (found === null || found === undefined || found === false) return;
        clearTimeout(timer);
        this.#waiting.delete(again);
        resolve(found);
      };
      this.#waiting.add(again);
      again();
    });
  }

  judged(): Promise<Judged & { at: number }> {
    return this.until("a judgement", () => this.said.find((one) => one.t === "judged"));
  }

  crashed(address: string): Promise<Crashed & { at: number }> {
    return this.until(
      "a crash",
      () =>
        this.said.find((one) => one.t === "workerCrashed" && one.address === address) as
          | Crashed & { at: number }
          | undefined,
    );
  }

  end(): Promise<Ended> {
    return this.until("the end of the cell", () => this.ended);
  }

  beats(): { rssBytes: number; workers: WorkerBeat[]; at: number }[] {
    return this.said.filter((one) => one.t === "beat");
  }

  /** Kills it, if it still lives, and looks that it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cell.kill();
    await this.end();
    strictEqual(isAlive(this.cell.pid), false, "its process is gone");
    await Deno.remove(this.#folder, { recursive: true });
  }

  #then(act: () => void): void {
    act();
    for (const again of [...this.#waiting]) again();
  }
}

export class TestActor {
  readonly address: string;
  #heard: Up[] = [];
  #cell: TestCell;
  #personaId: string;
  #fault: Extract<Down, { t: "start" }>["settings"]["fault"];
  #link: Link;
  #seq = 0;

  constructor(cell: TestCell, personaId: string, fault: Extract<Down, { t: "start" }>["settings"]["fault"]) {
    this.#cell = cell;
    this.#personaId = personaId;
    this.#fault = fault;
    this.address = addressOf(personaId, 1);
    this.#link = new Link((frame) => cell.cell.toWorker(this.address, frame), () => Date.now());
  }

  heard(frame: string): void {
    const json = this.#link.take(frame);
    if (json === null) return;
    this.#heard.push(JSON.parse(json) as Up);
  }

  says<T extends Up["t"]>(t: T): Extract<Up, { t: T }> | undefined {
    return this.#heard.findLast((one): one is Extract<Up, { t: T }> => one.t === t);
  }

  tell(message: Down): void {
    this.#link.send(JSON.stringify(message));
  }

  begin(): void {
    this.tell({
      t: "start",
      personaId: this.#personaId,
      epoch: 1,
      settings: bareSettings({ fault: this.#fault }),
      snapshot: null,
      listen: false,
    });
    this.tell({ t: "replay", facts: [], last: true });
  }

  /** One command more, answered or not. */
  command(): number {
    const seq = ++this.#seq;
    this.tell({
      t: "deliver",
      seq,
      commandId: crypto.randomUUID(),
      command: {
        type: "create",
        identity: { ...emptyIdentity, name: "Ada Fern", purpose: "Look up." },
        origin: "form",
      },
      by: "user:test",
      cause: null,
    });
    return seq;
  }

  /** One command, and its answer. */
  async answer(): Promise<void> {
    const seq = this.command();
    await this.#cell.until(
      `the answer of ${this.address}`,
      () => this.#heard.find((one) => (one.t === "decided" || one.t === "refused") && one.seq === seq),
    );
    this.tell({ t: "aborted", seq, reason: "a test writes nothing" });
  }
}

/** Whether a process has not ended; one that only waits to be noticed has. */
export function isAlive(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return !/\) [ZX] /.test(stat);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
