/** Which actors there are, and what each of them is given by its supervisor. */
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import type { ActorSettings, Up } from "../persona/protocol.ts";
import { addressOf } from "../persona/protocol.ts";
import type { Clock, Random } from "../ports.ts";
import type { Cells } from "./cells.ts";
import { Life } from "./life.ts";
import type { MailboxLimits } from "./mailbox.ts";
import { PersonaActor } from "./persona_actor.ts";
import type { Provisioning, Reads } from "./ports.ts";
import type { Room } from "./room.ts";
import { holdsOf } from "./stop_scope.ts";
import type { ActorStatus, Stop, StopScope, SupervisionEvent } from "./supervisor_port.ts";

export interface ActorsOptions {
  log: EventLog;
  reads: Reads;
  provisioning: Provisioning;
  clock: Clock;
  random: Random;
  /** What every worker is told. */
  actor: ActorSettings;
  mailbox: MailboxLimits;
  /** ms between two looks of a sleeping persona at its platforms. */
  listenMs: number;
  /** With which this run of the supervisor began. */
  epoch: number;
  room: Room;
  cells: Cells;
  stops(): readonly Stop[];
  /** A frame that is not about commands. */
  other(actor: PersonaActor, message: Up): void;
  changed(status: ActorStatus): void;
  happened(event: SupervisionEvent): void;
  report(text: string): void;
  /** Whether the program is ending: then nothing is started any more. */
  closing(): boolean;
}

export class Actors {
  /** By the persona's id; who was not asked for lately may be missing. */
  readonly all = new Map<string, PersonaActor>();
  #options: ActorsOptions;
  #lives = 0;

  constructor(options: ActorsOptions) {
    this.#options = options;
  }

  of(personaId: string): PersonaActor {
    const known = this.all.get(personaId);
    if (known !== undefined) return known;
    const { log, mailbox, clock, random, room, cells, epoch, provisioning, reads } = this.#options;
    const { other, changed, happened, report, closing } = this.#options;
    const actor: PersonaActor = new PersonaActor(personaId, {
      log,
      limits: mailbox,
      clock,
      random,
      room,
      begin: (hosts, alone) => this.#begin(actor, hosts, alone),
      end: (life) => {
        life.end();
        if (life.cell !== null) cells.leave(life.address, life.cell);
      },
      kill: (cell, end, detail, guilty) => {
        // Where the cell itself is silent, nobody in it can be heard, and nobody is to blame.
        if (guilty !== null && cells.isSilent(cell)) {
          return cells.condemn(cell, { end: "cell_silent", guilty: null, detail });
        }
        cells.condemn(cell, { end, guilty: guilty?.address ?? null, detail });
      },
      hostsOf: () => provisioning.hostsOf(personaId),
      parked: () => reads.parked(personaId),
      startFrame: (snapshot, listen) => ({
        t: "start",
        personaId,
        epoch,
        settings: this.#options.actor,
        snapshot,
        listen,
      }),
      startFrames: () => provisioning.startFrames(personaId),
      heldFrame: () => this.#heldFrame(personaId),
      committed: (events) => this.#committed(actor, events),
      other: (message) => other(actor, message),
      changed: () => changed(actor.status()),
      happened,
      report,
      closing,
    });
    this.all.set(personaId, actor);
    return actor;
  }

  wake(personaId: string, why: "due" | "listening"): void {
    this.of(personaId).wake(why);
    // It is not chosen again before it had its turn.
    if (why === "listening") this.#listenLater(personaId, false);
  }

  /** Those whom a change within `scope` concerns. */
  tellHolds(scope: StopScope): void {
    const one = "personaId" in scope ? this.all.get(scope.personaId) : undefined;
    const concerned = "personaId" in scope ? (one === undefined ? [] : [one]) : this.all.values();
    for (const actor of concerned) actor.tell(this.#heldFrame(actor.id));
  }

  #begin(actor: PersonaActor, hosts: string[], alone: boolean): Life {
    const { clock, cells, report } = this.#options;
    const life = new Life({
      address: addressOf(actor.id, ++this.#lives),
      personaId: actor.id,
      clock,
      said: (life, message) => actor.heard(life, message),
      broken: (life, reason, lost) => {
        if (life.cell === null) return;
        const guilty = lost ? null : life.address;
        cells.condemn(life.cell, { end: lost ? "asked" : "protocol", guilty, detail: reason });
      },
      crashed: (life, reason, stack) => {
        report(`${actor.id} crashed: ${reason} ${stack}`.trim());
        void actor.fell(life, { cause: "error", reason, stack, charged: true, suspect: false });
      },
    });
    life.cell = cells.place(life, hosts, alone);
    // Who is put to sleep again before it could look keeps its turn.
    this.#listenLater(actor.id, true);
    return life;
  }

  #listenLater(personaId: string, unlessSet: boolean): void {
    const { clock, reads, listenMs, report } = this.#options;
    const at = new Date(clock.now() + listenMs).toISOString();
    reads.listenAt(personaId, at, { unlessSet }).catch((error) =>
      report(
        `${personaId}: when it listens next was not kept: ${
          error instanceof Error ? error.message : String(error)
        }`,
      )
    );
  }

  #heldFrame(personaId: string) {
    return { t: "held" as const, stops: holdsOf(this.#options.stops(), personaId) };
  }

  #committed(actor: PersonaActor, events: StoredEvent[]): void {
    const types = new Set(events.map((event) => event.type));
    // Its hosts and secrets are others now: it goes on in a cell that may reach them.
    if (types.has("ConnectionLinked") || types.has("ConnectionUnlinked")) actor.leave("start", "room");
    if (types.has("PersonaDeleted")) actor.leave("sleep", "room");
  }
}
