/**
 * `deno task test`: every test, in processes side by side, since much of each is waiting. With arguments: `deno test`
 * with these, in one process.
 */
import { setPriority } from "node:os";

/** Computes and never waits, so the others go before it; not so far that it alone is left over at the end. */
const SIMULATION = "tests/simulation";
const LESS_URGENT = 5;
const PLATFORMS = ["tests/bluesky_network", "tests/publishing"];
const CAMPAIGNS = ["tests/crash", "tests/faults"];
/** The whole program, and its pages in a browser. */
const PROGRAM = ["tests", ignoring(SIMULATION, ...PLATFORMS, ...CAMPAIGNS)];
/** All that is neither there nor with the actors. */
const PARTS = [".", ignoring("actors", "tests")];

if (Deno.args.length > 0) Deno.exit((await run(Deno.args, Deno.stdout.writable)).code);

// The lanes last about as long as each other.
const beside = [
  lane("The actors and the platforms", [["actors", ...PLATFORMS]]),
  lane("The parts and the campaigns", [PARTS, CAMPAIGNS]),
  lane("The simulation", [[SIMULATION]], LESS_URGENT),
];
let isFine = (await run(PROGRAM, Deno.stdout.writable)).success;
for (const one of beside) isFine = await one.told() && isFine;
if (!isFine) console.log("\nTests failed, here or further up: see each FAILURES.");
Deno.exit(isFine ? 0 : 1);

function ignoring(...paths: string[]): string {
  return `--ignore=${paths.join(",")}`;
}

/** One after the other, beside the rest. What they say is kept until it is asked for. */
function lane(title: string, runs: string[][], priority?: number) {
  const kept: Uint8Array[] = [];
  const keep = () => new WritableStream<Uint8Array>({ write: (chunk) => void kept.push(chunk) });
  const ended = (async () => {
    let isFine = true;
    for (const args of runs) isFine = (await run(args, keep(), priority)).success && isFine;
    return isFine;
  })();
  return {
    /** Whether nothing failed. */
    async told(): Promise<boolean> {
      const isFine = await ended;
      console.log(`\n${title}:\n`);
      for (const chunk of kept) await Deno.stdout.write(chunk);
      return isFine;
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
