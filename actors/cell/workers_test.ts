import { deepStrictEqual } from "node:assert/strict";
import type { CellUp } from "../persona/protocol.ts";
import { Out } from "./out.ts";
import { LOOK_MS, Workers } from "./workers.ts";

const SILENT_MS = 1_000;

function workersOf(script: string) {
  let now = 0;
  const said: CellUp[] = [];
  const first = Promise.withResolvers<void>();
  const workers = new Workers({
    script: new URL(`data:application/javascript,${encodeURIComponent(script)}`),
    silentMs: SILENT_MS,
    out: new Out((bytes) => {
      first.resolve();
      return bytes.length;
    }, () => {}),
    say: (message) => said.push(message),
    now: () => now,
    end: () => {},
  });
  const look = (forMs: number) => {
    for (const end = now + forMs; now < end; now += LOOK_MS) workers.look();
  };
  return { workers, said, look, heard: first.promise };
}

Deno.test("a worker that does not come up: its cell judges nobody, since a start has a limit of main's", () => {
  const { workers, said, look } = workersOf("await new Promise(() => {});");
  workers.start("a.1", []);
  look(20 * SILENT_MS);
  deepStrictEqual(said, []);
});

Deno.test("a worker that is silent after its first beat: its cell judges it", async () => {
  const { workers, said, look, heard } = workersOf("postMessage('! 1 1 0 0'); postMessage('1 0 {}');");
  workers.start("a.1", []);
  await heard;
  look(SILENT_MS);
  deepStrictEqual(said.length, 0);
  look(2 * SILENT_MS);
  deepStrictEqual(said.map((one) => one.t === "judged" && [one.address, one.verdict]), [
    ["a.1", "worker_silent"],
  ]);
});

Deno.test("a worker that is told to end before it came up: nobody is judged for it", () => {
  const { workers, said, look } = workersOf("await new Promise(() => {});");
  workers.start("a.1", []);
  workers.stop("a.1");
  look(20 * SILENT_MS);
  deepStrictEqual(said, []);
});

Deno.test("a worker that floods when it was told to end: judged like any other", async () => {
  const { workers, said, heard } = workersOf(
    "postMessage('! 1 1 0 0'); postMessage('1 0 {}'); onmessage = () => { for (let n = 2; n < 2000; n++) postMessage(`${n} 0 {}`) };",
  );
  const judged = new Promise<void>((resolve) => {
    const push = said.push.bind(said);
    said.push = (...more) => (resolve(), push(...more));
  });
  workers.start("a.1", []);
  await heard;
  workers.stop("a.1");
  await judged;
  deepStrictEqual(said.map((one) => one.t === "judged" && one.verdict), ["flood"]);
});
