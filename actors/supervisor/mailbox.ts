/** What waits for one actor: bounded for what comes from outside, never for outcomes; control commands come first. */
import type { ForeignWords } from "../../db/log/log.ts";
import type { Command } from "../persona/commands.ts";
import { CONTROL_COMMANDS, INTERNAL_COMMANDS } from "../persona/commands.ts";
import type { CommandAnswer } from "./supervisor_port.ts";

export interface Letter {
  commandId: string;
  command: Command;
  by: string;
  /** Id of the event that caused it; null for a command of a person. */
  cause: string | null;
  words: ForeignWords[];
  /** Set where the caller chose the id: the answer is kept for a repetition. */
  bodyHash: string | null;
  /** Times that the actor crashed with it in hand. */
  crashes: number;
  answer(answer: CommandAnswer): void;
}

export interface MailboxLimits {
  /** Most letters from outside. */
  maxLetters: number;
  /** Most characters of their commands, as JSON. */
  maxCharacters: number;
}

type Lane = "control" | "internal" | "normal";
const LANES: Lane[] = ["control", "internal", "normal"];

export class Mailbox {
  #lanes: Record<Lane, { letter: Letter; size: number }[]> = { control: [], internal: [], normal: [] };
  #outside = 0;
  #characters = 0;
  #limits: MailboxLimits;

  constructor(limits: MailboxLimits) {
    this.#limits = limits;
  }

  /** Letters from outside that wait. */
  get outside(): number {
    return this.#outside;
  }

  /** Letters of its own effects that wait. */
  get internalDepth(): number {
    return this.#lanes.internal.length;
  }

  get depth(): number {
    return LANES.reduce((sum, lane) => sum + this.#lanes[lane].length, 0);
  }

  /** False when it is full; outcomes always fit. */
  offer(letter: Letter): boolean {
    const lane = laneOf(letter.command);
    if (lane === "internal") {
      this.#lanes.internal.push({ letter, size: 0 });
      return true;
    }
    const size = JSON.stringify(letter.command).length;
    const full = this.#outside >= this.#limits.maxLetters ||
      this.#characters + size > this.#limits.maxCharacters;
    // A stop must get through where everything else is held up by its own number: it has as much room again.
    const noRoom = lane === "control" ? this.#lanes.control.length >= this.#limits.maxLetters : full;
    if (noRoom) return false;
    this.#lanes[lane].push({ letter, size });
    this.#outside++;
    this.#characters += size;
    return true;
  }

  take(): Letter | null {
    for (const lane of LANES) {
      const next = this.#lanes[lane].shift();
      if (next === undefined) continue;
      if (lane !== "internal") {
        this.#outside--;
        this.#characters -= next.size;
      }
      return next.letter;
    }
    return null;
  }

  /** Back to the front of its lane: the actor crashed before it was decided. */
  putBack(letter: Letter): void {
    const lane = laneOf(letter.command);
    const size = lane === "internal" ? 0 : JSON.stringify(letter.command).length;
    this.#lanes[lane].unshift({ letter, size });
    if (lane !== "internal") {
      this.#outside++;
      this.#characters += size;
    }
  }

  /** Takes out the beginnings of effects that died with their worker; what effects came to stays. */
  dropBeginnings(): Letter[] {
    const dropped = this.#lanes.internal.filter(({ letter }) => BEGINNINGS.has(letter.command.type));
    this.#lanes.internal = this.#lanes.internal.filter(({ letter }) => !BEGINNINGS.has(letter.command.type));
    return dropped.map((entry) => entry.letter);
  }

  /** Takes out what came from outside. */
  drainOutside(): Letter[] {
    const letters = [...this.#lanes.control, ...this.#lanes.normal].map(({ letter }) => letter);
    this.#lanes.control = [];
    this.#lanes.normal = [];
    this.#outside = 0;
    this.#characters = 0;
    return letters;
  }

  drain(): Letter[] {
    const letters: Letter[] = [];
    for (let next = this.take(); next !== null; next = this.take()) letters.push(next);
    return letters;
  }
}

/** Commands by which an effect begins: without the worker that sent them they mean nothing, a new one sends its own. */
export const BEGINNINGS: ReadonlySet<Command["type"]> = new Set(
  [
    "begin_writing",
    "begin_attempt",
    "go_out",
    "expire",
  ] as const,
);

function laneOf(command: Command): Lane {
  if (INTERNAL_COMMANDS.has(command.type)) return "internal";
  return CONTROL_COMMANDS.has(command.type) ? "control" : "normal";
}
