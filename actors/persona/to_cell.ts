/** What a worker says to its cell alone, beside its frames: that it is alive, what it died of, and that it leaves. */
import type { WorkerBeat } from "./protocol.ts";
import { BEAT } from "./protocol.ts";

export type Vitals = Pick<WorkerBeat, "heapBytes" | "externalBytes" | "sent" | "taken">;

/** Begins the last word of a worker: JSON of a `Death` is behind it. */
export const LAST_WORD = "?";

/** Said by the cell to a worker that is to end, and said back by the worker as the last thing that it does. */
export const LEAVE = ".";

/** Longest reason, and longest stack, in characters. */
const MAX_CHARACTERS = 4_096;

export interface Death {
  reason: string;
  stack: string;
}

export function beatOf({ heapBytes, externalBytes, sent, taken }: Vitals): string {
  return `${BEAT} ${heapBytes} ${externalBytes} ${sent} ${taken}`;
}

/** Null for what is no beat. */
export function readBeat(said: string): Vitals | null {
  const [mark, ...rest] = said.split(" ", 6);
  const numbers = rest.map(Number);
  const [heapBytes, externalBytes, sent, taken] = numbers;
  if (
    mark !== BEAT || numbers.length !== 4 || !numbers.every((one) => Number.isSafeInteger(one) && one >= 0) ||
    heapBytes === undefined || externalBytes === undefined || sent === undefined || taken === undefined
  ) return null;
  return { heapBytes, externalBytes, sent, taken };
}

export function lastWordOf(error: unknown): string {
  const known = error instanceof Error;
  return `${LAST_WORD} ${
    JSON.stringify(bounded({
      reason: known ? `${error.name}: ${error.message}` : `thrown: ${named(error)}`,
      stack: known ? error.stack ?? "" : "",
    }))
  }`;
}

/** Anything can be thrown, also what has no text. */
function named(thrown: unknown): string {
  return typeof thrown === "object" || typeof thrown === "function"
    ? "something without a name"
    : String(thrown);
}

/** Null for what is no last word. */
export function readLastWord(said: string): Death | null {
  if (!said.startsWith(`${LAST_WORD} `) || said.length > 16 * MAX_CHARACTERS) return null;
  let death: unknown;
  try {
    death = JSON.parse(said.slice(LAST_WORD.length + 1));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof death !== "object" || death === null || !("reason" in death) || !("stack" in death)) return null;
  const { reason, stack } = death;
  return typeof reason === "string" && typeof stack === "string" ? bounded({ reason, stack }) : null;
}

export function bounded({ reason, stack }: Death): Death {
  return { reason: reason.slice(0, MAX_CHARACTERS), stack: stack.slice(0, MAX_CHARACTERS) };
}
