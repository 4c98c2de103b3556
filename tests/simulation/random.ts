/** Chance that follows from a seed and a name: what one part of a run draws does not shift what another gets. */
import type { Random } from "../../actors/ports.ts";
import { randomOf } from "../crash/plan.ts";

export class SimRandom implements Random {
  readonly #next: () => number;

  constructor(seed: number, name: string) {
    this.#next = randomOf(seed, name);
  }

  number(): number {
    return this.#next();
  }

  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.#word()).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${
      hex.slice(20)
    }`;
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#next() * (to - from + 1));
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("nothing to pick from");
    return list[Math.floor(this.#next() * list.length)] as T;
  }

  #word(): string {
    return Math.floor(this.#next() * 4_294_967_296).toString(16).padStart(8, "0");
  }
}
