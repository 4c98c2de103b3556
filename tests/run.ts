/**
 * `deno task test`: every test, in processes side by side, since much of each is waiting. With arguments: `deno test`
 * with these, in one process.
 */
import { setPriority } from "node:os";

/** Computes and never waits, so it takes what the others leave: the least urgent a process can be. */
const SIMULATION = "tests/simulation";
const LEAST_URGENT = 19;
/** The actors and the campaigns: they last about as long as all else. */
const ACTORS = ["actors", "tests/bluesky_network", "tests/crash", "tests/faults", "tests/publishing"];

if (Deno.args.length > 0) Deno.exit((await run(Deno.args, Deno.stdout.writable)).code);

const simulation = runBeside([SIMULATION], LEAST_URGENT);
const actors = runBeside(ACTORS);
const rest = await run([`--ignore=${[SIMULATION, ...ACTORS].join(",")}`, "."], Deno.stdout.writable);
const codes = [
  rest.code,
  await actors.told("The actors and the campaigns"),
  await simulation.told("The simulation"),
];
if (codes.slice(0, -1).some((code) => code !== 0)) {
  console.log("\nTests failed further up, too: see each FAILURES.");
}
Deno.exit(codes.every((code) => code === 0) ? 0 : 1);

/** What it says is kept until it is asked for. */
function runBeside(paths: string[], priority?: number) {
  const kept: Uint8Array[] = [];
  const ended = run(paths, new WritableStream({ write: (chunk) => void kept.push(chunk) }), priority);
  return {
    /** Gives the exit code. */
    async told(title: string): Promise<number> {
      const { code } = await ended;
      console.log(`\n${title}:\n`);
      for (const chunk of kept) await Deno.stdout.write(chunk);
      return code;
    },
  };
}

/** Both outputs of the tests go to `to`, in their order. */
async function run(
  args: string[],
  to: WritableStream<Uint8Array>,
  priority?: number,
): Promise<Deno.CommandStatus> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  if (priority !== undefined) setPriority(child.pid, priority);
  await child.stdout.pipeTo(to, { preventClose: true });
  return await child.status;
}
