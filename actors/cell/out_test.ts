import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Out } from "./out.ts";

/** Takes at most `atOnce` bytes a write. */
function pipe(atOnce = Infinity) {
  const writes: string[] = [];
  const decoder = new TextDecoder();
  const write = (bytes: Uint8Array) => {
    const taken = bytes.subarray(0, atOnce);
    writes.push(decoder.decode(taken, { stream: true }));
    return taken.length;
  };
  return { writes, write };
}

const unbroken = () => {
  throw new Error("it is not broken");
};

Deno.test("Out, lines of one turn: one write at its end, in order", async () => {
  const { writes, write } = pipe();
  const out = new Out(write, unbroken);
  for (const line of ["a\n", "b\n"]) out.say(line);
  deepStrictEqual(writes, []);
  await Promise.resolve();
  deepStrictEqual(writes, ["a\nb\n"]);
});

Deno.test("Out, flushed: everything is out when it returns, behind what was said before", () => {
  const { writes, write } = pipe();
  const out = new Out(write, unbroken);
  out.say("before\n");
  out.say("judged\n");
  out.flush();
  deepStrictEqual(writes, ["before\njudged\n"]);
});

Deno.test("Out, a pipe that takes little at once: no line is torn, and no character", () => {
  const { writes, write } = pipe(3);
  const out = new Out(write, unbroken);
  for (const line of ["äöü€😀\n", "second\n"]) out.say(line);
  out.flush();
  ok(writes.length > 3);
  strictEqual(writes.join(""), "äöü€😀\nsecond\n");
});

Deno.test("Out, very much in one turn: it does not wait for the turn's end", () => {
  const { writes, write } = pipe();
  const out = new Out(write, unbroken);
  for (let count = 0; count < 3; count++) out.say(`${"x".repeat(512 * 1024)}\n`);
  strictEqual(writes.length, 1);
});

Deno.test("Out, a pipe that nobody reads any more: said so; any other failure is an error", () => {
  let broken = 0;
  const gone = new Out(() => {
    throw new Deno.errors.BrokenPipe();
  }, () => broken++);
  gone.say("a\n");
  gone.flush();
  strictEqual(broken, 1);
  const failing = new Out(() => {
    throw new Error("disk");
  }, () => broken++);
  failing.say("a\n");
  throws(() => failing.flush(), /disk/);
});
