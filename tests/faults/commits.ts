/** Committed events as a subscriber is told of them, and waiting for one of a post. */
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import { within } from "../crash/wait.ts";

export class Commits {
  /** Everything told, in the order in which it was. */
  readonly told: StoredEvent[] = [];
  #byPost = new Map<string, StoredEvent[]>();
  #waiting = new Map<string, () => void>();
  #published = new Map<string, number>();
  #stop: () => void;

  /** `log` has to be empty: what it held before is not told. */
  constructor(log: EventLog) {
    this.#stop = log.subscribe((events) => events.forEach((event) => this.#take(event)));
  }

  /** The first event of this post, after the `from` first ones, that is one of `types`. Throws after `ms`. */
  async ofPost(postId: string, types: string[], from: number, ms: number): Promise<StoredEvent> {
    const deadline = performance.now() + ms;
    for (;;) {
      const events = this.#byPost.get(postId) ?? [];
      const found = events.slice(from).find((event) => types.includes(event.type));
      if (found !== undefined) return found;
      const came = new Promise<true>((resolve) => this.#waiting.set(postId, () => resolve(true)));
      if (await within(deadline - performance.now(), came) === null) {
        const seen = events.map(({ type }) => type).join(", ");
        throw new Error(`none of ${types.join(", ")} within ${ms / 1_000} s, only: ${seen}`);
      }
    }
  }

  /** How many events of this post there are so far. */
  count(postId: string): number {
    return this.#byPost.get(postId)?.length ?? 0;
  }

  /** How many posts of this persona are out so far. */
  published(personaId: string): number {
    return this.#published.get(personaId) ?? 0;
  }

  close(): void {
    this.#stop();
  }

  #take(event: StoredEvent): void {
    this.told.push(event);
    if (event.type === "PostPublished") this.#published.set(event.stream, this.published(event.stream) + 1);
    const { postId } = event.data as { postId?: unknown };
    if (typeof postId !== "string") return;
    const events = this.#byPost.get(postId);
    if (events === undefined) this.#byPost.set(postId, [event]);
    else events.push(event);
    this.#waiting.get(postId)?.();
    this.#waiting.delete(postId);
  }
}
