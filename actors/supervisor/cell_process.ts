/** A cell seen from main: its process, its pipe, its end. */
import { LineWriter, readLines } from "../lines.ts";
import { WINDOW_CHARACTERS } from "../link.ts";
import type { CellUp } from "../persona/protocol.ts";
import { addressed, CELL, line, MAX_FRAME } from "../persona/protocol.ts";
import { drainLog } from "./cell_log.ts";
import type { CellEvents, CellLink, CellOptions, OpenCell } from "./ports.ts";

export interface CellProcessOptions {
  /** Folder of the lock files. */
  lockFolder: string;
  /** Heap limit of each isolate, in MB. */
  maxHeapMb: number;
  /** ms that a worker may be silent before its cell judges it. */
  silentMs: number;
}

/** Characters that wait for a cell to read them: full windows for more workers than a cell has. Past it, it is killed. */
const MAX_WAITING_CHARACTERS = 16 * WINDOW_CHARACTERS;

const root = new URL("../../", import.meta.url);
const path = (relative: string) => decodeURIComponent(new URL(relative, root).pathname);

/** What `deno` is started with. `script` is the cell's own, but for a test that looks at what a cell may do. */
export function cellArguments(
  { number, hosts }: CellOptions,
  { lockFolder, maxHeapMb, silentMs }: CellProcessOptions,
  script = path("actors/cell/main.ts"),
): string[] {
  const lock = `${lockFolder}/${number}.lock`;
  return [
    "run",
    "--no-prompt",
    "--cached-only",
    "--quiet",
    `--config=${path("deno.json")}`,
    ...(hosts.length > 0 ? [`--allow-net=${hosts.join(",")}`] : []),
    `--allow-read=${path("actors/")},${lock}`,
    `--allow-write=${lock}`,
    `--v8-flags=--max-old-space-size=${maxHeapMb}`,
    script,
    lock,
    String(silentMs),
  ];
}

/** What Deno itself needs to find its cache, and no more. */
export function cellEnvironment(): Record<string, string> {
  const names = ["HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

export function cellOpener(process: CellProcessOptions): OpenCell {
  return (options, events) => new CellProcess(cellArguments(options, process), events);
}

class CellProcess implements CellLink {
  #child: Deno.ChildProcess;
  #out: LineWriter;
  #events: CellEvents;
  /** Why it was given up, where that was main's doing. */
  #givenUp = "";
  #gone: Promise<void>;

  constructor(args: string[], events: CellEvents) {
    this.#events = events;
    this.#child = new Deno.Command(Deno.execPath(), {
      args,
      clearEnv: true,
      env: cellEnvironment(),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#out = new LineWriter(this.#child.stdin, {
      maxWaiting: MAX_WAITING_CHARACTERS,
      onBroken: (error) => this.#giveUp(error),
    });
    this.#gone = this.#watch();
  }

  get pid(): number {
    return this.#child.pid;
  }

  toWorker(address: string, frame: string): void {
    this.#out.write(line(address, frame));
  }

  toCell(message: Parameters<CellLink["toCell"]>[0]): void {
    this.#out.write(line(CELL, JSON.stringify(message)));
  }

  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It ended a moment ago: that is what was wanted.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.#out.close();
    await this.#gone;
    clearTimeout(timer);
  }

  async #watch(): Promise<void> {
    const log = drainLog(this.#child.stderr, (one) => this.#events.logged(one), () => performance.now());
    try {
      for await (const lines of readLines(this.#child.stdout, MAX_FRAME)) {
        for (const one of lines) this.#heard(one);
      }
    } catch (error) {
      this.#giveUp(error);
    }
    const status = await this.#child.status;
    // What it died of is among its last lines; anybody may log such a line, but nobody can die of one.
    const crashed = status.signal !== null && status.signal !== "SIGKILL";
    const outOfMemory = await log && crashed;
    this.#events.ended(this.#givenUp || (status.signal ?? `exit ${status.code}`), outOfMemory);
  }

  #heard(one: string): void {
    const from = addressed(one);
    if (from === null) throw new Error("the cell said something that is no line");
    if (from.address === CELL) this.#events.fromCell(JSON.parse(from.frame) as CellUp);
    else this.#events.fromWorker(from.address, from.frame);
  }

  /** A pipe that it closed by ending is no reason of its own: how it ended is. */
  #giveUp(error: unknown): void {
    if (!(error instanceof Deno.errors.BrokenPipe)) {
      this.#givenUp ||= error instanceof Error ? error.message : String(error);
    }
    this.kill();
  }
}
