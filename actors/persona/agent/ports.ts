import { fetchOnce } from "../fetch_once.ts";

/** What the writers need from outside, so that every test decides about time and network. */
export interface WriterPorts {
  /** ms since the epoch. */
  now(): number;
  /** Runs `run` once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

export const systemPorts: WriterPorts = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  fetch: fetchOnce,
};
