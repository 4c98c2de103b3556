/** One run: everything of one seed, step by step, until all has come to rest or something was not as promised. */
import { setImmediate } from "node:timers";
import { Blows } from "./blows.ts";
import type { Fault } from "./faults.ts";
import { SimDatabase } from "./database.ts";
import { guardTime } from "./guard.ts";
import type { Mutant } from "./mutants.ts";
import { NO_MUTANT } from "./mutants.ts";
import type { Outside } from "./outside.ts";
import { People } from "./people.ts";
import { SimPlatform } from "./platform.ts";
import { Program } from "./program.ts";
import { Rest } from "./rest.ts";
import { Witness } from "./witness.ts";
import { World } from "./world.ts";
import type { Violation } from "./world.ts";
import { SimWriters } from "./writers.ts";

/** More are no run but a circle. */
const MAX_STEPS = 300_000;
/** ms of the run in which things go wrong, at least and at most. */
const STORM_MS = { least: 15_000, most: 60_000 };

export interface SimulationOptions {
  seed: number;
  /** @default the program as it is */
  mutant?: Mutant;
  /** Keep the trace in words. @default false */
  trace?: boolean;
}

export interface SimulationResult {
  seed: number;
  violation: Violation | null;
  steps: number;
  /** Virtual ms. */
  lastedMs: number;
  events: number;
  /** Parts of posts that went out. */
  published: number;
  faults: Map<Fault, number>;
  answers: Map<string, number>;
  /** The same for the same seed. */
  hash: string;
  trace: string[];
}

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, mutant = NO_MUTANT, trace = false } = options;
  const world = new World(seed, trace);
  const random = world.random("sizes");
  const database = new SimDatabase(world, !mutant.unfenced);
  const workers: Outside["workers"] = new Set();
  const witness = new Witness(world, database, () => workers);
  const outside: Outside = {
    cells: new Set(),
    workers,
    witness,
    mutant,
    platform: new SimPlatform(world, witness, mutant),
    writers: new SimWriters(world, witness),
  };
  const program = new Program(world, database, outside);
  const people = new People(world, program, outside, random.between(1, 4));
  const rest = new Rest({ world, database, outside, program, people, witness });
  const begun = world.clock.now();

  let over = false;
  const story = async () => {
    program.start();
    people.start();
    new Blows(world, database, outside, program).start();
    await rest.waits(random.between(STORM_MS.least, STORM_MS.most));
    await rest.come();
  };
  const failed = (error: unknown) => {
    world.violate(
      "the simulation itself does not fail",
      error instanceof Error ? error.stack ?? error.message : `${error}`,
    );
  };
  const unhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    const { reason } = event;
    world.violate(
      "no rejection is left unhandled",
      reason instanceof Error ? reason.stack ?? reason.message : `${reason}`,
    );
  };
  globalThis.addEventListener("unhandledrejection", unhandled);
  const undo = [
    mutant.install?.(),
    guardTime((what) =>
      world.violate("a run knows no time and no chance but its own", `${what} ${new Error().stack}`)
    ),
  ];
  try {
    story().then(() => over = true, failed);
    await drained();
    while (!over && world.violation === null) {
      world.step++;
      if (!world.clock.fire()) {
        world.violate("a run goes on until it is over", "nothing is waited for any more");
      }
      await drained();
      rest.look();
      if (world.step > MAX_STEPS) world.violate("a run comes to its end", `${MAX_STEPS} steps`);
    }
  } finally {
    for (const one of undo) one?.();
    globalThis.removeEventListener("unhandledrejection", unhandled);
  }
  return {
    seed,
    violation: world.violation,
    steps: world.step,
    lastedMs: world.clock.now() - begun,
    events: database.store.events.length,
    published: outside.platform.published,
    faults: world.faults.counts,
    answers: people.client.answers,
    hash: world.trace.hash,
    trace: world.trace.lines,
  };
}

/** Everything that follows from what was done has been done. */
function drained(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
