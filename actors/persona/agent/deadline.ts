/** The end of a question to a model, whoever brings it about: the caller, time, silence or size. */
import { failed, type NoAnswer } from "./answer.ts";
import type { Failure } from "./endpoint_errors.ts";
import type { WriterPorts } from "./ports.ts";

/** No byte for so long, once the first one has come, and the answer has broken off. */
export const IDLE_TIMEOUT_MS = 30_000;

/** Ends the whole question: by the caller, by total time, by silence, by size. */
export class Deadline {
  readonly controller = new AbortController();
  stopped: "caller" | "slow" | "silent" | "too_much" | null = null;
  #cancelTotal: () => void;
  #cancelIdle: () => void = () => {};
  readonly #onAbort = () => this.stop("caller");

  constructor(readonly timeoutMs: number, readonly ports: WriterPorts, readonly signal: AbortSignal) {
    this.#cancelTotal = ports.after(timeoutMs, () => this.stop("slow"));
    if (signal.aborted) this.stop("caller");
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  stop(why: NonNullable<Deadline["stopped"]>): void {
    if (this.stopped !== null || this.controller.signal.aborted) return;
    this.stopped = why;
    this.controller.abort();
  }

  /** Something arrived: silence is counted from here. */
  heard(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.ports.after(IDLE_TIMEOUT_MS, () => this.stop("silent"));
  }

  clear(): void {
    this.#cancelTotal();
    this.#cancelIdle();
    this.signal.removeEventListener("abort", this.#onAbort);
  }
}

/** Why nothing came when a deadline was the end of it; `otherwise` when it was not. */
export function stoppedOr(
  deadline: Deadline,
  host: string,
  answer: string,
  otherwise: () => Failure,
): NoAnswer {
  return deadline.stopped === null
    ? { kind: "failed", answer, ...otherwise() }
    : stopped(deadline, host, answer);
}

/** What a deadline that has come means. */
export function stopped(deadline: Deadline, host: string, answer: string): NoAnswer {
  switch (deadline.stopped) {
    case "caller":
      return { ...failed("broken_off", "It was stopped before the answer was finished.", true), answer };
    case "too_much":
      return {
        ...failed("nonsense", `${host} answered with far more text than any post has.`, true),
        answer,
      };
    case "silent":
      return {
        ...failed(
          "slow",
          `${host} fell silent for ${IDLE_TIMEOUT_MS / 1000} s in the middle of its answer.`,
          true,
        ),
        answer,
      };
    case "slow":
    case null:
      return {
        ...failed("slow", `${host} did not finish within ${deadline.timeoutMs / 1000} s.`, true),
        answer,
      };
  }
}
