/**
 * A cell: a child process that holds several actors, each a Web Worker, relays their frames and judges them. It can be
 * killed for certain, which a worker cannot. It has no secret in its arguments or environment, ignores SIGINT and SIGTERM,
 * and ends when its input ends, so that it never outlives main.
 */
import { readLines } from "../lines.ts";
import type { CellDown, CellUp } from "../persona/protocol.ts";
import { addressed, BEAT_MS, CELL, line, MAX_FRAME } from "../persona/protocol.ts";
import { Out } from "./out.ts";
import { LOOK_MS, Workers } from "./workers.ts";

/** ms between two looks at the resident size: what fills it may take gigabytes within a second. */
const SIZE_MS = 100;
/** Bytes of growth that main is told of at once. */
const GROWTH = 64 * 1024 * 1024;

/** `script` is the entry of its workers. Never returns: it ends the process. */
export async function runCell(args: string[], script: URL): Promise<never> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  const [lockPath, silentMs] = [args[0], Number(args[1])];
  if (lockPath === undefined || !Number.isSafeInteger(silentMs) || silentMs < BEAT_MS) {
    throw new Error(`usage: main.ts LOCK_FILE SILENT_MS, with SILENT_MS at least ${BEAT_MS}`);
  }
  await lockFor(lockPath);
  const end = () => Deno.exit(0);
  const out = new Out((bytes) => Deno.stdout.writeSync(bytes), end);
  const say = (message: CellUp) => out.say(line(CELL, JSON.stringify(message)));
  const workers = new Workers({ script, silentMs, out, say, now: () => performance.now(), end });
  say({ t: "cellReady", pid: Deno.pid });
  beatWith(say, workers);
  setInterval(() => workers.look(), LOOK_MS);
  await hear(workers);
  return end();
}

/** Held while this process lives: a new main takes up older intents only when it holds it. */
async function lockFor(path: string): Promise<void> {
  const lock = await Deno.open(path, { create: true, write: true });
  if (await lock.tryLock(true)) return;
  console.error(`cell: ${path} is held by another cell`);
  Deno.exit(1);
}

/** Every `BEAT_MS`, and at once where much memory was taken since. */
function beatWith(say: (message: CellUp) => void, workers: Workers): void {
  let toldBytes = 0;
  const beat = (rssBytes: number) => {
    toldBytes = rssBytes;
    say({ t: "beat", rssBytes, workers: workers.beats() });
  };
  setInterval(() => beat(Deno.memoryUsage().rss), BEAT_MS);
  setInterval(() => {
    const { rss } = Deno.memoryUsage();
    if (rss > toldBytes + GROWTH) beat(rss);
  }, SIZE_MS);
}

/** Until main says no more. */
async function hear(workers: Workers): Promise<void> {
  for await (const lines of readLines(Deno.stdin.readable, MAX_FRAME)) {
    for (const one of lines) {
      const to = addressed(one);
      if (to === null) throw new Error("main said something that is no line");
      if (to.address === CELL) handle(JSON.parse(to.frame) as CellDown, workers);
      else workers.tell(to.address, to.frame);
    }
  }
}

function handle(message: CellDown, workers: Workers): void {
  switch (message.t) {
    case "startWorker":
      return workers.start(message.address, message.hosts);
    case "stopWorker":
      return workers.stop(message.address);
    default:
      message satisfies never;
  }
}
