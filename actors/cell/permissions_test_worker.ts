/** A worker that does whatever it is told, as code of others might; for the test of its permissions alone. */
/// <reference lib="deno.worker" />
import "../persona/shut.ts";
import { Link } from "../link.ts";

const link = new Link((frame) => self.postMessage(frame), () => Date.now());

/** One attempt at a time: an error that nobody catches belongs to it. */
let last: Promise<void> = Promise.resolve();
let fail: (error: unknown) => void = () => {};
const uncaught = (event: Event, error: unknown) => (event.preventDefault(), fail(error));
self.addEventListener("error", (event) => uncaught(event, event.error));
self.addEventListener("unhandledrejection", (event) => uncaught(event, event.reason));

self.onmessage = ({ data }: MessageEvent<string>) => {
  const json = link.take(data);
  if (json === null) return;
  const { name, code } = JSON.parse(json) as { name: string; code: string };
  last = last.then(async () => link.send(JSON.stringify({ name, came: await attempt(code) })));
};

/** What the code comes to: `done: …` or the name of its error and what it says. */
async function attempt(code: string): Promise<string> {
  const failed = new Promise<never>((_, reject) => fail = reject);
  try {
    const run = new Function(`return (async () => { ${code} })()`) as () => Promise<unknown>;
    return `done: ${String(await Promise.race([run(), failed])).slice(0, 200)}`;
  } catch (error) {
    return error instanceof Error
      ? `${error.name}: ${error.message} ${error.cause ?? ""}`
      : `thrown: ${String(error)}`;
  }
}
