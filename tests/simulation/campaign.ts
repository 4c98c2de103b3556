/** Many seeds, shared out among threads: each takes the next few when it is done with its last. */
import type { MutantName } from "./mutants.ts";
import type { SimulationResult } from "./simulation.ts";

/** Seeds that a thread takes at once. */
const SHARE = 20;

/** What a thread is asked, and says of each of its seeds. */
export interface Share {
  first: number;
  count: number;
  mutant: MutantName | null;
}
export type Told = Omit<SimulationResult, "trace">;

export interface CampaignOptions {
  first: number;
  seeds: number;
  mutant?: MutantName | null;
  /** @default one for each processor */
  threads?: number;
  /** Told of each run that failed, as it is found. */
  failed?(result: Told): void;
}

export interface CampaignResult {
  seeds: number;
  steps: number;
  /** Virtual ms. */
  lastedMs: number;
  events: number;
  published: number;
  faults: Map<string, number>;
  answers: Map<string, number>;
  /** The runs in which something was not as promised, by seed. */
  failures: Told[];
}

export async function runSeeds(options: CampaignOptions): Promise<CampaignResult> {
  const { first, seeds, mutant = null, threads = navigator.hardwareConcurrency, failed } = options;
  const total: CampaignResult = {
    seeds: 0,
    steps: 0,
    lastedMs: 0,
    events: 0,
    published: 0,
    faults: new Map(),
    answers: new Map(),
    failures: [],
  };
  let next = first;
  const end = first + seeds;
  const take = (): Share | null => {
    if (next >= end) return null;
    const share = { first: next, count: Math.min(SHARE, end - next), mutant };
    next += share.count;
    return share;
  };
  const heard = (result: Told) => {
    total.seeds++;
    total.steps += result.steps;
    total.lastedMs += result.lastedMs;
    total.events += result.events;
    total.published += result.published;
    add(total.faults, result.faults);
    add(total.answers, result.answers);
    if (result.violation === null) return;
    total.failures.push(result);
    failed?.(result);
  };
  await Promise.all(Array.from({ length: threads }, () => runThread(take, heard)));
  total.failures.sort((a, b) => a.seed - b.seed);
  return total;
}

/** A thread of its own, until nothing is left to take. */
function runThread(take: () => Share | null, heard: (result: Told) => void): Promise<void> {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
  return new Promise<void>((resolve, reject) => {
    const give = () => {
      const share = take();
      if (share === null) resolve();
      else worker.postMessage(share);
    };
    worker.onmessage = ({ data }: MessageEvent<Told[]>) => {
      for (const result of data) heard(result);
      give();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    give();
  }).finally(() => worker.terminate());
}

function add(sum: Map<string, number>, more: Map<string, number>): void {
  for (const [name, count] of more) sum.set(name, (sum.get(name) ?? 0) + count);
}
