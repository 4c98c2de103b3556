/** One persona as the supervisor sees it: from asleep to live and back, through every way in which its worker can end. */
import { INTERNAL_COMMANDS } from "../persona/commands.ts";
import type { Down, Up } from "../persona/protocol.ts";
import type { Timer } from "../ports.ts";
import { firstFrames, readBeginning, replayed } from "./beginning.ts";
import { Desk, ENDING } from "./desk.ts";
import type { Life } from "./life.ts";
import { limit } from "./limit.ts";
import { Load } from "./load.ts";
import type { Letter } from "./mailbox.ts";
import { recordParked, recordUnparked } from "./parking.ts";
import { Health } from "./health.ts";
import type { Tenant } from "./room.ts";
import type { ActorPhase, ActorStatus, CellEnd, SupervisionEvent } from "./supervisor_port.ts";
import type { Fall, Surroundings } from "./surroundings.ts";

/** What a phase may last; a worker that is stuck in one is ended with its cell. */
const PHASE_DEADLINE_MS = { starting: 60_000, leaving: 15_000 };
/** ms after which a restart or a parking that a person wants does not wait for effects any more. */
const ASKED_GRACE_MS = 15_000;

const PARKED = "This persona was stopped: start it again on its page, then ask again.";

export type WokenBy = "command" | "due" | "listening" | "asked";
type Then = "sleep" | "start" | "park";
type Why = Extract<SupervisionEvent, { kind: "hibernated" }>["why"];

export class PersonaActor implements Tenant {
  readonly id: string;
  readonly desk: Desk;
  lastUsed: number;
  liveSince = 0;
  #around: Surroundings;
  #phase: ActorPhase | "leaving" = "asleep";
  #life: Life | null = null;
  #load = new Load();
  #health: Health;
  #parked: ActorStatus["parked"] = null;
  #restartTimer: Timer | null = null;
  #phaseTimer: Timer | null = null;
  #leave: { then: Then; why: Why; by: string; reason: string } | null = null;
  #wokenAt = 0;
  #listenOnly = false;
  /** Grows with each start and end: what belongs to an earlier one is not heard. */
  #turn = 0;

  constructor(id: string, around: Surroundings) {
    this.id = id;
    this.#around = around;
    this.#health = new Health(around.clock, () => around.random.number());
    this.lastUsed = around.clock.now();
    this.desk = new Desk({
      log: around.log,
      clock: around.clock,
      stream: id,
      limits: around.limits,
      committed: around.committed,
      answered: () => this.#answered(),
      late: (reason) => this.#stuck("deadline", reason),
      // Where its worker has fallen meanwhile, what follows from that is under way.
      conflict: () => {
        if (this.#phase !== "restarting") this.#again(0);
      },
      deadLettered: (type) => around.happened({ kind: "dead_lettered", personaId: id, type }),
      report: around.report,
    });
  }

  get phase(): ActorPhase {
    return this.#phase === "leaving" ? "running" : this.#phase;
  }

  /** A person wants it parked, and something is still under way. */
  get isToBeParked(): boolean {
    return this.#leave?.then === "park";
  }

  get life(): Life | null {
    return this.#life;
  }

  /** Whether it may be what brought its cell down: it was at something, or just coming up. */
  get busy(): boolean {
    return !this.desk.handsFree || this.#load.running > 0 || this.#phase === "starting";
  }

  get idle(): boolean {
    return this.#phase === "running" && this.desk.empty && this.#load.running === 0;
  }

  get wanted(): boolean {
    return !this.desk.empty;
  }

  get leaving(): boolean {
    return this.#phase === "leaving" || this.#leave !== null;
  }

  /** ms since the epoch at which something is due that it would be woken for; null where nothing is. */
  get nextAt(): number | null {
    return this.#load.nextAt;
  }

  /** It was woken to look at its platforms, has done so or has none to look at, and nothing else has come. */
  get listened(): boolean {
    const { listenAt } = this.#load;
    return this.#listenOnly && this.idle && listenAt !== undefined &&
      (listenAt === null || listenAt > this.#around.clock.now());
  }

  get listening(): boolean {
    return this.#listenOnly && this.#phase !== "asleep" && this.#phase !== "parked";
  }

  status(): ActorStatus {
    const { inHand } = this.desk;
    const { running, nextAt } = this.#load;
    return {
      personaId: this.id,
      state: this.phase,
      cell: this.#life?.cell?.number ?? null,
      mailboxDepth: this.desk.depth,
      inHand: inHand === null ? null : { type: inHand.type, since: iso(inHand.since) },
      effects: running,
      heapBytes: this.#life?.heapBytes ?? null,
      externalBytes: this.#life?.externalBytes ?? null,
      restarts: this.#health.restarts,
      lastCrash: this.#health.lastCrash,
      parked: this.#parked,
      nextAt: nextAt === null ? null : iso(nextAt),
      lastUsedAt: iso(this.lastUsed),
      alone: this.#health.alone,
    };
  }

  /** False when the mailbox is full. */
  deliver(letter: Letter): boolean {
    const outside = !INTERNAL_COMMANDS.has(letter.command.type);
    if (outside && (this.#phase === "parked" || this.#around.closing())) {
      letter.answer(this.#around.closing() ? ENDING : { kind: "unavailable", reason: PARKED, final: true });
      return true;
    }
    if (!this.desk.mailbox.offer(letter)) {
      this.#around.happened({ kind: "overloaded", personaId: this.id });
      return false;
    }
    this.wake("command");
    this.#pump();
    return true;
  }

  wake(by: WokenBy): void {
    if (by !== "listening") {
      this.#listenOnly = false;
      this.lastUsed = this.#around.clock.now();
    }
    if (this.#around.closing()) return;
    if (by === "asked" && this.#phase === "restarting" && this.#restartTimer !== null) {
      return this.#startNow();
    }
    // It is about to sleep: what is due does not wait until somebody looks again.
    const slept = this.#phase === "leaving" && this.#leave?.then === "sleep" ? this.#leave : null;
    if (slept !== null && (by === "due" || by === "asked")) this.#leave = { ...slept, then: "start" };
    if (this.#phase !== "asleep") return;
    this.#listenOnly = by === "listening";
    this.#wokenAt = this.#around.clock.now();
    if (this.#around.room.ask(this)) void this.#start();
    else this.#setPhase("waiting");
  }

  makeRoom(): void {
    // Nothing of it is there until its time to start again has come: then it asks for a place like everybody.
    if (this.#phase === "restarting" && this.#restartTimer !== null) return this.#around.room.leave(this);
    this.leave("sleep", "room");
  }

  enter(): void {
    if (this.#phase === "waiting" && !this.#around.closing()) void this.#start();
  }

  tell(message: Down): void {
    this.#life?.tell(message);
  }

  /** Ends the worker when nothing is under way: to sleep, to start again elsewhere, or to be parked. */
  leave(then: Then, why: Why, by = "system", reason = ""): void {
    if (this.#phase !== "running" && this.#phase !== "starting" && this.#phase !== "leaving") return;
    // What a person wants is not undone by anything that happens by itself.
    if (why !== "asked" && (this.#phase === "leaving" || this.#leave?.then === "park")) return;
    this.#leave = { then, why, by, reason };
    if (this.#phase === "leaving") return;
    this.tell({ t: "rest" });
    if (why === "asked") {
      const turn = this.#turn;
      this.#around.clock.after(ASKED_GRACE_MS, () => {
        const cell = this.#life?.cell;
        if (turn !== this.#turn || this.#leave === null || cell == null) return;
        this.#around.kill(cell, "asked", "a person wanted it, and it did not end by itself", null);
      });
    }
    this.#leaveIfIdle();
  }

  /** A person wants it: at once where it does not run. */
  async park(by: string, reason: string): Promise<void> {
    if (this.#phase === "parked") return;
    if (this.#phase === "running" || this.#phase === "starting" || this.#phase === "leaving") {
      return this.leave("park", "asked", by, reason);
    }
    this.#around.room.leave(this);
    await this.#park(by, reason);
  }

  /** A parked persona starts again, with a clean slate. Resolves to why not, where it does not. */
  async unpark(by: string): Promise<string | null> {
    if (this.#phase !== "parked" && await this.#around.parked() === null) return "It is not stopped.";
    const isWritten = await this.desk.record((place) => recordUnparked(place, by));
    if (!isWritten) return "That could not be written to the log: try again in a moment.";
    this.#health.forgive();
    this.#parked = null;
    // A start that was under way may have read that it is parked.
    if (this.#phase === "starting") this.#again(0);
    if (this.#phase === "parked") this.#setPhase("asleep");
    this.wake("asked");
    return null;
  }

  /** Resolves when no effect is under way, or at the latest when the signal aborts. */
  quiet(until: AbortSignal): Promise<void> {
    return this.#load.quiet(until);
  }

  async #start(): Promise<void> {
    const turn = ++this.#turn;
    this.liveSince = this.#around.clock.now();
    this.#setPhase("starting");
    try {
      const beginning = await readBeginning(this.id, this.#around);
      if (turn !== this.#turn || this.#around.closing()) return;
      if (beginning.parked !== null) return this.isParked(beginning.parked);
      const life = this.#around.begin(beginning.hosts, this.#health.alone);
      this.#life = life;
      const isToRest = this.#leave !== null;
      for (const frame of firstFrames(beginning, this.#around, this.#listenOnly)) life.tell(frame);
      if (isToRest) life.tell({ t: "rest" });
      await this.#replay(life, beginning.version);
    } catch (error) {
      if (turn !== this.#turn) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#around.report(`${this.id} did not start: ${reason}`);
      this.#again(this.#health.startFailed());
    }
  }

  async #replay(life: Life, from: number): Promise<void> {
    for await (const { frame, version } of replayed(this.#around.log, this.id, from)) {
      if (life !== this.#life) return;
      // Before the frame: its answer is compared with it.
      if (frame.last) this.desk.version = version;
      life.tell(frame);
      if (!frame.last) await life.room();
    }
  }

  /** A frame of one of its workers. */
  heard(life: Life, message: Up): void {
    if (life !== this.#life) return;
    switch (message.t) {
      case "live": {
        if (message.version !== this.desk.version) {
          return this.#stuck(
            "protocol",
            `it folded ${message.version} events where the log has ${this.desk.version}`,
          );
        }
        const ms = this.#around.clock.now() - this.#wokenAt;
        this.#around.happened({ kind: "activated", personaId: this.id, ms });
        this.#health.started();
        this.#setPhase("running");
        return this.#leave === null ? this.#pump() : this.#leaveIfIdle();
      }
      case "decided":
        return void this.desk.decided(message, (answer) => life.tell(answer));
      case "refused":
        return void this.desk.refused(message);
      case "load":
        this.#load.said(message);
        return this.#leaveIfIdle();
      default:
        return this.#around.other(message);
    }
  }

  /** The worker ended as it was told to, its state said. */
  left(): void {
    if (this.#phase !== "leaving") return;
    const leave = this.#leave;
    // An effect began as it was told to end: there is something to do.
    const wanted = this.desk.mailbox.depth > 0;
    this.#ended();
    if (leave?.then === "park") return void this.#park(leave.by, leave.reason);
    this.#setPhase("asleep");
    if (leave?.then === "start") return this.wake("asked");
    if (leave !== null) this.#around.happened({ kind: "hibernated", personaId: this.id, why: leave.why });
    if (wanted) this.wake("command");
  }

  /** Its worker is gone. */
  async fell(life: Life, fall: Fall): Promise<void> {
    if (life !== this.#life) return;
    const { charged, cause, reason } = fall;
    this.#around.happened({ kind: "crash", personaId: this.id, charged, cause });
    this.#health.fell(fall);
    const leave = this.#leave;
    this.#ended();
    this.#setPhase("restarting");
    const turn = this.#turn;
    await this.desk.workerGone(charged, reason);
    if (turn !== this.#turn || this.#around.closing()) return;
    if (leave?.then === "park") return void this.#park(leave.by, leave.reason);
    const next = this.#health.next(charged);
    if (next.kind === "restart") return this.#again(next.delayMs);
    await this.#park(
      "system",
      `It crashed ${this.#health.crashes} times in a short while, the last time: ${named(fall)}.`,
    );
  }

  /** Nothing more is started. */
  close(): void {
    this.#turn++;
    this.#restartTimer?.cancel();
    this.#phaseTimer?.cancel();
    this.desk.close();
  }

  #answered(): void {
    this.lastUsed = this.#around.clock.now();
    this.#leaveIfIdle();
    this.#pump();
  }

  #pump(): void {
    const life = this.#life;
    if (this.#phase !== "running" || life === null) return;
    // It is to leave as soon as nothing is under way; what is under way needs its letters to come to an end.
    if (this.#leave !== null && this.#load.running === 0) return;
    this.desk.next((message) => life.tell(message));
  }

  #leaveIfIdle(): void {
    if (this.#leave === null || this.#phase !== "running" || !this.desk.handsFree || this.#load.running > 0) {
      return;
    }
    this.#setPhase("leaving");
    this.tell({ t: "finish" });
  }

  /** A worker that does not do what it should: only its process can be ended for certain. */
  #stuck(end: CellEnd, detail: string): void {
    this.#around.report(`${this.id}: ${detail}: its cell is ended`);
    const cell = this.#life?.cell;
    if (cell == null) this.#again(1_000);
    else this.#around.kill(cell, end, detail, this.#life);
  }

  #ended(): void {
    this.#turn++;
    this.#restartTimer?.cancel();
    this.#restartTimer = null;
    if (this.#life !== null) this.#around.end(this.#life);
    this.#life = null;
    this.desk.dropBeginnings();
    this.#load.gone();
    this.#leave = null;
  }

  #again(delayMs: number): void {
    const leave = this.#leave;
    this.#ended();
    if (leave?.then === "park") return void this.#park(leave.by, leave.reason);
    this.#wokenAt = this.#around.clock.now() + delayMs;
    this.#load.nextAt = this.#wokenAt;
    this.#restartTimer = this.#around.clock.after(delayMs, () => this.#startNow());
    this.#setPhase("restarting");
  }

  #startNow(): void {
    this.#restartTimer?.cancel();
    this.#restartTimer = null;
    if (this.#phase !== "restarting" || this.#around.closing()) return;
    if (this.#around.room.ask(this)) void this.#start();
    else this.#setPhase("waiting");
  }

  async #park(by: string, reason: string): Promise<void> {
    this.isParked({ at: iso(this.#around.clock.now()), by, reason });
    this.#around.happened({ kind: "parked", personaId: this.id, by });
    await this.desk.record((place) => recordParked(place, by, reason));
  }

  /** It does not run, and takes no command, until it is set free. */
  isParked(why: NonNullable<ActorStatus["parked"]>): void {
    this.#ended();
    this.#parked = why;
    this.#setPhase("parked");
    this.#around.room.leave(this);
    this.desk.turnAway({ kind: "unavailable", reason: PARKED, final: true });
  }

  #setPhase(phase: ActorPhase | "leaving"): void {
    this.#phase = phase;
    this.#phaseTimer?.cancel();
    this.#phaseTimer = null;
    if (phase === "asleep") this.#around.room.leave(this);
    if ((phase === "starting" || phase === "leaving") && !this.#around.closing()) {
      const deadlineMs = PHASE_DEADLINE_MS[phase];
      this.#phaseTimer = limit(
        this.#around.clock,
        deadlineMs,
        () => this.#stuck("deadline", `it is ${phase} for ${deadlineMs / 1_000} s`),
      );
    }
    this.#around.changed();
  }
}

/** The kind of a fall: what an error says may quote people outside, so it stays out of events. */
function named({ cause, reason }: Fall): string {
  return cause === "error"
    ? /^\w*(Error|Exception)\b/.exec(reason)?.[0] ?? "an error"
    : cause.replaceAll("_", " ");
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
