/** Twenty personas with an account each on the sandbox, sharing cells, all of them at work. */
import type { CellStatus } from "../../actors/supervisor/supervisor_port.ts";
import { emptyLedger } from "../crash/author.ts";
import type { Ledger } from "../crash/author.ts";
import { randomOf } from "../crash/plan.ts";
import { leftOver, processesOf } from "../crash/processes.ts";
import type { FreshDatabase } from "../database.ts";
import { freshDatabase } from "../database.ts";
import type { Running } from "../running_supervisor.ts";
import { ada, runSupervisor } from "../running_supervisor.ts";
import { Author } from "./author.ts";
import { Caller } from "./caller.ts";
import { Commits } from "./commits.ts";

export const PERSONAS = 20;
const ACTORS_PER_CELL = 8;
/**
 * ms without a sign of life: short, so that a round is; and long enough for a good worker where eight processes start at
 * once on two cores.
 */
const SILENT_MS = 5_000;
/** Of one isolate; a persona at this load holds a tenth of it. */
const MAX_HEAP_BYTES = 128 * 1_048_576;
/** Of one cell; a full one at this load holds less than half of it. */
const MAX_RSS_BYTES = 1_024 * 1_048_576;
/** For cells that were ended to be gone. */
const GONE_MS = 20_000;

export interface Inhabitant {
  personaId: string;
  /** On the sandbox. */
  accountId: string;
  caller: Caller;
  ledger: Ledger;
}

export interface World {
  running: Running;
  database: FreshDatabase;
  commits: Commits;
  inhabitants: Inhabitant[];
  /** Whatever should not be; each is one sentence. */
  violations: string[];
  /** How often each persona was rightly charged so far. */
  charged: Map<string, number>;
  /** Resolves when every post that was begun is out. */
  finish(): Promise<void>;
  /** Ends everything. Safe to call however things went. */
  close(): Promise<void>;
}

/** Resolves when everybody is linked and at work. What they do follows from the seed. */
export async function openWorld(seed: number): Promise<World> {
  const database = await freshDatabase();
  const running = await runSupervisor(database, {
    silentMs: SILENT_MS,
    actorsPerCell: ACTORS_PER_CELL,
    maxHeapBytes: MAX_HEAP_BYTES,
    maxRssBytes: MAX_RSS_BYTES,
  });
  const commits = new Commits(running.log);
  const violations: string[] = [];
  const inhabitants: Inhabitant[] = [];
  let authors: Author[] = [];
  const close = async () => {
    commits.close();
    await running.close();
    await database.drop();
  };
  try {
    for (let number = 1; number <= PERSONAS; number++) {
      inhabitants.push(await settle(running, randomOf(seed, `caller ${number}`), violations));
    }
    authors = inhabitants.map(({ caller, ledger }, index) =>
      new Author({ caller, commits, ledger, random: randomOf(seed, `author ${index + 1}`) })
    );
    await Promise.all(inhabitants.map(({ caller }) => caller.edit()));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    running,
    database,
    commits,
    inhabitants,
    violations,
    charged: new Map(),
    finish: async () => void await Promise.all(authors.map((author) => author.finish())),
    close,
  };
}

async function settle(running: Running, random: () => number, violations: string[]): Promise<Inhabitant> {
  const caller = new Caller(running.supervisor, crypto.randomUUID(), random);
  await caller.give({ type: "create", identity: ada, origin: "form" });
  const linked = await running.linking.linkSandbox(caller.personaId, "user:faults");
  if (linked.kind !== "linked") throw new Error(`not linked: ${linked.message}`);
  return {
    personaId: caller.personaId,
    accountId: linked.connection.accountId,
    caller,
    ledger: emptyLedger(violations),
  };
}

/** Cells that several personas share. */
export function sharedCells({ running }: World): CellStatus[] {
  return running.supervisor.runtime().cells
    .filter((cell) => cell.state === "ready" && cell.personas.length > 1);
}

/** Processes of this world that are no cell of its supervisor's: what an ended cell leaves behind, a looping thread say. */
export async function strays({ running }: World): Promise<string[]> {
  // Listed first: a cell that starts meanwhile is not among them.
  const listed = processesOf(running.dataDir);
  const known = new Set(running.supervisor.runtime().cells.map((cell) => cell.pid));
  const others = listed.filter(({ pid }) => !known.has(pid));
  return (await leftOver(others, GONE_MS)).map(({ pid, command }) => `${pid} ${command}`);
}
