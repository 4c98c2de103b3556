/** Lines over byte streams, with a maximum size and writes gathered per turn of the event loop. */

/** Yields each line without its end. Throws when one is longer than `maxCharacters`. */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  maxCharacters: number,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxCharacters || lines.some((line) => line.length > maxCharacters)) {
      throw new Error(`a line is longer than ${maxCharacters} characters`);
    }
    if (lines.length > 0) yield lines;
  }
}

/** Writes lines in order; those written in one turn go out in one write. Reports a broken stream once. */
export class LineWriter {
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #queue: string[] = [];
  #flushing: Promise<void> | null = null;
  #broken = false;
  #encoder = new TextEncoder();
  #onBroken: (error: unknown) => void;

  constructor(stream: WritableStream<Uint8Array>, onBroken: (error: unknown) => void) {
    this.#writer = stream.getWriter();
    this.#onBroken = onBroken;
  }

  /** `line` ends with a newline. Dropped once the stream is broken. */
  write(line: string): void {
    if (this.#broken) return;
    this.#queue.push(line);
    this.#flushing ??= Promise.resolve().then(() => this.#flush());
  }

  async #flush(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const text = this.#queue.join("");
        this.#queue = [];
        await this.#writer.write(this.#encoder.encode(text));
      }
    } catch (error) {
      this.#broken = true;
      this.#queue = [];
      this.#onBroken(error);
    }
    this.#flushing = null;
  }

  /** Ends the stream after what was written: the reader sees the end of its input. */
  async close(): Promise<void> {
    await this.#flushing;
    if (this.#broken) return;
    this.#broken = true;
    try {
      await this.#writer.close();
    } catch (error) {
      // The other side is gone already: that is what closing is for.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  }
}
