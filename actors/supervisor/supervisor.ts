/** Routes commands to personas, starts and restarts their actors, gives leave to send. */
import type { EventLog } from "../../db/log/log.ts";
import type { ArmedCrash } from "../crash_point.ts";
import { hashJson } from "../persona/content.ts";
import type { Command, PersonaCommand } from "../persona/commands.ts";
import type { ActorSettings } from "../persona/protocol.ts";
import type { Clock, Random } from "../ports.ts";
import { deadline } from "../ports.ts";
import { Actors } from "./actors.ts";
import type { Cell, Ending, Occupant } from "./cells.ts";
import { Cells } from "./cells.ts";
import { control, type Controlled } from "./control.ts";
import { DueClock } from "./due_clock.ts";
import { Errands } from "./errands.ts";
import { falls } from "./falls.ts";
import { knownAnswer, mayBeKnown } from "./known_answer.ts";
import { Listeners } from "./listeners.ts";
import type { Letter, MailboxLimits } from "./mailbox.ts";
import type { OpenCell, Provisioning, Reads } from "./ports.ts";
import { Room } from "./room.ts";
import { Rounds } from "./rounds.ts";
import { heldBack } from "./stop_scope.ts";
import { Stops } from "./stops.ts";
import type {
  ActorControl,
  ActorStatus,
  CommandAnswer,
  Progress,
  RuntimeStatus,
  Sender,
  Stop,
  StopScope,
  SupervisionEvent,
  SupervisorPort,
} from "./supervisor_port.ts";
import { withoutActor } from "./supervisor_port.ts";

/** ms that actors get to end by themselves at a shutdown. */
const CLOSE_MS = 5_000;
/** Parked personas that are known from the start; the others are found out about when something is asked of them. */
const MAX_PARKED_SHOWN = 1_000;

export interface SupervisorOptions {
  log: EventLog;
  reads: Reads;
  provisioning: Provisioning;
  openCell: OpenCell;
  clock: Clock;
  random: Random;
  actor: ActorSettings;
  mailbox: MailboxLimits;
  /** Live actors; who comes when there are as many waits until one is put to sleep. */
  maxLive: number;
  actorsPerCell: number;
  /** Heap of one isolate, in bytes. */
  maxHeapBytes: number;
  /** Resident size of one cell, in bytes. */
  maxRssBytes: number;
  /** ms without a sign of life after which a worker, or a cell, is stuck. */
  silentMs: number;
  /** ms without a command after which an actor is put to sleep. */
  idleMs: number;
  /** ms between two looks of a sleeping persona at its platforms. */
  listenMs: number;
  crash: ArmedCrash | null;
  /** One line for the program's own log. */
  report(text: string): void;
}

export class Supervisor implements SupervisorPort {
  #options: SupervisorOptions;
  #actors: Actors;
  #cells: Cells;
  #room: Room;
  #stops!: Stops;
  #errands!: Errands;
  #rounds: Rounds;
  #dueClock: DueClock;
  #progress: Listeners<Progress>;
  #status: Listeners<ActorStatus>;
  #supervision: Listeners<SupervisionEvent>;
  #closing = false;
  /** With which this run began. The log raises its own on every new connection, and stays the writer. */
  readonly #epoch: number;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#epoch = options.log.epoch;
    const { openCell, clock, actorsPerCell, silentMs, maxRssBytes, report } = options;
    this.#progress = new Listeners(report);
    this.#status = new Listeners(report);
    this.#supervision = new Listeners(report);
    this.#room = new Room(options.maxLive, clock);
    this.#cells = new Cells({
      open: openCell,
      clock,
      actorsPerCell,
      silentMs,
      maxRssBytes,
      ended: (cell, occupants, ending) => this.#cellEnded(cell, occupants, ending),
      logged: report,
    });
    this.#actors = new Actors({
      ...options,
      epoch: this.#epoch,
      room: this.#room,
      cells: this.#cells,
      stops: () => this.#stops.list(),
      other: (actor, message) => this.#errands.run(actor, message),
      changed: (status) => this.#status.tell(status),
      happened: (event) => this.#supervision.tell(event),
      closing: () => this.#closing,
    });
    this.#rounds = new Rounds({ ...options, actors: this.#actors.all, cells: this.#cells, room: this.#room });
    this.#dueClock = new DueClock({
      reads: options.reads,
      clock,
      wake: (personaId, why) => this.#actors.wake(personaId, why),
      held: () => heldBack(this.#stops.list()),
      listening: () => [...this.#actors.all.values()].filter((actor) => actor.listening).length,
      report,
    });
  }

  /** Cells of an earlier run must be gone (`waitForOldCells`). What is due is left alone until `start`. */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    supervisor.#stops = await Stops.open({
      log: options.log,
      now: () => options.clock.now(),
      changed: (scope) => supervisor.#tellHolds(scope),
      report: options.report,
    });
    supervisor.#errands = new Errands({
      ...options,
      epoch: supervisor.#epoch,
      stops: supervisor.#stops,
      cells: supervisor.#cells,
      progress: (progress) => supervisor.#progress.tell(progress),
      happened: (event) => supervisor.#supervision.tell(event),
      closing: () => supervisor.#closing,
    });
    supervisor.#rounds.start();
    return supervisor;
  }

  /** From here on what is due is done. */
  async start(): Promise<void> {
    await this.#learnWhoIsParked();
    await this.#dueClock.start();
  }

  async #learnWhoIsParked(): Promise<void> {
    try {
      for (const { personaId, ...why } of await this.#options.reads.parkedPersonas(MAX_PARKED_SHOWN)) {
        // Who is known already was asked for meanwhile, and has read for itself whether it is parked.
        if (!this.#actors.all.has(personaId)) this.#actors.of(personaId).isParked(why);
      }
    } catch (error) {
      this.#options.report(`who is parked could not be read: ${messageOf(error)}`);
    }
  }

  async send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer> {
    if (this.#closing) return { kind: "unavailable", reason: "The program is stopping." };
    const { desk } = this.#actors.of(personaId);
    const bodyHash = sender.mayBeRepeated ? sender.bodyHash ?? hashJson({ personaId, command }) : null;
    const looked = mayBeKnown(command, bodyHash)
      ? await desk.admit(
        command.type,
        async () => ({ answer: await knownAnswer(this.#options, command, sender, bodyHash) }),
      )
      : { answer: null };
    if (looked === null) {
      this.#supervision.tell({ kind: "overloaded", personaId });
      return desk.overloaded;
    }
    return looked.answer ??
      await this.#deliver(personaId, command, { commandId: sender.id, by: sender.by, bodyHash });
  }

  #deliver(
    personaId: string,
    command: Command,
    letter: Pick<Letter, "commandId" | "by" | "bodyHash">,
  ): Promise<CommandAnswer> {
    const actor = this.#actors.of(personaId);
    return new Promise((resolve) => {
      const taken = actor.deliver({
        ...letter,
        command,
        cause: null,
        words: [],
        crashes: 0,
        answer: resolve,
      });
      if (!taken) resolve(actor.desk.overloaded);
    });
  }

  #cellEnded(cell: Cell, occupants: Occupant[], ending: Ending): void {
    if (this.#closing) return;
    const { fallen, guilty } = falls(cell, occupants, ending, this.#actors.all, this.#options);
    const innocent = fallen.filter(({ fall }) => !fall.charged).length;
    this.#supervision.tell({ kind: "cell_ended", end: ending.end, guilty, innocent });
    if (fallen.length > 0) {
      this.#options.report(
        `cell ${cell.number} ended (${ending.end}: ${ending.detail}) with ${fallen.length} personas`,
      );
    }
    for (const { actor, life, fall } of fallen) void actor.fell(life, fall);
  }

  #tellHolds(scope: StopScope): void {
    this.#dueClock.again();
    this.#actors.tellHolds(scope);
  }

  status(personaId: string): ActorStatus {
    return this.#actors.all.get(personaId)?.status() ?? withoutActor(personaId);
  }

  statuses(): ActorStatus[] {
    return [...this.#actors.all.values()].map((actor) => actor.status());
  }

  runtime(): RuntimeStatus {
    const at = new Date(this.#options.clock.now()).toISOString();
    const { live } = this.#room;
    return {
      at,
      cells: this.#cells.statuses(),
      actors: this.statuses(),
      live,
      maxLive: this.#options.maxLive,
    };
  }

  async control(
    personaId: string,
    what: ActorControl,
    by: string,
    why = "",
  ): Promise<Controlled> {
    const actor = this.#actors.of(personaId);
    if (this.#closing) return { ok: false, reason: "The program is stopping." };
    return await control(actor, what, by, why);
  }

  stops(): readonly Stop[] {
    return this.#stops.list();
  }

  stop(scope: StopScope, by: string, why: string): Promise<void> {
    return this.#stops.stop(scope, by, why);
  }

  lift(scope: StopScope, by: string): Promise<void> {
    return this.#stops.lift(scope, by);
  }

  onProgress(listener: (progress: Progress) => void): () => void {
    return this.#progress.add(listener);
  }

  onStatus(listener: (status: ActorStatus) => void): () => void {
    return this.#status.add(listener);
  }

  onSupervision(listener: (event: SupervisionEvent) => void): () => void {
    return this.#supervision.add(listener);
  }

  /** New commands are refused, what is under way gets a moment, then every cell is ended. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#rounds.close();
    this.#dueClock.close();
    const patience = deadline(this.#options.clock, CLOSE_MS);
    for (const actor of this.#actors.all.values()) await actor.quiet(patience.signal);
    patience.cancel();
    for (const actor of this.#actors.all.values()) actor.close();
    await this.#cells.close();
  }

  /** This process is not the writer any more: at once, without a word. */
  killCells(): void {
    this.#closing = true;
    this.#cells.killAll();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
