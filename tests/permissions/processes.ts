/** The processes below one, as /proc shows them. Linux only. */

export interface Child {
  pid: number;
  /** Arguments, and `NAME=value` pairs, each ended by NUL. */
  command: string;
  environment: string;
}

/** Those that were there, children of children too. */
export async function childrenOf(pid: number): Promise<Child[]> {
  const parents = new Map<number, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await orEmpty(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (one: number): boolean => {
    const parent = parents.get(one);
    return parent !== undefined && parent > 1 && (parent === pid || isBelow(parent));
  };
  return await Promise.all(
    [...parents.keys()].filter(isBelow).map(async (one) => ({
      pid: one,
      command: await orEmpty(`/proc/${one}/cmdline`),
      environment: await orEmpty(`/proc/${one}/environ`),
    })),
  );
}

async function orEmpty(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof Deno.errors.NotFound || /os error 3\b/.test(String(error))) return "";
    throw error;
  }
}
