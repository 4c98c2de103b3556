/** Waiting for something to become true, never longer than said. */

export class TooLate extends Error {
  override name = "TooLate";
}

const LOOK_EVERY_MS = 40;

/** Looks until `look` gives something. Throws TooLate, naming `what`, after `ms`. */
export async function until<T>(
  what: string,
  ms: number,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  everyMs = LOOK_EVERY_MS,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new TooLate(`${what}: not within ${ms / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** What `work` comes to, or null after `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => timer = setTimeout(() => resolve(null), ms));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
