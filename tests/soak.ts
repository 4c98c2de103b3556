/**
 * `deno task soak [--seed N] [--only PART]`: what the tests show a part of, in full, one after the
 * other, with a report at the end. It takes hours. Ends with 1 when anything failed.
 */
import { parseArgs } from "node:util";
import { wholeNumber } from "./whole_number.ts";

/** What is printed again at the end, of each part: its own summary. */
const LAST_LINES = 60;
/** Of tests that take their own count. */
const TEST = /_test\.ts$/;
/** The full counts; seeds are what the campaigns and the simulation follow from. */
const PARTS: Record<string, (seed: string) => string[]> = {
  simulation: (seed) => ["simulation/main.ts", "--seeds", "100000", "--seed", seed],
  faults: (seed) => ["faults/main.ts", "--rounds", "20", "--seed", seed],
  bluesky: (seed) => ["bluesky_network/campaign_main.ts", "--runs", "1000", "--seed", seed],
  publishing: (seed) => ["publishing/main.ts", "--runs", "1000", "--first", seed],
  "publishing-bluesky": (
    seed,
  ) => ["publishing/main.ts", "--only", "bluesky", "--runs", "200", "--first", seed],
  workers: () => ["publishing/workers_test.ts", "--", "--cycles=20"],
  crash: (seed) => ["crash/main.ts", "--rounds", "100", "--seed", seed],
};

const { values } = parseArgs({
  args: Deno.args,
  options: {
    seed: { type: "string", default: String(crypto.getRandomValues(new Uint16Array(1))[0]) },
    only: { type: "string" },
  },
});
const seed = wholeNumber("seed", values.seed);
const parts = Object.entries(PARTS).filter(([name]) => values.only === undefined || name === values.only);
if (parts.length === 0) {
  console.error(`--only must be one of ${Object.keys(PARTS).join(", ")}, not “${values.only}”`);
  Deno.exit(78);
}

const reports: string[] = [];
let failed = 0;
for (const [name, argsOf] of parts) {
  console.log(`soak: ${name}, seed ${seed}`);
  const began = performance.now();
  const { code, lines } = await run(argsOf(String(seed)));
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  if (code !== 0) failed++;
  const verdict = code === 0 ? "held" : `failed with ${code}`;
  reports.push(`${name}: ${verdict}, ${minutes} min\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
console.log(`\nsoak, seed ${seed}: ${failed} of ${parts.length} failed\n\n${reports.join("\n\n")}`);
Deno.exit(failed > 0 ? 1 : 0);

/** Its output goes on to ours; the last lines are kept. */
async function run([script = "", ...args]: string[]): Promise<{ code: number; lines: string[] }> {
  const path = decodeURIComponent(new URL(script, import.meta.url).pathname);
  const child = new Deno.Command(Deno.execPath(), {
    args: [TEST.test(script) ? "test" : "run", "--allow-all", path, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines: string[] = [];
  let begun = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const come = (begun + text).split("\n");
    begun = come.pop() ?? "";
    for (const line of come) console.log(line);
    lines.splice(0, lines.length, ...[...lines, ...come].slice(-LAST_LINES));
  }
  const { code } = await child.status;
  return { code, lines };
}
