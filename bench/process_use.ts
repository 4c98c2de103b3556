/** What a process takes of memory and processor, as Linux says it. */

export interface Resident {
  /** MB of it in memory, what it shares with other processes among them. */
  rss: number;
  /** MB of its own: its heaps, buffers and stacks. */
  own: number;
}

export async function residentOf(pid: number): Promise<Resident> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const mb = (name: string) => {
    const [, kb] = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status) ?? [];
    if (kb === undefined) throw new Error(`process ${pid} says no ${name}`);
    return Number(kb) / 1_024;
  };
  return { rss: mb("VmRSS"), own: mb("RssAnon") };
}

/** Ticks of the processor's clock in a second: the same on every Linux that Deno runs on. */
const TICKS = 100;

/** ms of processor time that it has used, on all cores together. */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The second field is its name, in brackets, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS * 1_000;
}
