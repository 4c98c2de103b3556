/**
 * `deno task test`: every test, in two processes side by side, since much of each is waiting: the long campaigns and the
 * platforms in one, all else in the other. With arguments: `deno test` with these, in one process.
 */

/** Each takes long and waits much; together they last about as long as the rest. */
const CAMPAIGNS = [
  "actors/persona/platforms",
  "tests/bluesky_network",
  "tests/crash",
  "tests/faults",
  "tests/publishing",
  "tests/simulation",
];

if (Deno.args.length > 0) Deno.exit(await run(Deno.args, Deno.stdout.writable));

const told: Uint8Array[] = [];
const campaigns = run(CAMPAIGNS, keep(told));
const rest = await run([`--ignore=${CAMPAIGNS.join(",")}`, "."], Deno.stdout.writable);
console.log("\nThe campaigns and the platforms:\n");
const code = await campaigns;
for (const chunk of told) await Deno.stdout.write(chunk);
if (rest !== 0) console.log("\nOf the tests before the campaigns some failed: see above.");
Deno.exit(rest === 0 && code === 0 ? 0 : 1);

/** Gives the exit code; both outputs of the tests go to `to`, in their order. */
async function run(args: string[], to: WritableStream<Uint8Array>): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  await child.stdout.pipeTo(to, { preventClose: true });
  return (await child.status).code;
}

function keep(chunks: Uint8Array[]): WritableStream<Uint8Array> {
  return new WritableStream({ write: (chunk) => void chunks.push(chunk) });
}
