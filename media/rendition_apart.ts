/**
 * Makes renditions away from the main thread: they take seconds, and files may be hostile. One at a time, each in a worker of its
 * own without any permission, so that what it needed of memory is given back. A worker that is in a loop of its own runs on when it
 * is ended: so the work is bounded by what is read before decoding (limits.ts), and the deadline is only for who waits.
 */
import { codecModules } from "./codec_modules.ts";
import type { RenditionLimits } from "./limits.ts";
import { type PictureFault, PictureRefused } from "./refused.ts";
import type { Rendition } from "./rendition.ts";
import type { Asked } from "./rendition_worker.ts";

const DEADLINE_MS = 45_000;
/** Pictures that wait for their turn, the one at work included; past it a further one is refused. */
const MAX_WAITING = 8;

type Said = { rendition: Rendition } | { refused: { code: PictureFault; message: string } };

let turn: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** As `renditionOf`. Throws PictureRefused; `busy` and `too_slow` besides. */
export async function renditionFor(
  file: Uint8Array,
  limits: RenditionLimits,
  options: { deadlineMs?: number } = {},
): Promise<Rendition> {
  if (waiting >= MAX_WAITING) {
    throw new PictureRefused("busy", "Other pictures are being made ready: try again in a moment.");
  }
  waiting++;
  const mine = turn.then(() => inWorker(file, limits, options.deadlineMs ?? DEADLINE_MS)).finally(() =>
    waiting--
  );
  turn = mine.catch(() => {});
  return await mine;
}

async function inWorker(file: Uint8Array, limits: RenditionLimits, deadlineMs: number): Promise<Rendition> {
  const modules = await codecModules();
  const worker = new Worker(new URL("./rendition_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Rendition>();
  const timer = setTimeout(() => {
    reject(new PictureRefused("too_slow", "Making this picture ready takes too long: make it smaller."));
  }, deadlineMs);
  worker.onmessage = ({ data }: MessageEvent<Said>) => {
    if ("rendition" in data) resolve(data.rendition);
    else reject(new PictureRefused(data.refused.code, data.refused.message));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`making a picture ready failed: ${event.message}`));
  };
  worker.postMessage({ file, limits, modules } satisfies Asked);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
