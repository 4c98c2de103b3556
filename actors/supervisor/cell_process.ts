/** A cell seen from main: its process, its pipe, its end. */
import { LineWriter, readLines } from "../lines.ts";
import type { CellDown, CellUp, Down, Up } from "../persona/protocol.ts";
import { addressed, CELL, frame, MAX_FRAME } from "../persona/protocol.ts";

export interface CellOptions {
  number: number;
  /** Exactly the `host:port` that its workers may speak to. */
  hosts: string[];
  /** Folder of the lock files. */
  lockFolder: string;
  /** Heap limit of each isolate, in MB. */
  maxHeapMb: number;
}

export interface CellEvents {
  fromWorker(actor: string, message: Up): void;
  fromCell(message: CellUp): void;
  /** The process is gone, for certain. */
  ended(reason: string): void;
  /** A line that it or a worker logged. */
  logged(line: string): void;
}

const root = new URL("../../", import.meta.url);
const path = (relative: string) => decodeURIComponent(new URL(relative, root).pathname);

export class CellProcess {
  readonly number: number;
  readonly hosts: string[];
  #child: Deno.ChildProcess;
  #out: LineWriter;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;

  constructor(options: CellOptions, events: CellEvents) {
    this.number = options.number;
    this.hosts = options.hosts;
    const lock = `${options.lockFolder}/${options.number}.lock`;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--cached-only",
        "--quiet",
        `--config=${path("deno.json")}`,
        ...(options.hosts.length > 0 ? [`--allow-net=${options.hosts.join(",")}`] : []),
        `--allow-read=${path("actors/")},${lock}`,
        `--allow-write=${lock}`,
        `--v8-flags=--max-old-space-size=${options.maxHeapMb}`,
        path("actors/cell/main.ts"),
        lock,
      ],
      clearEnv: true,
      env: childEnvironment(),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#out = new LineWriter(this.#child.stdin, () => {});
    this.gone = this.#watch(events);
  }

  get pid(): number {
    return this.#child.pid;
  }

  toWorker(actor: string, message: Down): void {
    this.#out.write(frame(actor, message));
  }

  toCell(message: CellDown): void {
    this.#out.write(frame(CELL, message));
  }

  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It ended a moment ago: that is what was wanted.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Ends its input, so that it ends by itself; kills it when it does not within `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.#out.close();
    await this.gone;
    clearTimeout(timer);
  }

  async #watch(events: CellEvents): Promise<void> {
    const drained = this.#drain(events);
    let reason = "";
    try {
      for await (const lines of readLines(this.#child.stdout, MAX_FRAME)) {
        for (const line of lines) this.#dispatch(line, events);
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      this.kill();
    }
    const status = await this.#child.status;
    await drained;
    events.ended(reason || (status.signal ?? `exit ${status.code}`));
  }

  #dispatch(line: string, events: CellEvents): void {
    const from = addressed(line);
    if (from === null) throw new Error("a line that is no frame");
    if (from.actor === CELL) events.fromCell(JSON.parse(from.json) as CellUp);
    else events.fromWorker(from.actor, JSON.parse(from.json) as Up);
  }

  async #drain(events: CellEvents): Promise<void> {
    try {
      for await (const lines of readLines(this.#child.stderr, MAX_FRAME)) {
        for (const line of lines) events.logged(line);
      }
    } catch (error) {
      events.logged(error instanceof Error ? error.message : String(error));
    }
  }
}

/** What Deno itself needs to find its cache, and no more. */
function childEnvironment(): Record<string, string> {
  const names = ["HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
