/** The workers of a cell: started, relayed, judged, ended. */
import type { CellUp, WorkerBeat } from "../persona/protocol.ts";
import { BEAT, line } from "../persona/protocol.ts";
import type { Death, Vitals } from "../persona/to_cell.ts";
import { bounded, LAST_WORD, LEAVE, readBeat, readLastWord } from "../persona/to_cell.ts";
import { Watchdog } from "../watchdog.ts";
import type { Finding } from "./account.ts";
import { Account } from "./account.ts";
import type { Out } from "./out.ts";
import { workerPermissions } from "./permissions.ts";

/** ms between two looks at who is silent. */
export const LOOK_MS = 500;
/** ms from a judgement until the cell ends by itself, should main not have killed it. */
const JUDGED_MS = 1_000;

export interface WorkersOptions {
  /** Of the worker that is started; a test has its own. */
  script: URL;
  /** ms that a worker may be silent. */
  silentMs: number;
  out: Out;
  say(message: CellUp): void;
  /** ms, by a clock that is never set. */
  now(): number;
  /** Ends the cell. */
  end(): void;
}

interface Inmate {
  worker: Worker;
  account: Account;
  vitals: Vitals;
  /** It was told to end, and has not said that it does. */
  leaving: boolean;
}

const newborn: Vitals = { heapBytes: 0, externalBytes: 0, sent: 0, taken: 0 };

export class Workers {
  #options: WorkersOptions;
  #inmates = new Map<string, Inmate>();
  /**
   * Counts beats alone: a frame proves that a worker runs, not that its loop goes round. From the first beat on: how long
   * it takes to come up depends on the machine more than on the worker, and main has a limit for that.
   */
  #watchdog: Watchdog<string>;

  constructor(options: WorkersOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog({ silentMs: options.silentMs, everyMs: LOOK_MS, now: options.now });
  }

  start(address: string, hosts: string[]): void {
    const worker = new Worker(this.#options.script, {
      type: "module",
      name: address,
      deno: { permissions: workerPermissions(hosts) },
    });
    const inmate = { worker, account: new Account(this.#options.now), vitals: newborn, leaving: false };
    this.#inmates.set(address, inmate);
    const still = () => this.#inmates.get(address) === inmate;
    worker.onmessage = ({ data }) => {
      if (still()) this.#heard(address, inmate, data);
    };
    worker.onmessageerror = () => {
      if (still()) this.#judge(address, { verdict: "protocol", detail: "it said what cannot be read" });
    };
    worker.onerror = (event) => {
      // Without this the error would take the whole cell with it.
      event.preventDefault();
      const stack = event.filename ? `    at ${event.filename}:${event.lineno}:${event.colno}` : "";
      if (still()) this.#crashed(address, bounded({ reason: event.message, stack }));
    };
  }

  /**
   * It is not heard any more from now on. Ending it would prove nothing, since its thread may run on: it says itself that it
   * ends, or is judged like one that is silent.
   */
  stop(address: string): void {
    const inmate = this.#inmates.get(address);
    if (inmate === undefined || inmate.leaving) return;
    // It has not come up: nothing that a persona is made of has run in it.
    if (inmate.vitals === newborn) return this.#forget(address);
    inmate.leaving = true;
    inmate.worker.postMessage(LEAVE);
    this.#watchdog.heard(address);
  }

  /** A frame of main's for a worker. One that is gone misses it. */
  tell(address: string, frame: string): void {
    const inmate = this.#inmates.get(address);
    if (inmate === undefined || inmate.leaving) return;
    inmate.account.heard(frame);
    inmate.worker.postMessage(frame);
  }

  /** To be called every `LOOK_MS`. */
  look(): void {
    for (const address of this.#watchdog.look()) {
      const silentMs = Math.round(this.#watchdog.silence(address));
      this.#judge(address, { verdict: "worker_silent", detail: `not heard for ${silentMs} ms` });
    }
  }

  beats(): WorkerBeat[] {
    const staying = [...this.#inmates].filter(([, { leaving }]) => !leaving);
    return staying.map(([address, { vitals }]) => ({
      address,
      ...vitals,
      silentMs: Math.round(this.#watchdog.silence(address)),
    }));
  }

  #heard(address: string, inmate: Inmate, said: unknown): void {
    if (said === LEAVE && inmate.leaving) return this.#forget(address);
    if (typeof said === "string" && said.startsWith(BEAT)) return this.#beat(address, inmate, said);
    if (typeof said === "string" && said.startsWith(LAST_WORD)) {
      const death = readLastWord(said);
      if (death !== null) return this.#crashed(address, death);
    }
    const finding = inmate.account.said(said);
    if (finding !== null) return this.#judge(address, finding);
    if (!inmate.leaving) this.#options.out.say(line(address, String(said)));
  }

  #beat(address: string, inmate: Inmate, said: string): void {
    const vitals = readBeat(said);
    const finding: Finding | null = vitals === null
      ? { verdict: "protocol", detail: "a beat that is none" }
      : inmate.account.beat();
    if (finding !== null) return this.#judge(address, finding);
    inmate.vitals = vitals ?? inmate.vitals;
    if (!inmate.leaving) this.#watchdog.heard(address);
  }

  #crashed(address: string, death: Death): void {
    const wanted = this.#inmates.get(address)?.leaving;
    this.#forget(address);
    if (!wanted) this.#options.say({ t: "workerCrashed", address, ...death });
  }

  /**
   * Said at once and out when this returns: a worker that floods lets nothing else of this loop run. Its thread may run on
   * when it is told to end, so the cell has to end too; but its neighbours are heard again until then.
   */
  #judge(address: string, finding: Finding): void {
    this.#forget(address);
    this.#options.say({ t: "judged", address, ...finding });
    this.#options.out.flush();
    setTimeout(() => this.#options.end(), JUDGED_MS);
  }

  #forget(address: string): void {
    this.#inmates.get(address)?.worker.terminate();
    this.#inmates.delete(address);
    this.#watchdog.forget(address);
  }
}
