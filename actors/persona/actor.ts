/**
 * One persona, running: folds its events, decides one command at a time, and runs the effects that its state asks for
 * beside them. It knows the world through frames and `net` alone.
 */
import type { Clock, Random } from "../ports.ts";
import { deadline } from "../ports.ts";
import type { ForeignWords, NewEvent } from "../wire.ts";
import type { InternalCommand } from "./commands.ts";
import { decide } from "./decide.ts";
import type { Context } from "./decide/decision.ts";
import type { EffectContext, Submitted } from "./effects/context.ts";
import { Limits } from "./effects/limits.ts";
import { EffectLoop } from "./effects/loop.ts";
import { EVENT_SCHEMA } from "./events.ts";
import type { Fact } from "./evolve.ts";
import { evolve } from "./evolve.ts";
import type { Noted, Platform, PlatformAdapter } from "./platforms/port.ts";
import { adapterContext } from "./platforms/registry.ts";
import type { ActorSettings, Down, Up } from "./protocol.ts";
import { MAX_FRAME } from "./protocol.ts";
import { Secrets } from "./secrets.ts";
import type { PersonaState } from "./state.ts";
import { initialState } from "./state.ts";
import { tidSource } from "./platforms/bluesky/tid_source.ts";
import type { Writer } from "./agent/port.ts";

/** Events between two snapshots. */
const SNAPSHOT_EVERY = 200;
/** Characters of a state that is kept: it must fit into a frame in both directions. */
const MAX_SNAPSHOT = MAX_FRAME / 2;
/** ms for an answer from the database. */
const LOOK_UP_MS = 15_000;
/** ms before an effect whose command could not be written is looked at again. */
const ABORT_PAUSE_MS = 2_000;

/** What an actor stands on. */
export interface ActorPorts {
  clock: Clock;
  random: Random;
  adapter(platform: Platform, settings: ActorSettings): Promise<PlatformAdapter>;
  /** `key` is that of the model; empty where it needs none. */
  writer(settings: ActorSettings["writer"], key: string): Promise<Writer>;
}

/** What the supervisor answers to a question. */
type Answer = Extract<Down, { t: "permit" | "words" | "media" }>;

interface Pending {
  seq: number;
  commandId: string;
  by: string;
  events: (NewEvent & { id: string })[];
}

export class Actor {
  #post: (message: Up) => void;
  #ports: ActorPorts;
  #epoch: number;
  #state: PersonaState;
  #settings: ActorSettings;
  #pending: Pending | null = null;
  #submitted = new Map<string, (how: Submitted) => void>();
  #asks = new Map<number, (answer: Answer) => void>();
  #nextAsk = 1;
  #limits = new Limits();
  #secrets: Secrets;
  #effects: EffectLoop;
  #writer: Promise<Writer> | null = null;
  #live = false;
  #snapshotVersion = 0;
  #crashPass: (name: string) => boolean;
  #newTid: () => string;

  constructor(
    start: Extract<Down, { t: "start" }>,
    post: (message: Up) => void,
    ports: ActorPorts,
    crashPass: (name: string) => boolean,
  ) {
    this.#post = post;
    this.#ports = ports;
    this.#epoch = start.epoch;
    this.#newTid = tidSource(() => ports.clock.now(), () => ports.random.number());
    this.#settings = start.settings;
    this.#state = start.snapshot ?? initialState(start.personaId);
    this.#snapshotVersion = this.#state.version;
    this.#crashPass = crashPass;
    this.#secrets = new Secrets((ask) => this.#post(ask));
    this.#effects = new EffectLoop(
      this.#effectContext(),
      ports.clock,
      (load) => this.#post({ t: "load", ...load }),
      start.listen,
    );
  }

  receive(message: Exclude<Down, { t: "start" }>): void {
    switch (message.t) {
      case "replay":
        return this.#replay(message.facts, message.last);
      case "deliver":
        return this.#deliver(message);
      case "committed":
        return this.#committed(message.seq);
      case "aborted":
        return this.#aborted(message.seq, message.reason);
      case "permit":
      case "words":
      case "media": {
        const answer = this.#asks.get(message.ask);
        this.#asks.delete(message.ask);
        return answer?.(message);
      }
      case "windows":
        if (message.lastAt !== null) this.#limits.spoke(message.connectionId, message.lastAt);
        return this.#limits.learn(message.connectionId, message.windows, this.#ports.clock.now());
      case "secret":
        return this.#secrets.set(message.name, message.version, message.value);
      case "secretKept":
        return this.#secrets.kept(message.ask, message.ok, message.version);
      case "held":
        return this.#effects.hold(message.stops);
      case "rest":
        return this.#effects.rest();
      case "finish":
        // Nothing is begun any more: it would be begun for nobody.
        this.#live = false;
        return this.#snapshot(true);
      default:
        message satisfies never;
    }
  }

  #replay(facts: Fact[], last: boolean): void {
    for (const fact of facts) this.#state = evolve(this.#state, fact);
    if (!last) return;
    this.#live = true;
    this.#post({ t: "live", version: this.#state.version });
    this.#effects.look();
  }

  #deliver({ seq, commandId, command, by, cause }: Extract<Down, { t: "deliver" }>): void {
    const decision = decide(this.#state, command, this.#decisionContext(by));
    if ("refused" in decision) {
      this.#post({ t: "refused", seq, refusal: decision.refused });
      this.#settle(commandId, "refused");
      return;
    }
    const events = decision.events.map((event) => {
      const postId = (event.data as { postId?: string }).postId;
      return {
        id: this.#ports.random.uuid(),
        type: event.type,
        schema: EVENT_SCHEMA,
        data: event.data as unknown as NewEvent["data"],
        cause: cause ?? commandId,
        correlation: postId ?? commandId,
      };
    });
    this.#pending = { seq, commandId, by, events };
    this.#post({ t: "decided", seq, events });
  }

  #committed(seq: number): void {
    const pending = this.#take(seq);
    for (const event of pending.events) {
      this.#state = evolve(this.#state, {
        id: event.id,
        type: event.type,
        version: this.#state.version + 1,
        by: pending.by,
        data: event.data,
      });
    }
    this.#settle(pending.commandId, "committed");
    if (this.#state.version - this.#snapshotVersion >= SNAPSHOT_EVERY) this.#snapshot(false);
    this.#effects.look();
  }

  #aborted(seq: number, reason: string): void {
    const pending = this.#take(seq);
    this.#post({ t: "note", level: "error", text: `nothing was written of ${pending.commandId}: ${reason}` });
    this.#settle(pending.commandId, "aborted");
  }

  #take(seq: number): Pending {
    const pending = this.#pending;
    if (pending === null || pending.seq !== seq) {
      throw new Error(`frame ${seq} answers nothing that was decided`);
    }
    this.#pending = null;
    return pending;
  }

  #settle(commandId: string, how: Submitted): void {
    const resolve = this.#submitted.get(commandId);
    this.#submitted.delete(commandId);
    if (how === "aborted") this.#ports.clock.after(ABORT_PAUSE_MS, () => resolve?.(how));
    else resolve?.(how);
  }

  #snapshot(final: boolean): void {
    this.#snapshotVersion = this.#state.version;
    const fits = JSON.stringify(this.#state).length < MAX_SNAPSHOT;
    this.#post({ t: "snapshot", version: this.#state.version, state: fits ? this.#state : null, final });
  }

  #decisionContext(by: string): Context {
    return {
      now: this.#ports.clock.now(),
      by,
      newId: () => this.#ports.random.uuid(),
      newTid: this.#newTid,
      randomSeed: () => Math.floor(this.#ports.random.number() * 2 ** 31),
      approvalMs: this.#settings.approvalMs,
      slotGraceMs: this.#settings.slotGraceMs,
      policy: { requireAltText: this.#settings.requireAltText },
    };
  }

  #submit(command: InternalCommand, cause: string | null, words: ForeignWords[]): Promise<Submitted> {
    const id = this.#ports.random.uuid();
    return new Promise((resolve) => {
      this.#submitted.set(id, resolve);
      this.#post({ t: "submit", id, command, cause, words });
    });
  }

  #effectContext(): EffectContext {
    return {
      state: () => this.#state,
      live: () => this.#live,
      note: (text) => this.#post({ t: "note", level: "error", text }),
      now: () => this.#ports.clock.now(),
      newId: () => this.#ports.random.uuid(),
      within: (ms, work) => this.#within(ms, work),
      submit: (command, options = {}) => this.#submit(command, options.cause ?? null, options.words ?? []),
      askPermit: async (postId, platform, what) => {
        const answer = await this.#ask((ask) => ({ t: "askPermit", ask, postId, platform, what }));
        if (answer.t !== "permit") throw new Error("that is no permit");
        const { granted, epoch, validMs, reason, verdicts } = answer;
        // Leave of another writer than the one that started it is none.
        return { granted: granted && epoch === this.#epoch, validMs, reason, verdicts };
      },
      askWords: async (refs) => {
        const answer = await this.#within(
          LOOK_UP_MS,
          () => this.#ask((ask) => ({ t: "askWords", ask, refs })),
        );
        if (answer.t !== "words") throw new Error("these are no words");
        return answer.words;
      },
      limits: this.#limits,
      progress: (postId, text) => this.#post({ t: "progress", postId, text }),
      writer: () => this.#writer ??= this.#loadWriter(),
      platform: async (connection, signal) => ({
        adapter: await this.#ports.adapter(connection.platform, this.#settings),
        at: adapterContext(connection, this.#settings.sandboxOrigin, this.#secrets, {
          signal,
          media: (sha256) => this.#media(sha256),
          leave: () => Promise.resolve("leave to send is given for a post that goes out, and nothing else"),
          noted: (noted) => this.#noted(connection.connectionId, noted),
        }),
      }),
      crashPoint: (name) => {
        if (!this.#crashPass(name)) return Promise.resolve();
        this.#post({ t: "crashPoint", name });
        return new Promise(() => {});
      },
    };
  }

  /** A question to the supervisor, and its answer. */
  #ask(question: (ask: number) => Up): Promise<Answer> {
    const ask = this.#nextAsk++;
    return new Promise((resolve) => {
      this.#asks.set(ask, resolve);
      this.#post(question(ask));
    });
  }

  async #media(sha256: string): Promise<Uint8Array> {
    const answer = await this.#within(LOOK_UP_MS, () => this.#ask((ask) => ({ t: "askMedia", ask, sha256 })));
    if (answer.t !== "media" || answer.base64 === null) {
      throw new Error("a picture of this post is not there any more");
    }
    return Uint8Array.fromBase64(answer.base64);
  }

  #noted(connectionId: string, noted: Noted): void {
    const now = this.#ports.clock.now();
    if (noted.windows !== undefined) this.#limits.learn(connectionId, noted.windows, now);
    if (noted.taken !== undefined) this.#limits.take(connectionId, noted.taken, now);
    this.#post({ t: "noted", connectionId, noted });
  }

  async #loadWriter(): Promise<Writer> {
    try {
      return await this.#ports.writer(this.#settings.writer, this.#secrets.peek("model")?.value ?? "");
    } catch (error) {
      this.#writer = null;
      throw error;
    }
  }

  /** Fails at the deadline even where the work does not heed its signal: a promise may never settle. */
  async #within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, cancel } = deadline(this.#ports.clock, ms);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    try {
      return await Promise.race([work(signal), late]);
    } finally {
      cancel();
    }
  }
}
