/** Every `BEAT_MS`: who is silent, who is idle, who waits for room, who can be forgotten. */
import { BEAT_MS } from "../persona/protocol.ts";
import type { Clock, Timer } from "../ports.ts";
import type { Cells } from "./cells.ts";
import type { PersonaActor } from "./persona_actor.ts";
import type { Room } from "./room.ts";

/** A persona whose next activity is nearer than this, or than `idleMs`, is not put to sleep for being idle. */
const SOON_MS = 60_000;
/** Actors without worker that are remembered; older ones are forgotten, and found again in the log. */
const MAX_ASLEEP = 2_000;

export interface RoundsOptions {
  clock: Clock;
  cells: Cells;
  room: Room;
  actors: Map<string, PersonaActor>;
  maxLive: number;
  /** ms for which a worker may take nothing of what it was told. */
  silentMs: number;
  /** ms without a command after which an actor is put to sleep. */
  idleMs: number;
}

export class Rounds {
  #options: RoundsOptions;
  #timer: Timer | null = null;
  #looked: number;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#looked = options.clock.now();
  }

  start(): void {
    this.#timer = this.#options.clock.after(BEAT_MS, () => {
      this.#look();
      this.start();
    });
  }

  close(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const { clock, cells, room, actors } = this.#options;
    const now = clock.now();
    const late = now - this.#looked > 2 * BEAT_MS;
    this.#looked = now;
    cells.look();
    for (const actor of actors.values()) {
      // Who looks late could not hear: it looks again.
      if (!late) this.#judge(actor);
      if (this.#mayRest(actor, now)) actor.leave("sleep", "idle");
    }
    room.makeRoom();
    this.#forget();
  }

  /**
   * Told something long ago, and its cell, which speaks of all its workers, was heard since without a word of it. A cell that
   * is silent is judged itself, and nobody in it; one that starts has the limit of its phase.
   */
  #judge({ life, phase }: PersonaActor): void {
    const { silentMs, cells } = this.#options;
    if (life?.cell == null || life.unheardSince === null || phase === "starting") return;
    const since = Math.max(life.unheardSince, life.cell.backAt);
    if (life.cell.heardAt - since <= silentMs) return;
    const detail = `it took nothing that it was told for ${silentMs / 1_000} s`;
    cells.condemn(life.cell, { end: "worker_silent", guilty: life.address, detail });
  }

  #mayRest(actor: PersonaActor, now: number): boolean {
    if (!actor.idle || actor.leaving) return false;
    const { idleMs } = this.#options;
    if (actor.nextAt !== null && actor.nextAt - now < Math.min(SOON_MS, idleMs)) return false;
    return actor.listened || now - actor.lastUsed > idleMs;
  }

  /** The oldest sleepers that nobody waits for. */
  #forget(): void {
    const { actors, maxLive } = this.#options;
    for (const [id, actor] of actors) {
      if (actors.size <= maxLive + MAX_ASLEEP) return;
      if (actor.phase === "asleep" && actor.desk.empty) actors.delete(id);
    }
  }
}
