/** The secrets of one actor, in its memory only: told by the supervisor, changed by compare-and-set. */
import type { Up } from "./protocol.ts";

interface Held {
  version: number;
  value: string;
}

export class Secrets {
  #held = new Map<string, Held>();
  #asks = new Map<number, { name: string; value: string; done: (ok: boolean) => void }>();
  #nextAsk = 1;
  #post: (message: Extract<Up, { t: "keepSecret" }>) => void;

  constructor(post: (message: Extract<Up, { t: "keepSecret" }>) => void) {
    this.#post = post;
  }

  /** An older value than the one that is held comes too late. */
  set(name: string, version: number, value: string): void {
    if (version < (this.#held.get(name)?.version ?? 0)) return;
    this.#held.set(name, { version, value });
  }

  peek(name: string): Held | null {
    return this.#held.get(name) ?? null;
  }

  /** Resolves when the new value is durable. An empty one is never kept. */
  keep(name: string, value: string): Promise<void> {
    if (value === "") return Promise.reject(new Error("an empty secret is not kept"));
    const held = this.#held.get(name);
    const ask = this.#nextAsk++;
    return new Promise((resolve, reject) => {
      const done = (ok: boolean) =>
        ok ? resolve() : reject(new Error("somebody else changed this secret meanwhile"));
      this.#asks.set(ask, { name, value, done });
      this.#post({ t: "keepSecret", ask, name, version: held?.version ?? 0, value });
    });
  }

  kept(ask: number, ok: boolean, version: number): void {
    const asked = this.#asks.get(ask);
    this.#asks.delete(ask);
    if (asked === undefined) return;
    if (ok) this.set(asked.name, version, asked.value);
    asked.done(ok);
  }
}
