/** Draws something again and again while somebody looks: soon after it changed, else now and then. Nothing runs while nobody does. */

export interface PaceOptions {
  /** ms from one drawing to the next when something changed. */
  leastMs: number;
  /** ms from one drawing to the next when nobody said that anything changed. */
  mostMs: number;
  isWanted(): boolean;
  /** Must not throw. The next one begins after it has ended. */
  draw(): Promise<void>;
}

export class Pace {
  #options: PaceOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer fires, on the clock of `performance.now`. */
  #at = Infinity;
  #last = -Infinity;
  #drawing = false;
  #touched = false;
  #closed = false;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Somebody began to look. */
  look(): void {
    if (this.#at === Infinity && !this.#drawing) this.#plan(this.#options.mostMs);
  }

  /** Something changed. */
  touch(): void {
    this.#touched = true;
    if (!this.#drawing) this.#plan(this.#last + this.#options.leastMs - performance.now());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #plan(inMs: number): void {
    if (this.#closed || !this.#options.isWanted()) return;
    const at = performance.now() + Math.max(0, inMs);
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => void this.#draw(), Math.max(0, inMs));
  }

  async #draw(): Promise<void> {
    this.#at = Infinity;
    if (this.#closed || !this.#options.isWanted()) return;
    this.#drawing = true;
    this.#touched = false;
    this.#last = performance.now();
    await this.#options.draw();
    this.#drawing = false;
    this.#plan(this.#touched ? this.#last + this.#options.leastMs - performance.now() : this.#options.mostMs);
  }
}
