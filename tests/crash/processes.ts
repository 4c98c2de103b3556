/** Which processes belong to a DATA_DIR: cells, database servers, their guards, wherever they hang in the tree. */
import { until } from "./wait.ts";

export interface Process {
  pid: number;
  /** Tells a process from a later one with the same id: clock ticks since boot. */
  startedAt: string;
  command: string;
}

const decoder = new TextDecoder();

/** All live processes that name `dataDir` in their arguments or environment, or work in it. Linux only. */
export function processesOf(dataDir: string): Process[] {
  const found: Process[] = [];
  for (const entry of Deno.readDirSync("/proc")) {
    const pid = Number(entry.name);
    if (!Number.isInteger(pid) || pid === Deno.pid) continue;
    const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
    const belongs = command.includes(dataDir) || read(`/proc/${pid}/environ`).includes(dataDir) ||
      linkOf(`/proc/${pid}/cwd`).startsWith(dataDir);
    const startedAt = belongs ? startOf(pid) : null;
    if (startedAt !== null) found.push({ pid, startedAt, command: command.slice(0, 160) });
  }
  return found;
}

/** Waits until those are gone; gives back which are not after `ms`. */
export async function leftOver(processes: Process[], ms: number): Promise<Process[]> {
  const left = () => processes.filter(({ pid, startedAt }) => startOf(pid) === startedAt);
  try {
    await until("the end of processes", ms, () => left().length === 0, 100);
    return [];
  } catch {
    return left();
  }
}

/** Null for one that is gone, or has ended and only waits for its parent to notice. */
function startOf(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything; after it come the state and, 19 fields on, the start time.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === undefined || fields[0] === "" || fields[0] === "Z" || fields[0] === "X"
    ? null
    : fields[19] ?? null;
}

/** Empty for what has gone meanwhile, or is somebody else's. */
function read(path: string): string {
  return orEmpty(() => decoder.decode(Deno.readFileSync(path)));
}

function linkOf(path: string): string {
  return orEmpty(() => Deno.readLinkSync(path));
}

function orEmpty(look: () => string): string {
  try {
    return look();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return "";
    // A process that ends while it is looked at.
    if (error instanceof Error && /os error 3\b/.test(error.message)) return "";
    throw error;
  }
}
