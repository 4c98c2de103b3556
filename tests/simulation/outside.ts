/** What cells and workers find around them. */
import type { SimCell } from "./cell.ts";
import type { Mutant } from "./mutants.ts";
import type { SimPlatform } from "./platform.ts";
import type { Witness } from "./witness.ts";
import type { SimWorker } from "./worker.ts";
import type { SimWriters } from "./writers.ts";

export interface Outside {
  /** All that are not gone, of whatever main. */
  readonly cells: Set<SimCell>;
  /** All that are not gone, also those that nobody can hear any more. */
  readonly workers: Set<SimWorker>;
  readonly platform: SimPlatform;
  readonly writers: SimWriters;
  readonly witness: Witness;
  readonly mutant: Mutant;
}
