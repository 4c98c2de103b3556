/**
 * `deno task test`: the whole suite; with arguments, `deno test` with them. The browser's tests have a process of their own:
 * behind hundreds of others in one process, Playwright on Deno 2.9.6 has stood still for ever, waiting without a timer.
 */

const BROWSER = ["tests/console_browser_test.ts", "tests/console_live_test.ts", "tests/main_job_test.ts"];
/** Longest time of one process: what stands still fails. */
const DEADLINE_MS = 25 * 60_000;

async function test(args: string[]): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), { args: ["test", "--allow-all", ...args] }).spawn();
  const timer = setTimeout(() => {
    console.error(`the tests did not end within ${DEADLINE_MS / 60_000} minutes: ended`);
    child.kill("SIGKILL");
  }, DEADLINE_MS);
  const { code } = await child.status;
  clearTimeout(timer);
  if (code !== 0) Deno.exit(code);
}

if (Deno.args.length > 0) {
  await test(Deno.args);
} else {
  await test([`--ignore=${BROWSER.join(",")}`]);
  await test(BROWSER);
}
