/** What everything in a run stands on: time, chance, faults, the trace, and the first thing that should not be. */
import { SimClock } from "./clock.ts";
import { Faults } from "./faults.ts";
import { Process } from "./process.ts";
import { SimRandom } from "./random.ts";
import { Trace } from "./trace.ts";

export interface Violation {
  invariant: string;
  detail: string;
  step: number;
}

export class World {
  readonly seed: number;
  readonly clock: SimClock;
  readonly faults: Faults;
  readonly trace: Trace;
  violation: Violation | null = null;
  step = 0;

  constructor(seed: number, keepTrace: boolean) {
    this.seed = seed;
    this.clock = new SimClock(this.random("ties"));
    this.faults = new Faults(this.random("faults"));
    this.trace = new Trace(this.clock, keepTrace);
  }

  random(name: string): SimRandom {
    return new SimRandom(this.seed, name);
  }

  process(name: string, failed: (error: unknown) => void): Process {
    return new Process(name, this.clock, failed);
  }

  /** The first one counts: the run ends after this step. */
  violate(invariant: string, detail: string): void {
    this.violation ??= { invariant, detail, step: this.step };
    this.trace.say(`VIOLATION ${invariant}: ${detail}`);
  }
}
