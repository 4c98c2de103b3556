/** Makes one rendition in a worker without any permission. */
/// <reference lib="deno.worker" />
import type { CodecModules } from "./codec_modules.ts";
import { openCodecs } from "./codecs.ts";
import type { RenditionLimits } from "./limits.ts";
import { PictureRefused } from "./refused.ts";
import { renditionOf } from "./rendition.ts";

export interface Asked {
  file: Uint8Array;
  limits: RenditionLimits;
  modules: CodecModules;
}

// Decoders complain of what is wrong with a file: that is for nobody's log.
const silent = () => {};
Object.assign(console, { log: silent, info: silent, warn: silent, error: silent });

self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  try {
    const rendition = await renditionOf(data.file, data.limits, await openCodecs(data.modules));
    self.postMessage({ rendition }, [rendition.bytes.buffer]);
  } catch (error) {
    if (!(error instanceof PictureRefused)) throw error;
    self.postMessage({ refused: { code: error.code, message: error.message } });
  }
};
