/** A worker in the simulation's own thread: the real actor behind the real link, with its ports, its beats and its ends. */
import { Link, LinkBroken } from "../../actors/link.ts";
import { Actor } from "../../actors/persona/actor.ts";
import type { Down, Up } from "../../actors/persona/protocol.ts";
import { BEAT_MS } from "../../actors/persona/protocol.ts";
import { beatOf, lastWordOf } from "../../actors/persona/to_cell.ts";
import type { Outside } from "./outside.ts";
import type { Process } from "./process.ts";
import type { World } from "./world.ts";

const MB = 1_048_576;

export interface SimWorkerOptions {
  world: World;
  outside: Outside;
  address: string;
  /** Of its cell's process: addresses come again after a restart of main. */
  pid: number;
  /** What it says to its cell. */
  said(text: string): void;
  ghost: boolean;
}

export class SimWorker {
  readonly address: string;
  readonly personaId: string;
  readonly process: Process;
  /** Of a main that had been taken over when it opened the cell. */
  readonly ghost: boolean;
  /** It has folded the whole past and was not told to finish: it may begin effects. */
  live = false;
  /** It is in a loop: to end it is to end its cell. */
  looping = false;
  #options: SimWorkerOptions;
  #link: Link;
  #actor: Actor | null = null;
  #epoch = 0;
  /** Posts that it had leave for. */
  #given = new Set<string>();

  constructor(options: SimWorkerOptions) {
    const { world, address } = options;
    this.#options = options;
    this.address = address;
    this.ghost = options.ghost;
    this.personaId = personaOf(address);
    this.process = world.process(`worker ${address}`, (error) => this.#threw(error));
    this.#link = new (options.outside.mutant.link ?? Link)(
      (frame) => options.said(frame),
      () => this.process.clock.now(),
    );
    options.outside.workers.add(this);
  }

  /** Its script is loaded after `afterMs`; what it is told meanwhile waits. */
  begin(afterMs: number): void {
    this.process.stick(afterMs);
    this.process.run(() => {
      this.#beat();
      this.#post({ t: "ready" });
    });
  }

  /** A frame of main's. */
  hear(frame: string): void {
    this.process.run(() => {
      const json = this.#link.take(frame);
      if (json !== null) this.#receive(JSON.parse(json) as Down);
    });
  }

  /** From now on it does nothing any more, and does not end either. */
  loop(): void {
    this.looping = true;
    this.process.stick(null);
  }

  /** Ends by an error of its own. */
  die(error: unknown): void {
    if (this.process.ended) return;
    this.#options.said(lastWordOf(error));
    this.end();
  }

  /** Is gone, without a word. */
  end(): void {
    if (this.process.ended) return;
    this.live = false;
    this.process.end();
    this.#options.outside.workers.delete(this);
    this.#options.world.trace.say(`worker ${this.address} is gone`);
  }

  #receive(message: Down): void {
    const { world, outside } = this.#options;
    world.trace.say(`${this.address} hears ${message.t}`);
    if (message.t === "start") {
      this.#epoch = message.epoch;
      this.#actor = new Actor(
        message,
        (up) => this.#post(up),
        {
          clock: this.process.clock,
          random: world.random(`actor ${this.address} in ${this.#options.pid}`),
          adapter: (platform) => outside.platform.adapter(platform, this),
          writer: () => Promise.resolve(outside.writers.writer(this)),
        },
        () => false,
      );
      return;
    }
    if (message.t === "deliver" && world.faults.isPoisoned(message.commandId)) {
      outside.witness.hit(this.personaId);
      return this.die(new Error("a command that nobody can decide"));
    }
    if (message.t === "permit") {
      const postId = outside.witness.permitted(this, message);
      if (postId !== null) this.#given.add(postId);
    }
    if (this.#actor === null) throw new Error(`${message.t} before a start`);
    this.#actor.receive(message);
  }

  #post(message: Up): void {
    const { world, outside } = this.#options;
    if (this.process.ended) return;
    if (message.t !== "progress") world.trace.say(`${this.address} says ${message.t}`);
    if (message.t === "live") this.live = true;
    if (message.t === "snapshot" && message.final) this.live = false;
    if (message.t === "askPermit") {
      outside.witness.asked(this, message);
      const given = this.#given.has(message.postId);
      if (outside.mutant.sendsUnasked || (outside.mutant.asksOnce && given)) {
        return this.#unasked(message.ask);
      }
    }
    this.#link.send(JSON.stringify(message));
    if (message.t === "live") outside.witness.cameLive(this);
  }

  /** For a mutant: it gives itself leave. */
  #unasked(ask: number): void {
    const permit: Extract<Down, { t: "permit" }> = {
      t: "permit",
      ask,
      epoch: this.#epoch,
      granted: true,
      validMs: 10_000,
      reason: "",
      verdicts: [],
    };
    this.process.clock.after(0, () => this.#actor?.receive(permit));
  }

  #beat(): void {
    const { sent, taken } = this.#link;
    this.#options.said(beatOf({ heapBytes: 20 * MB, externalBytes: MB, sent, taken }));
    this.process.clock.after(BEAT_MS, () => this.#beat());
  }

  #threw(error: unknown): void {
    if (!(error instanceof LinkBroken)) {
      const what = error instanceof Error ? error.stack ?? error.message : String(error);
      this.#options.world.violate("an actor throws for nothing that can happen", what);
    }
    this.die(error);
  }
}

/** Whose life an address is. */
export function personaOf(address: string): string {
  return address.slice(0, address.lastIndexOf("."));
}
