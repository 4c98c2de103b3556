/** What befalls one run, as its seed says: crashes, leave that is refused, and when it is over. */
import { type Verdict } from "../../actors/persona/policy/policy.ts";
import type { SimRandom } from "../simulation/random.ts";

/** Of a hundred, at each place where it can end: most where the outcome of an attempt is not yet written. */
const LIKELY: Record<string, number> = {
  "after publish": 20,
  outcome: 12,
  "before publish": 6,
  committed: 1,
};
const ELSEWHERE = 2;
/** What is said all the time and changes nothing. */
const IDLE = new Set(["load", "noted", "note", "snapshot", "ready", "progress", "live"]);

export class Mishaps {
  /** No more of them. */
  over = false;
  refusals = 0;
  #random: SimRandom;
  #crashesLeft: number;
  #strict: number;

  constructor(random: SimRandom) {
    this.#random = random;
    this.#crashesLeft = random.pick([0, 1, 1, 2, 3, 5]);
    this.#strict = random.pick([0, 0, 0.1, 0.4]);
  }

  crashesAt(place: string): boolean {
    if (this.over || this.#crashesLeft === 0 || IDLE.has(place)) return false;
    if (!this.#random.chance((LIKELY[place] ?? ELSEWHERE) / 100)) return false;
    this.#crashesLeft--;
    return true;
  }

  /** `lateMs`: it comes so late. */
  permit(): { granted: boolean; lateMs: number; verdicts: Verdict[] } {
    const granted = { granted: true, lateMs: 0, verdicts: [] };
    if (this.over || !this.#random.chance(this.#strict)) return granted;
    this.refusals++;
    return this.#random.pick([
      { granted: false, lateMs: 0, verdicts: [] },
      { granted: false, lateMs: 0, verdicts: [] },
      { granted: true, lateMs: 3_000, verdicts: [] },
      {
        granted: false,
        lateMs: 0,
        verdicts: [{ rule: "near_duplicate", level: "block", message: "Another persona said nearly this." }],
      },
    ]);
  }
}
