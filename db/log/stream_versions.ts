/**
 * The committed version of each stream, as far as it is known. A stream with appends under way is *pinned*: what is
 * known of it is kept, so that it cannot be forgotten between looking it up and committing.
 */
export class StreamVersions {
  readonly #pinned = new Map<string, { version: number | undefined; pins: number }>();
  /** Least recently used first. */
  readonly #idle = new Map<string, number>();

  constructor(readonly capacity: number) {}

  pin(stream: string): void {
    const pinned = this.#pinned.get(stream);
    if (pinned) {
      pinned.pins++;
      return;
    }
    this.#pinned.set(stream, { version: this.#idle.get(stream), pins: 1 });
    this.#idle.delete(stream);
  }

  unpin(stream: string): void {
    const pinned = this.#pinned.get(stream);
    if (!pinned) throw new Error(`stream ${stream} was not pinned`);
    if (--pinned.pins > 0) return;
    this.#pinned.delete(stream);
    if (pinned.version === undefined) return;
    this.#idle.set(stream, pinned.version);
    if (this.#idle.size <= this.capacity) return;
    for (const oldest of this.#idle.keys()) {
      this.#idle.delete(oldest);
      break;
    }
  }

  /** The version of a pinned stream, or undefined when it was not looked up yet. */
  get(stream: string): number | undefined {
    return this.#pinned.get(stream)?.version;
  }

  /** Sets the version of a pinned stream. */
  set(stream: string, version: number): void {
    const pinned = this.#pinned.get(stream);
    if (!pinned) throw new Error(`stream ${stream} was not pinned`);
    pinned.version = version;
  }
}
