/** A cell with few or many actors: what it weighs, how long it takes to come up, and to come back after it was killed. */
import { TestCell } from "../actors/cell/testing.ts";
import { median } from "./measure.ts";
import type { Resident } from "./process_use.ts";
import { cpuMsOf, residentOf } from "./process_use.ts";

/** One actor more is started beside the others this often. */
const ACTIVATIONS = 5;
/** ms of silence that are no fault here: the machine may be busy with other things. */
const SILENT_MS = 60_000;

export interface CellFigures {
  /** With all actors live and idle. */
  full: Resident;
  /** ms until one more actor is live beside the others. */
  activationMs: number;
  /** ms from SIGKILL until every actor is live again in a new process. */
  restartMs: number;
  /** ms of processor time in that: what it comes to when nothing else runs is this over the number of cores. */
  restartCpuMs: number;
}

/** A cell without actors. */
export async function emptyCell(): Promise<Resident> {
  await using cell = await readyCell();
  return await residentOf(cell.cell.pid);
}

/** Without the log's part: nothing is read for an actor, and its stream is empty. */
export async function cellFigures(actors: number): Promise<CellFigures> {
  const names = Array.from({ length: actors }, (_, index) => `actor-${index}`);
  await using cell = await readyCell();
  await Promise.all(names.map((name) => cell.start(name)));
  const full = await residentOf(cell.cell.pid);
  const activations: number[] = [];
  for (let round = 0; round < ACTIVATIONS; round++) {
    const from = performance.now();
    const { address } = await cell.start(`one-more-${round}`);
    activations.push(performance.now() - from);
    cell.cell.toCell({ t: "stopWorker", address });
  }
  const killed = performance.now();
  cell.cell.kill();
  await cell.end();
  await using next = new TestCell({ silentMs: SILENT_MS });
  await Promise.all(names.map((name) => next.start(name)));
  const restartMs = performance.now() - killed;
  const restartCpuMs = await cpuMsOf(next.cell.pid);
  return { full, activationMs: median(activations), restartMs, restartCpuMs };
}

async function readyCell(): Promise<TestCell> {
  const cell = new TestCell({ silentMs: SILENT_MS });
  await cell.until("a cell", () => cell.said.some(({ t }) => t === "cellReady"));
  return cell;
}
