/** `deno task dev`: runs the program and starts it again, cleanly, when a source file changes. */

/** Quiet time after a change, in ms: editors write in several steps. */
const SETTLE_MS = 150;
const SOURCES = ["actors", "db", "routes", "start", "static", "main.ts", "config.ts"];

function run(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), { args: ["task", "--quiet", "start"], stdin: "null" }).spawn();
}

async function stop(child: Deno.ChildProcess): Promise<void> {
  // The task runner hands signals on to the program.
  try {
    child.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  await child.status;
}

let child = run();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => void stop(child).then(() => Deno.exit(0)));
}

let timer: ReturnType<typeof setTimeout> | undefined;
let restarting: Promise<void> = Promise.resolve();
for await (const event of Deno.watchFs(SOURCES)) {
  if (event.kind === "access" || event.paths.every((path) => path.endsWith("_test.ts"))) continue;
  clearTimeout(timer);
  timer = setTimeout(() => {
    restarting = restarting.then(async () => {
      console.log("a source file changed: starting again");
      await stop(child);
      child = run();
    });
  }, SETTLE_MS);
}
