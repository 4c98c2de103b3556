/** What a supervisor stands on: cells, and what it reads beside the log. The simulation has its own of each. */
import type { HeldBack } from "../../db/read/due.ts";
import type { Noted } from "../persona/platforms/port.ts";
import type { Verdict } from "../persona/policy/policy.ts";
import type { CellDown, CellUp, Down, Up } from "../persona/protocol.ts";
import type { Json } from "../wire.ts";

export interface CellOptions {
  number: number;
  /** Exactly the `host:port` that its workers may speak to. */
  hosts: string[];
}

/** A cell as main sees it. */
export interface CellLink {
  readonly pid: number;
  /** `frame` is one of the worker's link. */
  toWorker(address: string, frame: string): void;
  toCell(message: CellDown): void;
  /** For certain; `ended` follows when it is proven gone. */
  kill(): void;
  /** Ends its input, so that it ends by itself; kills it when it does not within `graceMs`. Resolves when it is gone. */
  close(graceMs: number): Promise<void>;
}

export interface CellEvents {
  fromWorker(address: string, frame: string): void;
  fromCell(message: CellUp): void;
  /** The process is gone, for certain. `outOfMemory` where that is known to be why. */
  ended(reason: string, outOfMemory: boolean): void;
  /** A line that it or a worker logged. */
  logged(line: string): void;
}

export type OpenCell = (options: CellOptions, events: CellEvents) => CellLink;

/** What is read beside the log. */
export interface Reads {
  /** Whether any persona has a post of this id. */
  postExists(postId: string): Promise<boolean>;
  /**
   * Personas for whom something is due by `now` (ISO), the longest due first; not those in `without`, nor parked ones, nor
   * those of whom only posts are due that are held back.
   */
  personasDue(now: string, without: string[], held: HeldBack): Promise<string[]>;
  /** Active personas that are to look at their platforms by `now` (ISO), the longest due first, at most `limit`. */
  personasToListen(now: string, limit: number): Promise<string[]>;
  /** When (ISO) a persona is to look at its platforms the next time, should it be asleep then; `unlessSet` moves no time that is set. */
  listenAt(personaId: string, at: string, options: { unlessSet: boolean }): Promise<void>;
  /** All that are parked, at most `limit`: for who looks on. */
  parkedPersonas(limit: number): Promise<{ personaId: string; at: string; by: string; reason: string }[]>;
  /** Why it was parked, by whom and since when (ISO). */
  parked(personaId: string): Promise<{ at: string; by: string; reason: string } | null>;
}

/** What a worker is given at its start. */
export interface Provisioning {
  /** `host:port` of each origin that the persona may speak to, sorted. */
  hostsOf(personaId: string): Promise<string[]>;
  /** Its secrets, and what is known of its platforms' limits. */
  startFrames(personaId: string): Promise<Extract<Down, { t: "secret" | "windows" }>[]>;
  /** Makes a changed secret durable, if it is the persona's own; `tell` gets the answer. */
  keepSecret(
    personaId: string,
    ask: Extract<Up, { t: "keepSecret" }>,
    tell: (message: Down) => void,
  ): Promise<void>;
  /** Foreign words of the persona by their ids, in order; null for what is not there. */
  words(personaId: string, refs: string[]): Promise<(Json | null)[]>;
  /** A picture of the persona in base64; null where there is none. */
  media(personaId: string, sha256: string): Promise<string | null>;
  /** Writes down what an adapter of the persona took note of. */
  noted(personaId: string, connectionId: string, noted: Noted): Promise<void>;
  /** What the rules that look beyond one persona have against sending this post now; empty: nothing. */
  verdicts(personaId: string, postId: string): Promise<Verdict[]>;
}
