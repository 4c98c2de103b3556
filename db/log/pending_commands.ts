import type { CommandSeen } from "./log.ts";
import { type CommandKey, commandKey } from "./store.ts";

/** An append that waits and answers a command. */
export interface AnswersCommand {
  /** What is known of its command from the log; null when it was not seen so far. */
  seen: CommandSeen | null;
}

/**
 * The appends under way by their command: when one of them is committed, the others with the same command learn of it,
 * so that a lookup made before that commit does no harm.
 */
export class PendingCommands<T extends AnswersCommand> {
  readonly #byKey = new Map<string, Set<T>>();

  add(command: CommandKey, append: T): void {
    const key = commandKey(command);
    const others = this.#byKey.get(key);
    if (others) others.add(append);
    else this.#byKey.set(key, new Set([append]));
  }

  remove(command: CommandKey, append: T): void {
    const key = commandKey(command);
    const others = this.#byKey.get(key);
    others?.delete(append);
    if (others?.size === 0) this.#byKey.delete(key);
  }

  /** The command with this `commandKey` is in the log. */
  found(key: string, seen: CommandSeen): void {
    for (const append of this.#byKey.get(key) ?? []) append.seen = seen;
  }
}
