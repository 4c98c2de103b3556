/** Who brought a cell down, as far as that can be known. Pure. */
import type { CellEnd } from "./supervisor_port.ts";

/** One who was in the cell. */
export interface Resident {
  address: string;
  /** It was at something: a command, an effect, its start. */
  busy: boolean;
  /** Of its isolate, as it said last. */
  heapBytes: number;
  externalBytes: number;
}

export interface Blame {
  /** It is charged. */
  guilty: string | null;
  /** Any of these may have done it: each starts again in a cell of its own, uncharged. */
  suspects: string[];
}

export interface BlameLimits {
  maxHeapBytes: number;
  maxRssBytes: number;
}

export function blame(
  { end, guilty }: { end: CellEnd; guilty: string | null },
  residents: Resident[],
  limits: BlameLimits,
): Blame {
  if (end === "asked") return { guilty: null, suspects: [] };
  if (guilty !== null) return { guilty, suspects: [] };
  const [first, ...others] = residents;
  if (first === undefined) return { guilty: null, suspects: [] };
  if (others.length === 0) return { guilty: first.address, suspects: [] };
  const large = residents.filter((one) => holdsTooMuch(one, end, limits));
  if (large.length === 1) return { guilty: large[0]?.address ?? null, suspects: [] };
  // Who was at nothing did not do it. Where nobody was, nobody is spared: else they would fall together for ever.
  const busy = residents.filter((one) => one.busy);
  const suspects = large.length > 1 ? large : busy.length > 0 ? busy : residents;
  return { guilty: null, suspects: suspects.map((one) => one.address) };
}

/** More than half of what brought the cell down: there can be only one or two. */
function holdsTooMuch({ heapBytes, externalBytes }: Resident, end: CellEnd, limits: BlameLimits): boolean {
  if (end === "out_of_memory") return heapBytes > limits.maxHeapBytes / 2;
  return end === "memory" && heapBytes + externalBytes > limits.maxRssBytes / 2;
}
