/** Those who look on: a listener that fails must not bring down who is looked at. */
export class Listeners<T> {
  #listeners = new Set<(value: T) => void>();
  #report: (text: string) => void;

  constructor(report: (text: string) => void) {
    this.#report = report;
  }

  /** Returns what ends it. */
  add(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#report(`a listener failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
