/** Work on the same things is done one after the other, work on others beside it. */
export class Turns {
  /** The end of the last work on each; those of nobody waiting are removed. */
  #last = new Map<string, Promise<void>>();

  /** Runs `work` when whatever was asked before on any of `things` is done. All are taken at once, so nobody waits in a circle. */
  take<T>(things: string[], work: () => Promise<T>): Promise<T> {
    const before = things.map((thing) => this.#last.get(thing));
    const mine = Promise.all(before).then(work);
    // Whoever asked for it hears of its failure.
    const end = mine.then(() => {}, () => {});
    for (const thing of things) this.#last.set(thing, end);
    void end.then(() => {
      for (const thing of things) if (this.#last.get(thing) === end) this.#last.delete(thing);
    });
    return mine;
  }

  /** Things that somebody works on or waits for. */
  get size(): number {
    return this.#last.size;
  }
}
