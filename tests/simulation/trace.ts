/** What happened, in order: as a hash always, in words where somebody wants to read it. */
import type { Clock } from "../../actors/ports.ts";
import { START_MS } from "./clock.ts";

export class Trace {
  readonly lines: string[] = [];
  #clock: Clock;
  #keep: boolean;
  #hash = 2_166_136_261;

  constructor(clock: Clock, keep: boolean) {
    this.#clock = clock;
    this.#keep = keep;
  }

  say(text: string): void {
    const line = `${this.#clock.now() - START_MS} ${text}`;
    // FNV-1a over UTF-16 units: quick, and any difference shows.
    let hash = this.#hash;
    for (let index = 0; index < line.length; index++) {
      hash = Math.imul(hash ^ line.charCodeAt(index), 16_777_619);
    }
    this.#hash = hash;
    if (this.#keep) this.lines.push(line);
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }
}
