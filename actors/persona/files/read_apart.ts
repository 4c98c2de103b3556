/**
 * Reads persona files away from the main thread: a large hostile one takes seconds, in which nobody would be answered.
 * One file at a time, each in a worker of its own without any permission, ended when it takes too long.
 */
import type { PersonaFile, PersonaFileErrorCode } from "./persona_file.ts";
import { PersonaFileError } from "./persona_file.ts";

const DEADLINE_MS = 20_000;
/** Files that wait for their turn; past it a further one is refused. */
const MAX_WAITING = 8;

type Said = { file: PersonaFile } | {
  refused: { code: PersonaFileErrorCode; message: string; field: string | null };
};

let turn: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** Throws `PersonaFileError`, as `readPersonaFile` does; `busy` and `too_slow` besides. */
export async function readPersonaFileApart(bytes: Uint8Array): Promise<PersonaFile> {
  if (waiting >= MAX_WAITING) {
    throw new PersonaFileError("busy", "other files are being read: try again in a moment");
  }
  waiting++;
  const mine = turn.then(() => readInWorker(bytes)).finally(() => waiting--);
  turn = mine.catch(() => {});
  return await mine;
}

function readInWorker(bytes: Uint8Array): Promise<PersonaFile> {
  const worker = new Worker(new URL("./read_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<PersonaFile>();
  const timer = setTimeout(() => {
    const seconds = DEADLINE_MS / 1_000;
    reject(
      new PersonaFileError(
        "too_slow",
        `reading this file takes more than ${seconds} seconds: make it smaller`,
      ),
    );
  }, DEADLINE_MS);
  worker.onmessage = ({ data }: MessageEvent<Said>) => {
    if ("file" in data) return resolve(data.file);
    const { code, message, field } = data.refused;
    reject(new PersonaFileError(code, message, field));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`reading a persona file failed: ${event.message}`));
  };
  worker.postMessage(bytes);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.terminate();
  });
}
