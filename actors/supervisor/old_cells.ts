/** The cells of an earlier main, which may still be sending. */

/** Longest wait for them to be gone: the life of a permit and the deadline of an attempt. */
const OLD_CELLS_MS = 45_000;
/** ms between two tries. */
const EVERY_MS = 25;

/**
 * They hold their locks until they are gone. Nothing is taken up again before. Throws when one does not end.
 */
export async function waitForOldCells(lockFolder: string, report: (line: string) => void): Promise<void> {
  await Deno.mkdir(lockFolder, { recursive: true, mode: 0o700 });
  const until = Date.now() + OLD_CELLS_MS;
  let told = false;
  for await (const entry of Deno.readDir(lockFolder)) {
    if (!entry.name.endsWith(".lock")) continue;
    const path = `${lockFolder}/${entry.name}`;
    using file = await Deno.open(path, { write: true });
    while (!(await file.tryLock(true))) {
      if (Date.now() > until) {
        throw new Error(`a cell of an earlier run still holds ${path}: end that process first`);
      }
      if (!told) report("waiting for the processes of an earlier run to end: they may still be sending");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await file.unlock();
  }
}
