/** One run of the real program, from its start to its end. */
import type { ArmedCrash } from "../../actors/crash_point.ts";
import { processesOf } from "./processes.ts";
import type { Process } from "./processes.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
/** Lines of its output that are kept for a failure. */
const LINES_KEPT = 60;
/** Lines that say nothing of their own. */
const STACK = /^\s+at /;

export interface LifeOptions {
  dataDir: string;
  port: number;
  allowedOrigins: string[];
  crash: ArmedCrash | null;
}

export class Life {
  readonly lines: string[] = [];
  /** Resolves at the line "is ready"; never when it ends before. */
  readonly ready: Promise<void>;
  /** What was left of it at the moment of its end: its cells and its database are to go by themselves. */
  readonly ended: Promise<{ code: number; signal: string | null; orphans: Process[] }>;
  /** True once this driver has ended it. */
  killedByUs = false;
  #child: Deno.ChildProcess;
  #listeners = new Set<(line: string) => void>();

  constructor({ dataDir, port, allowedOrigins, crash }: LifeOptions) {
    const child = new Deno.Command(Deno.execPath(), {
      // The crash needs leave to end any process, itself; all else runs under narrow permissions elsewhere.
      args: ["run", "--quiet", "--no-prompt", "--cached-only", "--allow-all", MAIN],
      clearEnv: true,
      env: {
        ...inherited(["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"]),
        DATA_DIR: dataDir,
        PORT: String(port),
        ALLOWED_ORIGINS: allowedOrigins.join(","),
        SANDBOX_AUDIENCE: "0",
        DIGI_PERSONA_CRASH: crash === null ? "" : `${crash.point}:${crash.pass}:${crash.who}`,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.ready = new Promise((resolve) =>
      this.onLine((line) => {
        if (line.includes(" is ready in ")) resolve();
      })
    );
    this.#child = child;
    const drained = Promise.all([this.#drain(child.stdout), this.#drain(child.stderr)]);
    this.ended = (async () => {
      const { code, signal } = await child.status;
      const orphans = processesOf(dataDir);
      await drained;
      return { code, signal, orphans };
    })();
  }

  get pid(): number {
    return this.#child.pid;
  }

  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first line from now on that fits. */
  line(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const stop = this.onLine((line) => {
        if (!pattern.test(line)) return;
        stop();
        resolve(line);
      });
    });
  }

  kill(signal: "SIGKILL" | "SIGTERM"): void {
    this.killedByUs = true;
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #drain(stream: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (STACK.test(line)) continue;
        this.lines.push(line);
        if (this.lines.length > LINES_KEPT) this.lines.shift();
        for (const listener of this.#listeners) listener(line);
      }
    }
  }
}

function inherited(names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
