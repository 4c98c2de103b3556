import type { ServerProcess } from "./server_process.ts";

/** A server that has died is started again after this long, doubled up to the maximum each time that it dies young. */
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 5_000;
const HEALTHY_MS = 60_000;

/** Starts a server, and again whenever it ends without having been told to. Throws when the first start fails. */
export async function supervise(
  spawn: () => Promise<ServerProcess>,
  log: (line: string) => void,
): Promise<{ pid(): number; stop(): Promise<void> }> {
  let server = await spawn();
  let stopping = false;
  let wake: () => void = () => {};
  const watching = (async () => {
    let delayMs = RESTART_MIN_MS;
    while (true) {
      const startedAt = performance.now();
      const reason = await server.exited;
      if (stopping) return;
      if (performance.now() - startedAt > HEALTHY_MS) delayMs = RESTART_MIN_MS;
      log(`the embedded PostgreSQL ended (${reason}): it is started again`);
      for (let up = false; !up && !stopping;) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, delayMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        delayMs = Math.min(delayMs * 2, RESTART_MAX_MS);
        if (stopping) return;
        try {
          server = await spawn();
          up = true;
        } catch (error) {
          log(
            `the embedded PostgreSQL does not start: ${
              error instanceof Error ? error.message : String(error)
            }`,
          );
        }
      }
      if (stopping) await server.stop();
    }
  })();
  return {
    pid: () => server.pid,
    stop: async () => {
      stopping = true;
      wake();
      await server.stop();
      await watching;
    },
  };
}
