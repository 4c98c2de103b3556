/** Reads one persona file in a worker without any permission. */
/// <reference lib="deno.worker" />
import { PersonaFileError } from "./persona_file.ts";
import { readPersonaFile } from "./read.ts";

self.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
  try {
    self.postMessage({ file: readPersonaFile(data) });
  } catch (error) {
    if (!(error instanceof PersonaFileError)) throw error;
    const { code, message, field } = error;
    self.postMessage({ refused: { code, message, field } });
  }
};
