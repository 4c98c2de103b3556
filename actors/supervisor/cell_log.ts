/** What a cell and its workers log: bounded on its way to main's own log, and searched for what the process died of. */

/** Characters of one line; what is behind is cut off. */
const MAX_LINE = 8_192;
/** Lines in one second; the others are counted. */
const MAX_LINES = 200;

/** V8's last line where a heap is full, of an isolate or of the process; and that of Deno's own allocator. */
const OUT_OF_MEMORY =
  /Fatal (JavaScript|process) out of memory|heap out of memory|^memory allocation of \d+ bytes failed/;

/** Reads to the end. Resolves to whether the process said that it ran out of memory. */
export async function drainLog(
  stream: ReadableStream<Uint8Array>,
  logged: (line: string) => void,
  now: () => number,
): Promise<boolean> {
  let outOfMemory = false;
  let second = now();
  let lines = 0;
  const tellRest = () => {
    if (lines > MAX_LINES) logged(`${lines - MAX_LINES} more lines are left out`);
  };
  for await (const line of cutLines(stream)) {
    if (OUT_OF_MEMORY.test(line)) outOfMemory = true;
    if (now() - second >= 1_000) {
      tellRest();
      [second, lines] = [now(), 0];
    }
    if (++lines <= MAX_LINES) logged(line);
  }
  tellRest();
  return outOfMemory;
}

/** Each line without its end, the last one also where it has none. */
async function* cutLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = (lines.pop() ?? "").slice(0, MAX_LINE);
    for (const line of lines) yield line.slice(0, MAX_LINE);
  }
  if (rest !== "") yield rest;
}
