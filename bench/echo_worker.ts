/** A bare cell: each line goes to a worker, which gives it back; read and written as a cell does, and nothing else. */
import { Out } from "../actors/cell/out.ts";
import { readLines } from "../actors/lines.ts";

const source = "self.onmessage = ({ data }) => self.postMessage(data);";
const out = new Out((bytes) => Deno.stdout.writeSync(bytes), () => Deno.exit(0));
const workers = Array.from({ length: Number(Deno.args[0]) }, () => {
  const worker = new Worker(`data:application/javascript,${encodeURIComponent(source)}`, { type: "module" });
  worker.onmessage = ({ data }) => out.say(`${data}\n`);
  return worker;
});
let next = 0;
for await (const lines of readLines(Deno.stdin.readable, 1_000_000)) {
  for (const line of lines) workers[next++ % workers.length]?.postMessage(line);
}
Deno.exit(0);
