/** Routes commands to personas, starts and restarts their actors, gives leave to send. */
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import type { ArmedCrash } from "../crash_point.ts";
import { hashJson } from "../persona/content.ts";
import type { Command, PersonaCommand } from "../persona/commands.ts";
import type { ActorSettings } from "../persona/protocol.ts";
import { addressOf } from "../persona/protocol.ts";
import type { Clock, Random } from "../ports.ts";
import { deadline } from "../ports.ts";
import type { Resident } from "./blame.ts";
import { blame } from "./blame.ts";
import type { Cell, Ending, Occupant } from "./cells.ts";
import { Cells } from "./cells.ts";
import { DueClock } from "./due_clock.ts";
import { Errands } from "./errands.ts";
import { Life } from "./life.ts";
import { Listeners } from "./listeners.ts";
import type { Letter, MailboxLimits } from "./mailbox.ts";
import { PersonaActor } from "./persona_actor.ts";
import type { OpenCell, Provisioning, Reads } from "./ports.ts";
import { answerOf } from "./recording.ts";
import { Room } from "./room.ts";
import { Rounds } from "./rounds.ts";
import { heldBack, holdsOf } from "./stop_scope.ts";
import { Stops } from "./stops.ts";
import type {
  ActorControl,
  ActorStatus,
  CommandAnswer,
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

type Progress = { personaId: string; postId: string; text: string };

export class Supervisor implements SupervisorPort {
  #options: SupervisorOptions;
  #actors = new Map<string, PersonaActor>();
  #cells: Cells;
  #room: Room;
  #stops!: Stops;
  #errands!: Errands;
  #rounds: Rounds;
  #dueClock: DueClock;
  #progress: Listeners<Progress>;
  #status: Listeners<ActorStatus>;
  #supervision: Listeners<SupervisionEvent>;
  #lives = 0;
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
    this.#rounds = new Rounds({ ...options, actors: this.#actors, cells: this.#cells, room: this.#room });
    this.#dueClock = new DueClock({
      reads: options.reads,
      clock,
      wake: (personaId, why) => this.#wake(personaId, why),
      held: () => heldBack(this.#stops.list()),
      listening: () => [...this.#actors.values()].filter((actor) => actor.listening).length,
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
        if (!this.#actors.has(personaId)) this.#actor(personaId).isParked(why);
      }
    } catch (error) {
      this.#options.report(`who is parked could not be read: ${messageOf(error)}`);
    }
  }

  async send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer> {
    if (this.#closing) return { kind: "unavailable", reason: "The program is stopping." };
    const { desk } = this.#actor(personaId);
    const bodyHash = sender.mayBeRepeated ? sender.bodyHash ?? hashJson({ personaId, command }) : null;
    const mayBeKnown = bodyHash !== null || (command.type === "compose" && command.postId !== undefined);
    const looked = mayBeKnown
      ? await desk.admit(command.type, () => this.#lookUp(command, sender, bodyHash))
      : { answer: null };
    if (looked === null) {
      this.#supervision.tell({ kind: "overloaded", personaId });
      return desk.overloaded;
    }
    return looked.answer ??
      await this.#deliver(personaId, command, { commandId: sender.id, by: sender.by, bodyHash });
  }

  /** The answer where it is known before the persona is asked. */
  async #lookUp(
    command: PersonaCommand,
    sender: Sender,
    bodyHash: string | null,
  ): Promise<{ answer: CommandAnswer | null }> {
    const { log, reads } = this.#options;
    // Looked at before the earlier answer: a repetition that crosses its first sending finds both or neither.
    const taken = command.type === "compose" && command.postId !== undefined &&
      await reads.postExists(command.postId);
    if (bodyHash !== null) {
      const seen = await log.findCommand(sender.by, sender.id);
      if (seen !== null && seen.bodyHash !== bodyHash) return { answer: { kind: "id_reused" } };
      if (seen !== null) return { answer: await answerOf(log, sender.id, seen) };
    }
    if (!taken) return { answer: null };
    // The persona itself knows its own posts only, and of those the finished ones not for ever.
    const refusal = { code: "exists", message: "There is a post with this id already.", field: "postId" };
    return { answer: { kind: "refused", commandId: sender.id, refusal, repeated: false } };
  }

  #deliver(
    personaId: string,
    command: Command,
    letter: Pick<Letter, "commandId" | "by" | "bodyHash">,
  ): Promise<CommandAnswer> {
    const actor = this.#actor(personaId);
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

  #actor(personaId: string): PersonaActor {
    const known = this.#actors.get(personaId);
    if (known !== undefined) return known;
    const { log, mailbox, clock, random, provisioning, reads, report } = this.#options;
    const actor: PersonaActor = new PersonaActor(personaId, {
      log,
      limits: mailbox,
      clock,
      random,
      room: this.#room,
      begin: (hosts, alone) => this.#begin(actor, hosts, alone),
      end: (life) => this.#end(life),
      kill: (cell, end, detail, guilty) => {
        // Where the cell itself is silent, nobody in it can be heard, and nobody is to blame.
        if (guilty !== null && this.#cells.isSilent(cell)) {
          return this.#cells.condemn(cell, { end: "cell_silent", guilty: null, detail });
        }
        this.#cells.condemn(cell, { end, guilty: guilty?.address ?? null, detail });
      },
      hostsOf: () => provisioning.hostsOf(personaId),
      parked: () => reads.parked(personaId),
      startFrame: (snapshot, listen) => ({
        t: "start",
        personaId,
        epoch: this.#epoch,
        settings: this.#options.actor,
        snapshot,
        listen,
      }),
      startFrames: () => provisioning.startFrames(personaId),
      heldFrame: () => ({ t: "held", stops: holdsOf(this.#stops.list(), personaId) }),
      committed: (events) => this.#committed(actor, events),
      other: (message) => this.#errands.run(actor, message),
      changed: () => this.#status.tell(actor.status()),
      happened: (event) => this.#supervision.tell(event),
      report,
      closing: () => this.#closing,
    });
    this.#actors.set(personaId, actor);
    return actor;
  }

  #begin(actor: PersonaActor, hosts: string[], alone: boolean): Life {
    const life = new Life({
      address: addressOf(actor.id, ++this.#lives),
      personaId: actor.id,
      clock: this.#options.clock,
      said: (life, message) => actor.heard(life, message),
      broken: (life, reason, lost) => {
        if (life.cell === null) return;
        const guilty = lost ? null : life.address;
        this.#cells.condemn(life.cell, { end: lost ? "asked" : "protocol", guilty, detail: reason });
      },
      crashed: (life, reason, stack) => {
        this.#options.report(`${actor.id} crashed: ${reason} ${stack}`.trim());
        void actor.fell(life, { cause: "error", reason, stack, charged: true, suspect: false });
      },
    });
    life.cell = this.#cells.place(life, hosts, alone);
    // Who is put to sleep again before it could look keeps its turn.
    this.#listenLater(actor.id, true);
    return life;
  }

  #end(life: Life): void {
    life.end();
    if (life.cell !== null) this.#cells.leave(life.address, life.cell);
  }

  #cellEnded(cell: Cell, occupants: Occupant[], ending: Ending): void {
    if (this.#closing) return;
    const fallen = occupants.flatMap((occupant) => {
      const actor = this.#actors.get(occupant.personaId);
      return actor?.life?.address === occupant.address ? [{ actor, life: actor.life }] : [];
    });
    const residents = fallen.map(({ actor, life }): Resident => ({
      address: life.address,
      busy: actor.busy,
      heapBytes: life.heapBytes ?? 0,
      externalBytes: life.externalBytes ?? 0,
    }));
    const { maxHeapBytes, maxRssBytes } = this.#options;
    // Before it came up nothing of a persona ran in it.
    const { guilty, suspects } = cell.ready
      ? blame(ending, residents, { maxHeapBytes, maxRssBytes })
      : { guilty: null, suspects: [] };
    const innocent = fallen.filter(({ life }) => life.address !== guilty).length;
    this.#supervision.tell({ kind: "cell_ended", end: ending.end, guilty: guilty !== null, innocent });
    if (fallen.length > 0) {
      this.#options.report(
        `cell ${cell.number} ended (${ending.end}: ${ending.detail}) with ${fallen.length} personas`,
      );
    }
    for (const { actor, life } of fallen) {
      const charged = life.address === guilty;
      void actor.fell(life, {
        cause: ending.end,
        reason: charged ? ending.detail : `its cell ended: ${ending.detail}`,
        stack: "",
        charged,
        suspect: suspects.includes(life.address),
      });
    }
  }

  #wake(personaId: string, why: "due" | "listening"): void {
    this.#actor(personaId).wake(why);
    // It is not chosen again before it had its turn.
    if (why === "listening") this.#listenLater(personaId, false);
  }

  #listenLater(personaId: string, unlessSet: boolean): void {
    const { clock, reads, listenMs, report } = this.#options;
    const at = new Date(clock.now() + listenMs).toISOString();
    reads.listenAt(personaId, at, { unlessSet }).catch((error) =>
      report(`${personaId}: when it listens next was not kept: ${messageOf(error)}`)
    );
  }

  /** Those whom a change within `scope` concerns. */
  #tellHolds(scope: StopScope): void {
    this.#dueClock.again();
    const one = "personaId" in scope ? this.#actors.get(scope.personaId) : undefined;
    const concerned = "personaId" in scope ? (one === undefined ? [] : [one]) : this.#actors.values();
    for (const actor of concerned) {
      actor.tell({ t: "held", stops: holdsOf(this.#stops.list(), actor.id) });
    }
  }

  #committed(actor: PersonaActor, events: StoredEvent[]): void {
    const types = new Set(events.map((event) => event.type));
    // Its hosts and secrets are others now: it goes on in a cell that may reach them.
    if (types.has("ConnectionLinked") || types.has("ConnectionUnlinked")) actor.leave("start", "room");
    if (types.has("PersonaDeleted")) actor.leave("sleep", "room");
  }

  status(personaId: string): ActorStatus {
    return this.#actors.get(personaId)?.status() ?? withoutActor(personaId);
  }

  statuses(): ActorStatus[] {
    return [...this.#actors.values()].map((actor) => actor.status());
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
  ): Promise<{ ok: true } | { ok: false; reason: string }> {
    const actor = this.#actor(personaId);
    const no = (reason: string) => ({ ok: false as const, reason });
    if (this.#closing) return no("The program is stopping.");
    const live = actor.phase === "running" || actor.phase === "starting";
    if (actor.isToBeParked && what !== "unpark") {
      return no("It is about to be parked, as soon as nothing is under way.");
    }
    switch (what) {
      case "restart":
        if (!live) return no(`It does not run: it is ${actor.phase}.`);
        actor.leave("start", "asked", by, why);
        return { ok: true };
      case "hibernate":
        if (!live) return no(`It does not run: it is ${actor.phase}.`);
        actor.leave("sleep", "asked", by, why);
        return { ok: true };
      case "wake":
        if (actor.phase === "parked") return no("It was stopped: start it again instead.");
        actor.wake("asked");
        return { ok: true };
      case "park":
        if (actor.phase === "parked") return no("It is stopped already.");
        await actor.park(by, why);
        return { ok: true };
      case "unpark": {
        // It was told to begin nothing any more: it starts anew.
        if (actor.isToBeParked) {
          actor.leave("start", "asked", by);
          return { ok: true };
        }
        const why = await actor.unpark(by);
        return why === null ? { ok: true } : no(why);
      }
      default:
        return what satisfies never;
    }
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
    for (const actor of this.#actors.values()) await actor.quiet(patience.signal);
    patience.cancel();
    for (const actor of this.#actors.values()) actor.close();
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
