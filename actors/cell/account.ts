/**
 * What one worker has said and how much of it main has taken: counted by its cell, which reads a frame's header and nothing
 * more. An honest worker stays far within these bounds, since its own link has half of them.
 */
import { parts, WINDOW, WINDOW_CHARACTERS } from "../link.ts";
import { LinkBroken } from "../link.ts";
import { BEAT_MS, MAX_FRAME } from "../persona/protocol.ts";
import type { Verdict } from "../persona/protocol.ts";

/** Frames that main has not taken; more are a flood. */
export const MAX_FRAMES = 2 * WINDOW;
/** Characters in them; more are a flood. */
export const MAX_CHARACTERS = 4 * WINDOW_CHARACTERS;
/** Beats ahead of their time; more are a flood. */
const MAX_BEATS_AHEAD = 64;

export interface Finding {
  verdict: Verdict;
  detail: string;
}

export class Account {
  #said = 0;
  #taken = 0;
  /** Sizes of the frames that main has not taken, oldest first. */
  #sizes: number[] = [];
  #characters = 0;
  #beats = 0;
  #since: number;
  #now: () => number;

  /** `now` is in ms. */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** The worker said this frame; what is wrong with that, if anything is. */
  said(frame: unknown): Finding | null {
    if (typeof frame !== "string") return broke("it said something other than text");
    if (frame.length > MAX_FRAME) return broke(`a frame is longer than ${MAX_FRAME} characters`);
    if (frame.includes("\n")) return broke("a frame has a line break");
    const number = numberOf(frame);
    if (number === null) return broke("it said something that is no frame");
    // Between a worker and its cell nothing is lost and nothing is repeated.
    if (number !== this.#said + 1) return broke(`frame ${number} came after ${this.#said}`);
    this.#said = number;
    this.#sizes.push(frame.length);
    this.#characters += frame.length;
    if (this.#sizes.length <= MAX_FRAMES && this.#characters <= MAX_CHARACTERS) return null;
    return flood(`${this.#sizes.length} frames with ${this.#characters} characters are not taken`);
  }

  /** The worker said that it is alive. */
  beat(): Finding | null {
    const due = (this.#now() - this.#since) / BEAT_MS;
    return ++this.#beats > due + MAX_BEATS_AHEAD ? flood(`${this.#beats} beats in ${Math.ceil(due)}`) : null;
  }

  /** Main said this frame: with it, what it has taken. */
  heard(frame: string): void {
    const { acknowledged } = parts(frame);
    for (; this.#taken < acknowledged && this.#sizes.length > 0; this.#taken++) {
      this.#characters -= this.#sizes.shift() ?? 0;
    }
  }
}

function numberOf(frame: string): number | null {
  try {
    return parts(frame).number;
  } catch (error) {
    if (error instanceof LinkBroken) return null;
    throw error;
  }
}

function broke(detail: string): Finding {
  return { verdict: "protocol", detail };
}

function flood(detail: string): Finding {
  return { verdict: "flood", detail };
}
