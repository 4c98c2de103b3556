/**
 * Faults as they really happen to a worker, shown on demand: for the tests of supervision, armed by a setting and by nothing
 * that a client can send.
 */

export const FAULTS = [
  "loop",
  "regex",
  "heap",
  "buffers",
  "rejection",
  "never",
  "flood",
  "exit",
  "throw",
] as const;
export type Fault = typeof FAULTS[number];

export interface ArmedFault {
  fault: Fault;
  /** Whose worker shows it. */
  personaId: string;
  /** At which command since its start, from 1. */
  atCommand: number;
}

/**
 * Never returns, or ends the worker, or leaves it in a bad way; with "never" the command is simply not answered. `say` is the
 * worker's way past its link, `sent` the number of the last frame that went out.
 */
export function show(fault: Fault, say: (frame: string) => void, sent: number): void {
  switch (fault) {
    case "loop":
      for (;;);
    case "regex":
      return void /^(a+)+$/.test(`${"a".repeat(64)}!`);
    case "heap": {
      const kept: unknown[] = [];
      for (;;) kept.push(new Array(10_000).fill(kept.length));
    }
    /* falls through */
    case "buffers": {
      const kept: Uint8Array[] = [];
      for (;;) kept.push(new Uint8Array(16 * 1024 * 1024).fill(1));
    }
    /* falls through */
    case "rejection":
      return void Promise.reject(new Error("an error that nobody handles"));
    case "throw":
      throw new Error("an error in the middle of a command");
    case "never":
      return;
    case "flood":
      // Each of them is sound: it is their number that is wrong.
      for (let number = sent + 1;; number++) say(`${number} 0 {"t":"ready"}`);
    case "exit":
      Deno.exit(3);
    /* falls through */
    default:
      return fault satisfies never;
  }
}
