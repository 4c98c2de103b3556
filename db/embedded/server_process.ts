import { EmbeddedPostgresError } from "./binaries.ts";
import { join } from "node:path";

export const SCRIPT = join(import.meta.dirname ?? ".", "postgres.sh");

/** A start that has not succeeded after this long has failed. Recovery after a crash replays at most `max_wal_size`. */
const START_LIMIT_MS = 300_000;
/** Backends of a killed server may live for a moment and hold its memory: then the start is tried again, this often. */
const START_TRIES = 40;
const START_PAUSE_MS = 100;
/** A server that has not shut down after this long is left to the guard of the next start. */
const STOP_LIMIT_MS = 30_000;
const LINES_KEPT = 40;
const MAX_LINE_CHARACTERS = 2_000;

const READY = "database system is ready to accept connections";
const STILL_HELD = "pre-existing shared memory block";

export interface ServerProcess {
  /** Of the server itself, not of its guard. */
  pid: number;
  /** Resolves when it has ended, with the reason for people. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  cluster: string;
  settings: string[];
  environment: Record<string, string>;
  prepare: () => Promise<void>;
  log: (line: string) => void;
}

/** Resolves when the server accepts connections. Throws EmbeddedPostgresError with what it said when it ends before that. */
export async function spawnServer(options: ServerProcessOptions): Promise<ServerProcess> {
  for (let attempt = 1;; attempt++) {
    await options.prepare();
    const outcome = await attemptStart(options);
    if (typeof outcome !== "string") return outcome;
    if (attempt === START_TRIES || !outcome.includes(STILL_HELD)) {
      throw new EmbeddedPostgresError(`The embedded PostgreSQL did not start: ${outcome}`);
    }
    await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MS));
  }
}

async function attemptStart(options: ServerProcessOptions): Promise<ServerProcess | string> {
  const guard = new Deno.Command("sh", {
    args: [SCRIPT, "serve", options.cluster, ...options.settings],
    clearEnv: true,
    env: options.environment,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    // A session of its own: Ctrl-C in a terminal is for the program, which still needs its database while it drains.
    detached: true,
  }).spawn();
  guard.unref();
  const lines: string[] = [];
  const ready = Promise.withResolvers<boolean>();
  let isReady = false;
  const drained = drain(guard.stderr, (line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    if (!isReady && line.includes(READY)) {
      isReady = true;
      ready.resolve(true);
    } else if (isReady && !line.startsWith("LOG:")) options.log(`PostgreSQL: ${line}`);
  });
  const exited = (async () => {
    const status = await guard.status;
    await drained;
    ready.resolve(false);
    return isReady && status.success ? "shut down" : `code ${status.code}: ${lastLines(lines)}`;
  })();
  const limit = setTimeout(() => ready.resolve(false), START_LIMIT_MS);
  const started = await ready.promise;
  clearTimeout(limit);
  const stop = () => {
    guard.ref();
    return endInput(guard.stdin, exited, options.log);
  };
  if (!started) {
    await stop();
    return await exited;
  }
  const pid = Number((await Deno.readTextFile(`${options.cluster}/postmaster.pid`)).split("\n")[0]);
  return { pid, exited, stop };
}

/** The guard takes the end of its input as the order to shut the server down. */
async function endInput(
  input: WritableStream<Uint8Array>,
  exited: Promise<string>,
  log: (line: string) => void,
): Promise<void> {
  try {
    await input.close();
  } catch (error) {
    // The guard is gone already, or was told before: then `exited` resolves by itself.
    if (!(error instanceof TypeError || error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  let limit: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    limit = setTimeout(() => {
      log(
        `the embedded PostgreSQL has not shut down after ${STOP_LIMIT_MS / 1000} s: it is left to its guard`,
      );
      resolve();
    }, STOP_LIMIT_MS);
  });
  await Promise.race([exited, late]);
  clearTimeout(limit);
}

async function drain(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = (parts.pop() ?? "").slice(0, MAX_LINE_CHARACTERS);
    for (const line of parts) onLine(line.slice(0, MAX_LINE_CHARACTERS));
  }
  if (rest !== "") onLine(rest);
}

/** What the server said last, for an error message of one line. */
export function lastLines(lines: string[]): string {
  const said = lines.map((line) => line.trim()).filter((line) => line !== "");
  const told = said.filter((line) => line.startsWith("digi-persona: "));
  if (told.length > 0) return told.join("; ").replaceAll("digi-persona: ", "");
  const fatal = said.filter((line) => /^(FATAL|PANIC|initdb: error|HINT)/.test(line));
  return (fatal.length > 0 ? fatal : said.slice(-3)).join("; ") || "it said nothing";
}
