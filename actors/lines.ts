/** Lines over byte streams, with a maximum size and writes gathered per turn of the event loop. */

/** Yields each line without its end. Throws when one is longer than `maxCharacters`. */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  maxCharacters: number,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  /** The beginning of a line whose end has not come, in the pieces that it came in. */
  let begun: string[] = [];
  let begunCharacters = 0;
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true });
    const end = text.indexOf("\n");
    if (begunCharacters + (end < 0 ? text.length : end) > maxCharacters) throw tooLong(maxCharacters);
    begun.push(text);
    begunCharacters += text.length;
    if (end < 0) continue;
    const lines = begun.join("").split("\n");
    const rest = lines.pop() ?? "";
    if (rest.length > maxCharacters || lines.some((line) => line.length > maxCharacters)) {
      throw tooLong(maxCharacters);
    }
    [begun, begunCharacters] = [[rest], rest.length];
    yield lines;
  }
}

function tooLong(maxCharacters: number): Error {
  return new Error(`a line is longer than ${maxCharacters} characters`);
}

/** Characters that one write carries, unless a single line is longer. */
const WRITE_CHARACTERS = 1024 * 1024;

/** More lines wait than its reader is allowed to leave: it does not read any more. */
export class NotRead extends Error {}

/** Writes lines in order; those written in one turn go out in one write. Reports a broken stream once. */
export class LineWriter {
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #queue: string[] = [];
  #waiting = 0;
  #maxWaiting: number;
  #flushing: Promise<void> | null = null;
  #broken = false;
  #encoder = new TextEncoder();
  #onBroken: (error: unknown) => void;

  /** Past `maxWaiting` characters that the stream has not taken it is given up: `onBroken` gets `NotRead`. */
  constructor(
    stream: WritableStream<Uint8Array>,
    { maxWaiting, onBroken }: { maxWaiting: number; onBroken(error: unknown): void },
  ) {
    this.#writer = stream.getWriter();
    this.#maxWaiting = maxWaiting;
    this.#onBroken = onBroken;
  }

  /** `line` ends with a newline. Dropped once the stream is broken. */
  write(line: string): void {
    if (this.#broken) return;
    this.#waiting += line.length;
    if (this.#waiting > this.#maxWaiting) {
      return this.#break(new NotRead(`more than ${this.#maxWaiting} characters wait to be read`));
    }
    this.#queue.push(line);
    this.#flushing ??= Promise.resolve().then(() => this.#flush());
  }

  async #flush(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const text = this.#batch();
        await this.#writer.write(this.#encoder.encode(text));
        this.#waiting -= text.length;
      }
    } catch (error) {
      this.#break(error);
    }
    this.#flushing = null;
  }

  #batch(): string {
    let lines = 0;
    for (let size = 0; size < WRITE_CHARACTERS && lines < this.#queue.length; lines++) {
      size += this.#queue[lines]?.length ?? 0;
    }
    return this.#queue.splice(0, lines).join("");
  }

  #break(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#queue = [];
    this.#onBroken(error);
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
