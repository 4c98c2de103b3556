/** `deno task bench [NAME…]`: all benchmarks, or those named, each in a process of its own. Ratios hold within one run only. */
const NAMES = ["log", "path", "publishing", "start", "actors", "memory"];

const wanted = Deno.args.length > 0 ? Deno.args : NAMES;
for (const name of wanted) {
  if (!NAMES.includes(name)) {
    console.error(`there is no benchmark “${name}”: ${NAMES.join(", ")}`);
    Deno.exit(2);
  }
  console.log(`\n${name}`);
  const script = new URL(`./${name}_bench.ts`, import.meta.url).pathname;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--lock=bench/deno.lock", script],
  }).spawn()
    .status;
  if (code !== 0) Deno.exit(code);
}
