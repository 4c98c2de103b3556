/** What actors ask of their supervisor beside commands: leave to send, secrets kept, snapshots kept. */
import type { EventLog, Json } from "../../db/log/log.ts";
import type { ArmedCrash } from "../crash_point.ts";
import type { Up } from "../persona/protocol.ts";
import { STATE_SCHEMA } from "../persona/state.ts";
import type { Cells } from "./cells.ts";
import type { PersonaActor } from "./persona_actor.ts";
import type { Provisioning } from "./ports.ts";
import { type Outgoing, stopFor, stopReason } from "./stop_scope.ts";
import type { Stops } from "./stops.ts";
import type { SupervisionEvent } from "./supervisor_port.ts";

/** Life of a permit in ms, from when it was asked for: so long after a stop something that had its permit may still be begun. */
export const PERMIT_MS = 2_000;
/** Commands of its own effects that may wait for one actor: its effects are bounded, so more are a flood. */
const MAX_INTERNAL = 256;

export interface ErrandsOptions {
  log: Pick<EventLog, "saveSnapshot">;
  /** Of this run of the supervisor: its actors take no leave of another one. */
  epoch: number;
  provisioning: Provisioning;
  stops: Stops;
  cells: Cells;
  crash: ArmedCrash | null;
  progress(progress: { personaId: string; postId: string; text: string }): void;
  happened(event: SupervisionEvent): void;
  closing(): boolean;
  report(text: string): void;
}

type Snapshot = Extract<Up, { t: "snapshot" }>;

export class Errands {
  #options: ErrandsOptions;

  constructor(options: ErrandsOptions) {
    this.#options = options;
  }

  run(actor: PersonaActor, message: Up): void {
    switch (message.t) {
      case "submit":
        return this.#submit(actor, message);
      case "askPermit":
        return this.#permit(actor, message);
      case "keepSecret":
        return this.#keepSecret(actor, message);
      case "progress": {
        const { postId, text } = message;
        return this.#options.progress({ personaId: actor.id, postId, text });
      }
      case "snapshot":
        void this.#keep(actor, message);
        // It has said all that it had to say: that the database keeps it slowly, or not at all, is not its doing.
        if (message.final) actor.left();
        return;
      case "crashPoint":
        return this.#crash(actor);
      case "note":
        return this.#options.report(`${actor.id}: ${message.text}`);
    }
  }

  #submit(actor: PersonaActor, { id, command, cause, words }: Extract<Up, { t: "submit" }>): void {
    if (actor.desk.mailbox.internalDepth >= MAX_INTERNAL) return this.#flood(actor);
    const by = `actor:${actor.id}`;
    actor.deliver({ commandId: id, command, by, cause, words, bodyHash: null, crashes: 0, answer: () => {} });
  }

  #permit(actor: PersonaActor, { ask, postId, platform }: Extract<Up, { t: "askPermit" }>): void {
    const why = this.#whyNot({ personaId: actor.id, platform, postId });
    const granted = why === null;
    this.#options.happened({ kind: "permit", personaId: actor.id, granted });
    const { epoch } = this.#options;
    actor.tell({ t: "permit", ask, epoch, granted, validMs: PERMIT_MS, reason: why ?? "" });
  }

  /** Why nothing of this post may go out now; null where it may. */
  #whyNot(post: Outgoing): string | null {
    if (this.#options.closing()) return "The program is stopping.";
    const stop = stopFor(this.#options.stops.list(), post);
    return stop === null ? null : stopReason(stop);
  }

  #flood({ life }: PersonaActor): void {
    if (life?.cell == null) return;
    const detail = `more than ${MAX_INTERNAL} commands of its own wait`;
    this.#options.cells.condemn(life.cell, { end: "flood", guilty: life.address, detail });
  }

  /** The answer goes to who asked: another life of it has questions of its own. */
  #keepSecret({ id, life }: PersonaActor, ask: Extract<Up, { t: "keepSecret" }>): void {
    void this.#options.provisioning.keepSecret(id, ask, (answer) => life?.tell(answer));
  }

  async #keep(actor: PersonaActor, { version, state }: Snapshot): Promise<void> {
    const { log, report } = this.#options;
    try {
      const json = state as unknown as Json;
      if (json !== null) {
        await log.saveSnapshot({ stream: actor.id, version, schema: STATE_SCHEMA, state: json });
      }
    } catch (error) {
      report(`${actor.id}: its snapshot was not kept: ${error instanceof Error ? error.message : error}`);
    }
  }

  #crash(actor: PersonaActor): void {
    if (this.#options.crash === null) return;
    if (this.#options.crash.who === "cell") actor.life?.cell?.link.kill();
    else Deno.kill(Deno.pid, "SIGKILL");
  }
}
