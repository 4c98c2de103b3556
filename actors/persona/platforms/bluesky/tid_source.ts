import { tid } from "./tid.ts";

/** Fresh TIDs, each later than the one before even where the clock stands still or goes back. */
export function tidSource(nowMs: () => number, random: () => number): () => string {
  const clockId = Math.floor(random() * 1024);
  let last = 0;
  return () => {
    last = Math.max(nowMs() * 1_000, last + 1);
    return tid(last, clockId);
  };
}
