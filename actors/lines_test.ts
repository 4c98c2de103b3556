import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { LineWriter, NotRead, readLines } from "./lines.ts";

const streamOf = (chunks: Uint8Array[]) => ReadableStream.from(chunks) as ReadableStream<Uint8Array>;

async function linesOf(chunks: Uint8Array[], max = 100): Promise<string[]> {
  const lines: string[] = [];
  for await (const some of readLines(streamOf(chunks), max)) lines.push(...some);
  return lines;
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("readLines, a stream chopped anywhere, also inside characters: the lines as they were written", async () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", " "));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 })), async (lines, cuts) => {
      const whole = bytes(lines.map((one) => `${one}\n`).join(""));
      const chunks: Uint8Array[] = [];
      for (let from = 0, turn = 0; from < whole.length; turn++) {
        const size = cuts.length === 0 ? whole.length : cuts[turn % cuts.length] ?? 1;
        chunks.push(whole.slice(from, from + size));
        from += size;
      }
      const expected = lines.map((one) => one.toWellFormed());
      // A mark at the very beginning is taken for the sign of the encoding.
      if (!expected[0]?.startsWith("\ufeff")) deepStrictEqual(await linesOf(chunks, 10_000), expected);
    }),
    { numRuns: 200, seed: 20_261_122 },
  );
});

Deno.test("readLines, an end without a line end: what was cut off is no line", async () => {
  deepStrictEqual(await linesOf([bytes("one\ntw")]), ["one"]);
  deepStrictEqual(await linesOf([bytes("")]), []);
  deepStrictEqual(await linesOf([bytes("\n\n")]), ["", ""]);
});

Deno.test("readLines, a line that is too long: an error, also before its end came, and the stream is given up", async () => {
  deepStrictEqual(await linesOf([bytes("x".repeat(100) + "\n")]), ["x".repeat(100)]);
  await rejects(linesOf([bytes("x".repeat(101) + "\n")]), /longer than 100/);
  let given = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      given++;
      controller.enqueue(bytes("x".repeat(60)));
    },
    cancel() {
      cancelled = true;
    },
  }, { highWaterMark: 0 });
  await rejects(async () => {
    for await (const _ of readLines(endless, 100));
  }, /longer than 100/);
  strictEqual(given, 2);
  strictEqual(cancelled, true);
});

/** Collects what is written, one string a write. */
function sink(write?: (text: string) => Promise<void>) {
  const written: string[] = [];
  let closed = false;
  const stream = new WritableStream<Uint8Array>({
    async write(chunk) {
      const text = new TextDecoder().decode(chunk);
      written.push(text);
      await write?.(text);
    },
    close() {
      closed = true;
    },
  });
  return { stream, written, isClosed: () => closed };
}

const lineWriter = (stream: WritableStream<Uint8Array>, onBroken: (error: unknown) => void) =>
  new LineWriter(stream, { maxWaiting: 100, onBroken });

Deno.test("LineWriter, lines of one turn: one write, in order; nothing is lost by closing", async () => {
  const { stream, written, isClosed } = sink();
  const writer = lineWriter(stream, (error) => {
    throw error;
  });
  for (const line of ["a\n", "b\n", "c\n"]) writer.write(line);
  await writer.close();
  deepStrictEqual(written, ["a\nb\nc\n"]);
  strictEqual(isClosed(), true);
  writer.write("d\n");
  await writer.close();
  deepStrictEqual(written, ["a\nb\nc\n"]);
});

Deno.test("LineWriter, a slow stream: what came meanwhile goes out together afterwards", async () => {
  const first = Promise.withResolvers<void>();
  const { stream, written } = sink((text) => text === "a\n" ? first.promise : Promise.resolve());
  const writer = lineWriter(stream, () => {});
  writer.write("a\n");
  while (written.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  writer.write("b\n");
  writer.write("c\n");
  first.resolve();
  await writer.close();
  deepStrictEqual(written, ["a\n", "b\nc\n"]);
});

Deno.test("LineWriter, a broken stream: reported once, further lines are dropped, closing is harmless", async () => {
  const broken: unknown[] = [];
  const told = Promise.withResolvers<void>();
  const { stream } = sink(() => Promise.reject(new TypeError("gone")));
  const writer = lineWriter(stream, (error) => {
    broken.push(error);
    told.resolve();
  });
  writer.write("a\n");
  await told.promise;
  writer.write("b\n");
  await writer.close();
  strictEqual(broken.length, 1);
});

Deno.test("LineWriter, a stream that takes nothing: past its bound it is given up, once, and what waited is let go", () => {
  const { stream, written } = sink(() => new Promise(() => {}));
  const broken: unknown[] = [];
  const writer = lineWriter(stream, (error) => broken.push(error));
  for (let count = 0; count < 10; count++) writer.write("123456789\n");
  deepStrictEqual(broken, []);
  writer.write("\n");
  writer.write("\n");
  strictEqual(broken.length, 1);
  strictEqual((broken as Error[])[0]?.constructor, NotRead);
  deepStrictEqual(written, []);
});

Deno.test("LineWriter, what was taken does not wait any more: more than the bound goes through, bit by bit", async () => {
  const { stream, written } = sink();
  const writer = lineWriter(stream, (error) => {
    throw error;
  });
  for (let count = 0; count < 20; count++) {
    writer.write("123456789\n".repeat(9));
    while (written.length <= count) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await writer.close();
  strictEqual(written.join("").length, 1_800);
});

Deno.test("LineWriter, very much at once: it goes out in writes of a bounded size", async () => {
  const { stream, written } = sink();
  const writer = new LineWriter(stream, { maxWaiting: 8 * 1024 * 1024, onBroken: () => {} });
  const line = `${"x".repeat(300_000)}\n`;
  for (let count = 0; count < 10; count++) writer.write(line);
  await writer.close();
  strictEqual(written.join(""), line.repeat(10));
  ok(written.every((text) => text.length < 1024 * 1024 + line.length));
  ok(written.length >= 2);
});
