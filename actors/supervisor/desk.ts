/**
 * The commands of one persona: its mailbox, and the one command that its actor has in hand. A letter is answered when its
 * events are committed; whatever a crash cuts short before that is delivered again.
 */
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import type { Down, Up } from "../persona/protocol.ts";
import type { CommandType } from "../persona/commands.ts";
import { CONTROL_COMMANDS } from "../persona/commands.ts";
import { hashJson } from "../persona/content.ts";
import type { Clock, Timer } from "../ports.ts";
import { limit } from "./limit.ts";
import type { Letter, MailboxLimits } from "./mailbox.ts";
import { BEGINNINGS, Mailbox } from "./mailbox.ts";
import type { ParkingRecorded } from "./parking.ts";
import type { Place } from "./recording.ts";
import { recordDeadLetter, recordDecision, recordRefusal } from "./recording.ts";
import type { CommandAnswer } from "./supervisor_port.ts";

/** A command that brings its actor down this often is put aside. */
const MAX_CRASHES_PER_COMMAND = 2;
/** A decision takes microseconds: one that takes this long comes from a worker that is stuck. */
const DECIDE_DEADLINE_MS = 15_000;

export interface DeskOptions {
  log: EventLog;
  clock: Clock;
  stream: string;
  limits: MailboxLimits;
  /** Events of this persona, after its actor was told. */
  committed(events: StoredEvent[]): void;
  /** A letter was answered: there may be room for something else. */
  answered(): void;
  /** The actor did not answer in time. */
  late(reason: string): void;
  /** The log has other events than the actor: it has to read again. */
  conflict(): void;
  deadLettered(type: string): void;
  report(text: string): void;
}

interface InHand {
  letter: Letter;
  seq: number;
  since: number;
  /** The append is on its way: its end answers the letter, whatever happens to the worker. */
  appending: boolean;
  timer: Timer;
  over: PromiseWithResolvers<void>;
}

/** Beginnings of effects whose crashes are remembered. */
const MAX_BEGINNINGS = 100;
/** Of the mean time of a command, how much the last one counts. */
const NEWEST = 0.1;
/** Bounds of the wait that is named to who is turned away, in ms. */
const WAIT_MS = { least: 100, most: 60_000 };

const STOPPED: CommandAnswer = { kind: "unavailable", reason: "The persona stopped." };
export const ENDING: CommandAnswer = { kind: "unavailable", reason: "The program is stopping." };

export class Desk {
  readonly mailbox: Mailbox;
  /** Version of the last event that the actor has folded. */
  version = 0;
  #options: DeskOptions;
  #inHand: InHand | null = null;
  #seq = 0;
  /** ms from a letter's being taken up to its answer, on average. */
  #meanMs = 10;
  #admitting = 0;
  #closed = false;
  /** Beginnings of effects that brought the actor down, and how often. */
  #beginnings = new Map<string, number>();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.mailbox = new Mailbox(options.limits);
  }

  get handsFree(): boolean {
    return this.#inHand === null;
  }

  get empty(): boolean {
    return this.#inHand === null && this.mailbox.depth === 0;
  }

  /** Letters that wait, the one in hand among them. */
  get depth(): number {
    return this.mailbox.depth + (this.#inHand === null ? 0 : 1);
  }

  /** What a full mailbox says to who comes: how many wait, and how long they will take. */
  get overloaded(): Extract<CommandAnswer, { kind: "overloaded" }> {
    const depth = this.depth + this.#admitting;
    const ms = Math.round(depth * this.#meanMs);
    return { kind: "overloaded", depth, retryAfterMs: Math.min(Math.max(ms, WAIT_MS.least), WAIT_MS.most) };
  }

  /** Runs what comes before a letter, for as many at once as the mailbox has room for; null where it has none. */
  async admit<T>(type: CommandType, look: () => Promise<T>): Promise<T | null> {
    const { maxLetters } = this.#options.limits;
    const most = CONTROL_COMMANDS.has(type) ? 2 * maxLetters : maxLetters;
    if (this.mailbox.outside + this.#admitting >= most) return null;
    this.#admitting++;
    try {
      return await look();
    } finally {
      this.#admitting--;
    }
  }

  /** What is in hand, and since when (ms). */
  get inHand(): { type: string; since: number } | null {
    return this.#inHand === null
      ? null
      : { type: this.#inHand.letter.command.type, since: this.#inHand.since };
  }

  /** Gives the actor its next letter, when it has none. */
  next(tell: (message: Down) => void): void {
    if (this.#inHand !== null) return;
    const letter = this.mailbox.take();
    if (letter === null) return;
    const { clock, late } = this.#options;
    const seq = ++this.#seq;
    const timer = limit(
      clock,
      DECIDE_DEADLINE_MS,
      () => late(`it did not answer ${letter.command.type} for ${DECIDE_DEADLINE_MS / 1_000} s`),
    );
    const over = Promise.withResolvers<void>();
    this.#inHand = { letter, seq, since: clock.now(), appending: false, timer, over };
    const { commandId, command, by, cause } = letter;
    tell({ t: "deliver", seq, commandId, command, by, cause });
  }

  async decided(
    { seq, events }: Extract<Up, { t: "decided" }>,
    tell: (message: Down) => void,
  ): Promise<void> {
    const inHand = this.#decidedOn(seq);
    if (inHand === null) return;
    const { letter } = inHand;
    const recorded = await recordDecision(this.#place(), letter, events);
    switch (recorded.kind) {
      case "committed": {
        this.#takeIn(recorded.events);
        const { commandId } = letter;
        this.#done(
          inHand,
          { kind: "committed", commandId, events: recorded.events, repeated: false },
          () => tell({ t: "committed", seq }),
        );
        return;
      }
      case "conflict":
        // Only this actor writes its stream: somebody restored or repaired below it. Read again and decide again.
        this.#options.report(
          `${this.#options.stream}: the log has version ${recorded.version}, the actor ${this.version}`,
        );
        this.#inHand = null;
        this.#putBack(letter);
        this.#options.conflict();
        return inHand.over.resolve();
      case "answered":
        if (recorded.trouble !== null) this.#trouble(recorded.trouble);
        return this.#done(
          inHand,
          recorded.answer,
          () => tell({ t: "aborted", seq, reason: recorded.answer.kind }),
        );
      default:
        recorded satisfies never;
    }
  }

  async refused({ seq, refusal }: Extract<Up, { t: "refused" }>): Promise<void> {
    const inHand = this.#decidedOn(seq);
    if (inHand === null) return;
    const { answer, trouble } = await recordRefusal(this.#place(), inHand.letter, refusal);
    if (trouble !== null) this.#trouble(trouble);
    this.#done(inHand, answer, () => {});
  }

  /**
   * The worker is gone. What it began and nobody decided is dropped; what was in hand waits again, or is put aside when it
   * has brought the actor down too often. Resolves when what is being written is known.
   */
  async workerGone(charged: boolean, reason: string): Promise<void> {
    this.dropBeginnings();
    const inHand = this.#inHand;
    if (inHand === null) return;
    inHand.timer.cancel();
    // Its end is not known yet: what the new worker reads has to hold it.
    if (inHand.appending) return await inHand.over.promise;
    const { letter } = inHand;
    this.#inHand = null;
    const begins = BEGINNINGS.has(letter.command.type);
    if (charged) letter.crashes = begins ? this.#crashesOf(letter) : letter.crashes + 1;
    if (letter.crashes >= MAX_CRASHES_PER_COMMAND) await this.#putAside(letter, reason);
    else if (begins) letter.answer(STOPPED);
    else this.#putBack(letter);
  }

  /** The worker is gone that began these; the next one begins what there is to do by itself. */
  dropBeginnings(): void {
    for (const dropped of this.mailbox.dropBeginnings()) dropped.answer(STOPPED);
  }

  /** Everybody outside who waits is told this. Outcomes stay: they are true whatever happens to the persona. */
  turnAway(answer: CommandAnswer): void {
    for (const letter of this.mailbox.drainOutside()) letter.answer(answer);
  }

  /** What is written while no worker is there; the log knows the version where we do not. False when it could not be. */
  async record(write: (place: Place) => Promise<ParkingRecorded>): Promise<boolean> {
    const { events, version, trouble } = await write(this.#place());
    this.version = version;
    if (events.length > 0) this.#options.committed(events);
    if (trouble !== null) this.#trouble(trouble);
    return trouble === null;
  }

  /** Nothing more is waited for, but for what is being written: its end answers it. */
  close(): void {
    this.#closed = true;
    const inHand = this.#inHand;
    inHand?.timer.cancel();
    if (inHand !== null && !inHand.appending) {
      this.#inHand = null;
      inHand.letter.answer(ENDING);
    }
    for (const letter of this.mailbox.drain()) letter.answer(ENDING);
  }

  #putBack(letter: Letter): void {
    if (this.#closed) letter.answer(ENDING);
    else this.mailbox.putBack(letter);
  }

  /** Each worker begins the same with a letter of its own: it is known by what it is about. */
  #crashesOf({ command }: Letter): number {
    const beginning = hashJson(command);
    const crashes = (this.#beginnings.get(beginning) ?? 0) + 1;
    this.#beginnings.delete(beginning);
    if (crashes < MAX_CRASHES_PER_COMMAND) this.#beginnings.set(beginning, crashes);
    const [oldest] = this.#beginnings.keys();
    if (this.#beginnings.size > MAX_BEGINNINGS && oldest !== undefined) this.#beginnings.delete(oldest);
    return crashes;
  }

  async #putAside(letter: Letter, reason: string): Promise<void> {
    const { events, trouble } = await recordDeadLetter(this.#place(), letter, reason, this.#options.clock);
    this.#takeIn(events);
    if (trouble !== null) this.#trouble(trouble);
    this.#options.deadLettered(letter.command.type);
    letter.answer({
      kind: "unavailable",
      reason: "This command made the persona stop twice; it was put aside.",
      final: true,
    });
  }

  #takeIn(events: StoredEvent[]): void {
    this.version += events.length;
    if (events.length > 0) this.#options.committed(events);
  }

  /** The command in hand, from now on being written; null for a frame that is about none. */
  #decidedOn(seq: number): InHand | null {
    const inHand = this.#inHand;
    if (inHand === null || inHand.seq !== seq || inHand.appending) return null;
    inHand.timer.cancel();
    inHand.appending = true;
    return inHand;
  }

  #done(inHand: InHand, answer: CommandAnswer, tellActor: () => void): void {
    this.#inHand = null;
    this.#meanMs += NEWEST * (this.#options.clock.now() - inHand.since - this.#meanMs);
    tellActor();
    inHand.letter.answer(answer);
    inHand.over.resolve();
    this.#options.answered();
  }

  #place(): Place {
    const { log, stream } = this.#options;
    return { log, stream, version: this.version };
  }

  #trouble(text: string): void {
    this.#options.report(`${this.#options.stream}: ${text}`);
  }
}
