/**
 * A cell: a child process that holds several actors, each a Web Worker, and relays their frames. It can be killed for
 * certain, which a worker cannot. It has no secret in its arguments or environment, ignores SIGINT and SIGTERM, and
 * ends when its input ends, so that it never outlives main.
 */
import { LineWriter, readLines } from "../lines.ts";
import type { CellDown, CellUp } from "../persona/protocol.ts";
import { addressed, CELL, frame, MAX_FRAME } from "../persona/protocol.ts";

// Frames own stdout: whatever is logged goes to stderr, which main drains.
for (const level of ["log", "info", "debug", "warn"] as const) console[level] = console.error;

for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});

const lockPath = Deno.args[0];
if (lockPath === undefined) throw new Error("usage: main.ts LOCK_FILE");
/** Held while this process lives: a new main takes up older intents only when it holds it. */
const lock = await Deno.open(lockPath, { create: true, write: true });
if (!(await lock.tryLock(true))) {
  console.error(`cell: ${lockPath} is held by another cell`);
  Deno.exit(1);
}

const out = new LineWriter(Deno.stdout.writable, () => Deno.exit(0));
const workers = new Map<string, Worker>();

function say(message: CellUp): void {
  out.write(frame(CELL, message));
}

function startWorker(actor: string, hosts: string[]): void {
  const worker = new Worker(new URL("../persona/worker.ts", import.meta.url), {
    type: "module",
    name: actor,
    deno: {
      permissions: {
        net: hosts,
        read: false,
        write: false,
        env: false,
        run: false,
        sys: false,
        ffi: false,
        import: false,
      },
    },
  });
  worker.onmessage = ({ data }) => {
    if (workers.get(actor) !== worker) return;
    if (typeof data !== "string" || data.includes("\n") || data.length > MAX_FRAME) {
      return crashed(actor, worker, "said something that is no frame", "");
    }
    out.write(`${actor} ${data}\n`);
  };
  worker.onmessageerror = () => crashed(actor, worker, "said something that cannot be read", "");
  worker.onerror = (event) => {
    // Without this the error would take the whole cell with it.
    event.preventDefault();
    crashed(actor, worker, event.message, event.error instanceof Error ? event.error.stack ?? "" : "");
  };
  workers.set(actor, worker);
}

function crashed(actor: string, worker: Worker, reason: string, stack: string): void {
  if (workers.get(actor) !== worker) return;
  workers.delete(actor);
  worker.terminate();
  say({ t: "workerCrashed", actor, reason, stack });
}

function handle(message: CellDown): void {
  switch (message.t) {
    case "startWorker":
      return startWorker(message.actor, message.hosts);
    case "stopWorker":
      workers.get(message.actor)?.terminate();
      workers.delete(message.actor);
      return say({ t: "workerStopped", actor: message.actor });
    default:
      message satisfies never;
  }
}

say({ t: "cellReady", pid: Deno.pid });
for await (const lines of readLines(Deno.stdin.readable, MAX_FRAME)) {
  for (const line of lines) {
    const to = addressed(line);
    if (to === null) continue;
    if (to.actor === CELL) handle(JSON.parse(to.json));
    else workers.get(to.actor)?.postMessage(to.json);
  }
}
Deno.exit(0);
