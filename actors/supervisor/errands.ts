/** What actors ask of their supervisor beside commands: leave to send, secrets kept, snapshots kept. */
import type { EventLog, Json } from "../../db/log/log.ts";
import type { ArmedCrash } from "../crash_point.ts";
import type { Verdict } from "../persona/policy/policy.ts";
import type { Up } from "../persona/protocol.ts";
import { STATE_SCHEMA } from "../persona/state.ts";
import type { Cells } from "./cells.ts";
import type { Clock } from "../ports.ts";
import { Noting } from "./noting.ts";
import type { PersonaActor } from "./persona_actor.ts";
import type { Provisioning } from "./ports.ts";
import { type Outgoing, stopFor, stopReason } from "./stop_scope.ts";
import type { Stops } from "./stops.ts";
import type { Progress, SupervisionEvent } from "./supervisor_port.ts";

/** Life of a permit in ms, from when it was asked for: so long after a stop something that had its permit may still be begun. */
export const PERMIT_MS = 2_000;
/** Questions of one actor that wait for the database: its effects are bounded, and each waits for its answer. */
const MAX_ASKED = 64;
/** Commands of its own effects that may wait for one actor: its effects are bounded, so more are a flood. */
const MAX_INTERNAL = 256;

export interface ErrandsOptions {
  log: Pick<EventLog, "saveSnapshot">;
  /** Of this run of the supervisor: its actors take no leave of another one. */
  epoch: number;
  provisioning: Provisioning;
  clock: Pick<Clock, "now">;
  stops: Stops;
  cells: Cells;
  crash: ArmedCrash | null;
  progress(progress: Progress): void;
  happened(event: SupervisionEvent): void;
  closing(): boolean;
  report(text: string): void;
}

type Snapshot = Extract<Up, { t: "snapshot" }>;

const messageOf = (error: unknown) => error instanceof Error ? error.message : String(error);

export class Errands {
  #options: ErrandsOptions;
  /** Questions under way, by the address of who asks. */
  #asked = new Map<string, number>();
  #noting: Noting;

  constructor(options: ErrandsOptions) {
    this.#options = options;
    const { provisioning, clock } = options;
    this.#noting = new Noting({
      now: () => clock.now(),
      write: (personaId, connectionId, noted) => provisioning.noted(personaId, connectionId, noted),
    });
  }

  run(actor: PersonaActor, message: Up): void {
    switch (message.t) {
      case "submit":
        return this.#submit(actor, message);
      case "askPermit":
        return void this.#within(actor, () => this.#permit(actor, message));
      case "askWords":
        return void this.#within(actor, () => this.#words(actor, message));
      case "askMedia":
        return void this.#within(actor, () => this.#media(actor, message));
      case "noted":
        return void this.#noted(actor, message);
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
    if (actor.desk.mailbox.internalDepth >= MAX_INTERNAL) {
      return this.#flood(actor, `more than ${MAX_INTERNAL} commands of its own wait`);
    }
    const by = `actor:${actor.id}`;
    actor.deliver({ commandId: id, command, by, cause, words, bodyHash: null, crashes: 0, answer: () => {} });
  }

  /** The answer goes to who asked: another life of it has questions of its own. */
  async #permit(
    { id: personaId, life }: PersonaActor,
    { ask, postId, platform, what }: Extract<Up, { t: "askPermit" }>,
  ): Promise<void> {
    let verdicts: Verdict[] = [];
    let reason = this.#whyNot({ personaId, platform, postId });
    if (reason === null && what === "publish") {
      try {
        verdicts = await this.#options.provisioning.verdicts(personaId, postId);
        reason = verdicts.find((one) => one.level === "block")?.message ?? null;
      } catch (error) {
        reason = "The rules could not be asked.";
        this.#options.report(`${personaId}: its rules could not be asked: ${messageOf(error)}`);
      }
      // A stop that came meanwhile holds.
      reason = this.#whyNot({ personaId, platform, postId }) ?? reason;
    }
    const granted = reason === null;
    this.#options.happened({ kind: "permit", personaId, granted });
    const { epoch } = this.#options;
    life?.tell({
      t: "permit",
      ask,
      epoch,
      granted,
      validMs: PERMIT_MS,
      reason: reason ?? "",
      verdicts: verdicts.filter((one) => one.level === "block"),
    });
  }

  async #words({ id, life }: PersonaActor, { ask, refs }: Extract<Up, { t: "askWords" }>): Promise<void> {
    const words = await this.#looked(id, () => this.#options.provisioning.words(id, refs));
    if (words !== undefined) life?.tell({ t: "words", ask, words });
  }

  async #media({ id, life }: PersonaActor, { ask, sha256 }: Extract<Up, { t: "askMedia" }>): Promise<void> {
    const base64 = await this.#looked(id, () => this.#options.provisioning.media(id, sha256));
    if (base64 !== undefined) life?.tell({ t: "media", ask, base64 });
  }

  async #noted({ id }: PersonaActor, { connectionId, noted }: Extract<Up, { t: "noted" }>): Promise<void> {
    await this.#looked(id, () => this.#noting.take(id, String(connectionId), noted));
  }

  /** Answers a question, where no more than `MAX_ASKED` are under way. */
  async #within(actor: PersonaActor, answer: () => Promise<void>): Promise<void> {
    const address = actor.life?.address ?? actor.id;
    const asked = this.#asked.get(address) ?? 0;
    if (asked >= MAX_ASKED) return this.#flood(actor, `more than ${MAX_ASKED} questions of its own wait`);
    this.#asked.set(address, asked + 1);
    try {
      await answer();
    } finally {
      const left = (this.#asked.get(address) ?? 1) - 1;
      if (left === 0) this.#asked.delete(address);
      else this.#asked.set(address, left);
    }
  }

  /** Undefined where the database did not answer: who asked has a deadline, and asks again. */
  async #looked<T>(personaId: string, look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      this.#options.report(`${personaId}: the database could not be asked: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Why nothing of this post may go out now; null where it may. */
  #whyNot(post: Outgoing): string | null {
    if (this.#options.closing()) return "The program is stopping.";
    const stop = stopFor(this.#options.stops.list(), post);
    return stop === null ? null : stopReason(stop);
  }

  #flood({ life }: PersonaActor, detail: string): void {
    if (life?.cell == null) return;
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
      report(`${actor.id}: its snapshot was not kept: ${messageOf(error)}`);
    }
  }

  #crash(actor: PersonaActor): void {
    if (this.#options.crash === null) return;
    if (this.#options.crash.who === "cell") actor.life?.cell?.link.kill();
    else Deno.kill(Deno.pid, "SIGKILL");
  }
}
