/**
 * One persona as the supervisor sees it: its mailbox, its worker, and the one command that is in hand. A letter is
 * answered when its events are committed; whatever crashes before that is delivered again.
 */
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import { STATE_SCHEMA } from "../persona/state.ts";
import type { PersonaState } from "../persona/state.ts";
import type { Down, Up } from "../persona/protocol.ts";
import type { Letter, MailboxLimits } from "./mailbox.ts";
import { BEGINNINGS, Mailbox } from "./mailbox.ts";
import type { Place } from "./recording.ts";
import { recordDeadLetter, recordDecision, recordRefusal } from "./recording.ts";
import { RestartPolicy } from "./restart_policy.ts";
import type { ActorStatus, CommandAnswer } from "./supervisor_port.ts";
import type { CellProcess } from "./cell_process.ts";

/** Events in one replay frame: so few that the largest ones the log takes fit into a frame. */
const REPLAY_PAGE = 30;
/** A command that brings the actor down this often is put aside. */
const MAX_CRASHES_PER_COMMAND = 2;
/** A decision takes microseconds: one that takes this long comes from a worker that is stuck. */
const DECIDE_DEADLINE_MS = 15_000;

/** What an actor needs of its supervisor. */
export interface Surroundings {
  log: EventLog;
  limits: MailboxLimits;
  now(): number;
  random(): number;
  /** Finds a cell with exactly these hosts. */
  place(personaId: string, hosts: string[]): CellProcess;
  /** Takes the persona out of its cell, its worker ended. */
  abandon(personaId: string, cell: CellProcess): void;
  /** The origins that the persona may speak to now. */
  hostsOf(personaId: string): Promise<string[]>;
  /** The first frames for a worker: its settings, and its secrets, which are never logged. */
  startFrame(personaId: string, snapshot: PersonaState | null): Extract<Down, { t: "start" }>;
  secretFrames(personaId: string): Promise<Extract<Down, { t: "secret" }>[]>;
  held(): string | null;
  /** Committed events of this persona, after its actor was told. */
  committed(personaId: string, events: StoredEvent[]): void;
  statusChanged(status: ActorStatus): void;
  /** A frame that is not about commands. */
  other(actor: PersonaActor, message: Up): void;
  report(text: string): void;
  /** Whether the program is ending: then nothing is started any more. */
  closing(): boolean;
}

interface InHand {
  letter: Letter;
  seq: number;
  /** The append is on its way: its end answers the letter, whatever happens to the worker. */
  appending: boolean;
  timer: ReturnType<typeof setTimeout>;
}

/** What a phase may last; a worker that is stuck in one is ended with its cell. */
const PHASE_DEADLINE_MS: Partial<Record<Phase, number>> = { starting: 60_000, leaving: 15_000 };

type Phase = "asleep" | "starting" | "running" | "restarting" | "parked" | "leaving";

export class PersonaActor {
  readonly id: string;
  readonly mailbox: Mailbox;
  cell: CellProcess | null = null;
  /** Effects under way, as it said last. */
  running = 0;
  lastUsed: number;
  #around: Surroundings;
  #phase: Phase = "asleep";
  #version = 0;
  #seq = 0;
  #inHand: InHand | null = null;
  #policy: RestartPolicy;
  #restarts = 0;
  #lastCrash: ActorStatus["lastCrash"] = null;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  #phaseTimer: ReturnType<typeof setTimeout> | undefined;
  #afterLeaving: "sleep" | "start" = "sleep";
  #leaveWanted: "sleep" | "start" | null = null;
  /** Grows with each worker: what an earlier one still says is not heard. */
  #generation = 0;

  constructor(id: string, around: Surroundings) {
    this.id = id;
    this.#around = around;
    this.mailbox = new Mailbox(around.limits);
    this.#policy = new RestartPolicy(around.random);
    this.lastUsed = around.now();
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether it may be what brought its cell down: it was at something, or just coming up. */
  get suspect(): boolean {
    return this.#inHand !== null || this.running > 0 || this.#phase === "starting";
  }

  get busy(): boolean {
    return this.#inHand !== null || this.mailbox.depth > 0 || this.running > 0;
  }

  status(): ActorStatus {
    return {
      personaId: this.id,
      state: this.#phase === "leaving" ? "running" : this.#phase,
      cell: this.cell?.number ?? null,
      mailboxDepth: this.mailbox.depth + (this.#inHand === null ? 0 : 1),
      inHand: null,
      effects: this.running,
      heapBytes: null,
      externalBytes: null,
      restarts: this.#restarts,
      lastCrash: this.#lastCrash,
      parked: null,
      nextAt: null,
      lastUsedAt: new Date(this.lastUsed).toISOString(),
      alone: false,
    };
  }

  /** False when the mailbox is full. */
  deliver(letter: Letter): boolean {
    if (!this.mailbox.offer(letter)) return false;
    this.wake();
    this.#pump();
    return true;
  }

  wake(): void {
    this.lastUsed = this.#around.now();
    if (this.#phase === "asleep" && !this.#around.closing()) void this.#start();
  }

  /** A parked persona starts again, with a clean slate. */
  unpark(): void {
    if (this.#phase !== "parked") return;
    this.#policy.forgive();
    this.#phase = "asleep";
    this.wake();
  }

  tell(message: Down): void {
    this.cell?.toWorker(this.id, message);
  }

  /** Ends the worker when nothing is under way: to sleep, or to start again elsewhere. */
  leave(then: "sleep" | "start"): void {
    if (this.#phase !== "running" && this.#phase !== "starting") return;
    this.#leaveWanted = then;
    this.#leaveIfIdle();
  }

  #leaveIfIdle(): void {
    if (
      this.#leaveWanted === null || this.#phase !== "running" || this.#inHand !== null || this.running > 0
    ) return;
    this.#afterLeaving = this.#leaveWanted;
    this.#leaveWanted = null;
    this.#setPhase("leaving");
    this.tell({ t: "finish" });
  }

  async #start(): Promise<void> {
    const generation = ++this.#generation;
    this.#setPhase("starting");
    try {
      const hosts = await this.#around.hostsOf(this.id);
      const snapshot = await this.#around.log.loadSnapshot(this.id, STATE_SCHEMA);
      const secrets = await this.#around.secretFrames(this.id);
      if (generation !== this.#generation || this.#around.closing()) return;
      this.cell = this.#around.place(this.id, hosts);
      this.cell.toCell({ t: "startWorker", actor: this.id, hosts });
      const state = snapshot === null ? null : snapshot.state as unknown as PersonaState;
      this.tell(this.#around.startFrame(this.id, state));
      for (const secret of secrets) this.tell(secret);
      this.tell({ t: "held", why: this.#around.held() });
      await this.#replay(snapshot?.version ?? 0, generation);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#around.report(
        `${this.id} did not start: ${error instanceof Error ? error.message : String(error)}`,
      );
      // The database was away or a cell did not come up: not the persona's doing, so no crash is counted.
      this.#restart(1_000);
    }
  }

  async #replay(from: number, generation: number): Promise<void> {
    let version = from;
    for (;;) {
      const events = await this.#around.log.readStream(this.id, version, REPLAY_PAGE);
      if (generation !== this.#generation) return;
      version = events.at(-1)?.version ?? version;
      const last = events.length < REPLAY_PAGE;
      const facts = events.map(({ id, type, version, by, data }) => ({ id, type, version, by, data }));
      this.tell({ t: "replay", facts, last });
      if (last) break;
    }
    this.#version = version;
  }

  #pump(): void {
    if (this.#phase !== "running" || this.#inHand !== null) return;
    // It is to leave as soon as nothing is under way; what is under way needs its letters to come to an end.
    if (this.#leaveWanted !== null && this.running === 0) return;
    const letter = this.mailbox.take();
    if (letter === null) return;
    const seq = ++this.#seq;
    const timer = setTimeout(() => {
      this.#around.report(`${this.id} did not answer for ${DECIDE_DEADLINE_MS / 1_000} s: its cell is ended`);
      this.cell?.kill();
    }, DECIDE_DEADLINE_MS);
    this.#inHand = { letter, seq, appending: false, timer };
    const { commandId, command, by, cause } = letter;
    this.tell({ t: "deliver", seq, commandId, command, by, cause });
  }

  /** A frame of this persona's worker. */
  receive(message: Up): void {
    switch (message.t) {
      case "live":
        if (message.version !== this.#version) {
          this.#around.report(
            `${this.id} folded ${message.version} events where the log has ${this.#version}`,
          );
          return this.cell?.kill();
        }
        this.#setPhase("running");
        return this.#leaveWanted === null ? this.#pump() : this.#leaveIfIdle();
      case "decided":
        return void this.#append(message);
      case "refused":
        return void this.#refused(message);
      case "load":
        this.running = message.running;
        return this.#leaveIfIdle();
      default:
        return this.#around.other(this, message);
    }
  }

  async #append({ seq, events }: Extract<Up, { t: "decided" }>): Promise<void> {
    const inHand = this.#decidedOn(seq);
    if (inHand === null) return;
    const { letter } = inHand;
    const recorded = await recordDecision(this.#place(), letter, events);
    switch (recorded.kind) {
      case "committed": {
        this.#version += recorded.events.length;
        if (recorded.events.length > 0) this.#around.committed(this.id, recorded.events);
        const { commandId } = letter;
        const answer: CommandAnswer = {
          kind: "committed",
          commandId,
          events: recorded.events,
          repeated: false,
        };
        return this.#done(inHand, { t: "committed", seq }, answer);
      }
      case "conflict":
        // Only this actor writes its stream: somebody restored or repaired below it. Read again and decide again.
        this.#around.report(
          `${this.id}: the log has version ${recorded.version}, the actor ${this.#version}`,
        );
        this.#inHand = null;
        this.mailbox.putBack(letter);
        return this.#restart(0);
      case "answered":
        if (recorded.trouble !== null) this.#around.report(`${this.id}: ${recorded.trouble}`);
        return this.#done(inHand, { t: "aborted", seq, reason: recorded.answer.kind }, recorded.answer);
      default:
        recorded satisfies never;
    }
  }

  async #refused({ seq, refusal }: Extract<Up, { t: "refused" }>): Promise<void> {
    const inHand = this.#decidedOn(seq);
    if (inHand === null) return;
    const { answer, trouble } = await recordRefusal(this.#place(), inHand.letter, refusal);
    if (trouble !== null) this.#around.report(`${this.id}: ${trouble}`);
    this.#done(inHand, null, answer);
  }

  /** The command in hand, from now on being written; null for a frame that is about none. */
  #decidedOn(seq: number): InHand | null {
    const inHand = this.#inHand;
    if (inHand === null || inHand.seq !== seq || inHand.appending) return null;
    clearTimeout(inHand.timer);
    inHand.appending = true;
    return inHand;
  }

  #place(): Place {
    return { log: this.#around.log, stream: this.id, version: this.#version, waiting: this.mailbox.depth };
  }

  #done(inHand: InHand, message: Down | null, answer: CommandAnswer): void {
    // The worker may have gone meanwhile; a new one has read what was committed.
    if (this.#inHand === inHand) {
      this.#inHand = null;
      if (message !== null) this.tell(message);
    }
    inHand.letter.answer(answer);
    this.lastUsed = this.#around.now();
    this.#leaveIfIdle();
    this.#pump();
  }

  /** The worker ended as it was told to, its state saved. */
  left(): void {
    if (this.#phase !== "leaving") return;
    this.#ended();
    this.#setPhase("asleep");
    if (this.#afterLeaving === "start" || this.mailbox.depth > 0) this.wake();
  }

  /** The worker, or its cell, is gone. `charged`: it counts against this persona. */
  async crashed(reason: string, charged: boolean): Promise<void> {
    if (this.#phase === "asleep" || this.#phase === "parked" || this.#phase === "restarting") return;
    this.#lastCrash = { at: new Date(this.#around.now()).toISOString(), reason, stack: "", charged };
    this.#ended();
    this.#setPhase("restarting");
    const generation = this.#generation;
    const inHand = this.#inHand;
    if (inHand?.appending) {
      // Its end is not known yet: what the new worker reads has to hold it.
      await new Promise<void>((resolve) => {
        const { letter } = inHand;
        const answer = letter.answer;
        letter.answer = (value) => {
          answer(value);
          resolve();
        };
      });
      // There was a conflict: it has been started again already.
      if (generation !== this.#generation) return;
    } else if (inHand !== null) {
      clearTimeout(inHand.timer);
      this.#inHand = null;
      await this.#redeliver(inHand.letter, reason);
    }
    if (!charged) return this.#restart(0);
    this.#restarts++;
    const next = this.#policy.crashed(this.#around.now());
    if (next.kind === "restart") return this.#restart(next.delayMs);
    this.#setPhase("parked");
    for (const letter of this.mailbox.drain()) {
      letter.answer({ kind: "unavailable", reason: "This persona was stopped after repeated crashes." });
    }
  }

  async #redeliver(letter: Letter, reason: string): Promise<void> {
    letter.crashes++;
    if (BEGINNINGS.has(letter.command.type)) {
      return letter.answer({ kind: "unavailable", reason: "The persona stopped." });
    }
    if (letter.crashes < MAX_CRASHES_PER_COMMAND) return this.mailbox.putBack(letter);
    const { events, trouble } = await recordDeadLetter(this.#place(), letter, reason);
    this.#version += events.length;
    if (events.length > 0) this.#around.committed(this.id, events);
    if (trouble !== null) this.#around.report(`${this.id}: ${trouble}`);
    letter.answer({
      kind: "unavailable",
      reason: "This command made the persona stop twice; it was put aside.",
    });
  }

  #ended(): void {
    this.#generation++;
    if (this.cell !== null) this.#around.abandon(this.id, this.cell);
    this.cell = null;
    this.running = 0;
    for (const dropped of this.mailbox.dropBeginnings()) {
      dropped.answer({ kind: "unavailable", reason: "The persona stopped." });
    }
  }

  #restart(delayMs: number): void {
    this.#ended();
    this.#again(delayMs);
  }

  #again(delayMs: number): void {
    this.#setPhase("restarting");
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => {
      if (this.#around.closing()) return;
      void this.#start();
    }, delayMs);
  }

  #overdue(phase: Phase, afterMs: number): void {
    this.#around.report(`${this.id} is ${phase} for ${afterMs / 1_000} s: its cell is ended`);
    if (this.cell === null) this.#restart(1_000);
    else this.cell.kill();
  }

  /** Nothing more is started. */
  close(): void {
    clearTimeout(this.#restartTimer);
    clearTimeout(this.#phaseTimer);
    if (this.#inHand !== null) clearTimeout(this.#inHand.timer);
    for (const letter of this.mailbox.drain()) {
      letter.answer({ kind: "unavailable", reason: "The program is stopping." });
    }
  }

  #setPhase(phase: Phase): void {
    this.#phase = phase;
    clearTimeout(this.#phaseTimer);
    const deadlineMs = PHASE_DEADLINE_MS[phase];
    if (deadlineMs !== undefined && !this.#around.closing()) {
      this.#phaseTimer = setTimeout(() => this.#overdue(phase, deadlineMs), deadlineMs);
    }
    this.#around.statusChanged(this.status());
  }
}
