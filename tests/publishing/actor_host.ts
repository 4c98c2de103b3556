/**
 * What an actor stands on, in place of supervisor and cell: a mailbox, a log in memory, a vault, leave to send. It crashes
 * when the seed says so, and begins again from the log.
 */
import type { Command, PersonaCommand } from "../../actors/persona/commands.ts";
import { Actor } from "../../actors/persona/actor.ts";
import { evolve } from "../../actors/persona/evolve.ts";
import type { PlatformAdapter } from "../../actors/persona/platforms/port.ts";
import { connectionSecret } from "../../actors/persona/platforms/registry.ts";
import type { ActorSettings, Down, Up } from "../../actors/persona/protocol.ts";
import { initialState, type PersonaState } from "../../actors/persona/state.ts";
import type { Clock, Timer } from "../../actors/ports.ts";
import type { ForeignWords, Refusal } from "../../actors/wire.ts";
import type { EventLog, StoredEvent } from "../../db/log/log.ts";
import { openMemoryLog } from "../../db/log/memory_log.ts";
import type { SimClock } from "../simulation/clock.ts";
import type { SimRandom } from "../simulation/random.ts";
import { AtWork } from "./at_work.ts";
import type { Mishaps } from "./mishaps.ts";
import type { Mutant } from "./mutants.ts";
import type { Pictures } from "./pictures.ts";
import type { Asked } from "./stage.ts";
import { type Leave, watchedAdapter } from "./watched_adapter.ts";

export type Answer = { kind: "committed" } | { kind: "refused"; refusal: Refusal };

interface Letter {
  id: string;
  command: Command;
  by: string;
  cause: string | null;
  words: ForeignWords[];
  answer(answer: Answer): void;
}

/** One life of the actor. */
interface Life {
  actor: Actor;
  dead: boolean;
  inHand: { letter: Letter; seq: number; appending: boolean } | null;
}

export interface ActorHostOptions {
  clock: SimClock;
  random: SimRandom;
  personaId: string;
  pictures: Pictures;
  mishaps: Mishaps;
  mutant: Mutant;
  settings: ActorSettings;
  newAdapter(): PlatformAdapter;
  /** Just before the adapter is asked. */
  asking(asked: Asked): void;
}

/** ms of validity of leave, as the supervisor gives it. */
const PERMIT_MS = 2_000;

export class ActorHost {
  readonly log: EventLog;
  readonly vault = new Map<string, { version: number; value: string }>();
  readonly events: StoredEvent[] = [];
  state: PersonaState;
  /** Everything that adapters told of their calls, as JSON. */
  readonly noted: string[] = [];
  readonly notes: string[] = [];
  /** What the program must never do; one line each. */
  readonly violations: string[] = [];
  crashes = 0;
  #options: ActorHostOptions;
  #life: Life | null = null;
  #letters: Letter[] = [];
  #seq = 0;
  readonly #leave: Leave = { left: 0, publishing: false };
  readonly #atWork: AtWork;

  constructor(options: ActorHostOptions) {
    this.#options = options;
    this.#atWork = new AtWork(options.clock);
    this.log = openMemoryLog({ clock: options.clock });
    this.state = initialState(options.personaId);
    this.log.subscribe((events) => {
      for (const event of events) {
        this.events.push(event);
        const { id, type, version, by, data } = event;
        this.state = evolve(this.state, { id, type, version, by, data });
      }
    });
  }

  /** Begins a life from the log; later where calls of the one before are still on their way. */
  async start(): Promise<void> {
    const { personaId, settings, clock, random, mutant } = this.#options;
    if (!this.#atWork.isNone) return void clock.after(1_000, () => void this.start());
    const facts = await this.log.readStream(personaId, 0, 1_000);
    const life: Life = { actor: undefined as unknown as Actor, dead: false, inHand: null };
    const own: Clock = {
      now: () => clock.now(),
      after: (ms, then): Timer => {
        if (!Number.isFinite(ms)) throw new RangeError(`a timer of ${ms} ms`);
        return clock.after(ms, () => life.dead || then());
      },
    };
    let adapter: PlatformAdapter | null = null;
    life.actor = new Actor(
      { t: "start", personaId, epoch: 1, settings, snapshot: null, listen: random.chance(0.5) },
      (up) => queueMicrotask(() => this.#hear(life, up)),
      {
        clock: own,
        random,
        adapter: () => Promise.resolve(adapter ??= this.#watched(life, mutated(mutant, this.#options))),
        writer: () => Promise.reject(new Error("nothing is composed here")),
      },
      () => false,
    );
    this.#life = life;
    this.#leave.left = 0;
    for (const [name, held] of this.vault) life.actor.receive({ t: "secret", name, ...held });
    life.actor.receive({
      t: "replay",
      last: true,
      facts: facts.map(({ id, type, version, by, data }) => ({ id, type, version, by, data })),
    });
  }

  send(command: PersonaCommand, by = "user:ann"): Promise<Answer> {
    return new Promise((answer) => this.#post({ command, by, cause: null, words: [], answer }));
  }

  /** A person gives new credentials. */
  keep(connectionId: string, value: string): void {
    const name = connectionSecret(connectionId);
    const held = { version: (this.vault.get(name)?.version ?? 0) + 1, value };
    this.vault.set(name, held);
    this.#life?.actor.receive({ t: "secret", name, ...held });
  }

  /** The process ends, whatever it was about to do, and another one begins a little later. */
  crash(): void {
    const life = this.#life;
    if (life === null) return;
    const { clock, random } = this.#options;
    this.crashes++;
    life.dead = true;
    this.#life = null;
    // What is being written is written all the same: as the table of commands would say, it is not decided again.
    if (life.inHand?.appending === false) this.#letters.unshift(life.inHand.letter);
    clock.after(random.between(0, 4_000), () => void this.start());
  }

  /** Everything that follows without the clock moving has happened. */
  settle(): Promise<void> {
    return this.#atWork.settle();
  }

  /** The clock stands still until it is done. */
  busy(work: Promise<unknown>): void {
    this.#atWork.add(work);
  }

  /** For adapters that pause between two calls of their own. */
  wait(ms: number): Promise<void> {
    return this.#atWork.wait(ms);
  }

  #post(letter: Omit<Letter, "id"> & { id?: string }): void {
    this.#letters.push({ id: letter.id ?? this.#options.random.uuid(), ...letter });
    this.#deliver();
  }

  #deliver(): void {
    const life = this.#life;
    if (life === null || life.inHand !== null) return;
    const letter = this.#letters.shift();
    if (letter === undefined) return;
    const seq = ++this.#seq;
    life.inHand = { letter, seq, appending: false };
    const { id: commandId, command, by, cause } = letter;
    life.actor.receive({ t: "deliver", seq, commandId, command, by, cause });
  }

  #hear(life: Life, up: Up): void {
    if (life.dead) return this.#hearDead(life, up);
    const { mishaps, mutant } = this.#options;
    // What it says is lost with it; of what it decides nothing is written.
    if (mishaps.crashesAt(up.t === "submit" && up.command.type === "outcome" ? "outcome" : up.t)) {
      this.crash();
      return this.#hearDead(life, up);
    }
    switch (up.t) {
      case "live":
        return this.#deliver();
      case "decided":
        return void this.#append(life, up);
      case "refused":
        return this.#done(life, { kind: "refused", refusal: up.refusal });
      case "submit": {
        const command = mutant.command?.(up.command) ?? up.command;
        const by = `actor:${this.#options.personaId}`;
        return this.#post({ id: up.id, command, by, cause: up.cause, words: up.words, answer: () => {} });
      }
      case "askPermit":
        return this.#permit(life, up.ask);
      case "askWords":
        return void this.#words(life, up);
      case "askMedia":
        return this.#media(life, up);
      case "keepSecret":
        return this.#keep(life, up);
      case "noted":
        return void this.noted.push(JSON.stringify(up.noted));
      case "note":
        return void this.notes.push(up.text);
      default:
        return;
    }
  }

  /** What it began comes to its end, so that nothing of it is sent behind the back of the next life. */
  #hearDead(life: Life, up: Up): void {
    if (up.t === "askPermit") {
      const none = { epoch: 1, granted: false, validMs: 0, reason: "The persona stopped.", verdicts: [] };
      life.actor.receive({ t: "permit", ask: up.ask, ...none });
    }
    if (up.t === "askMedia") life.actor.receive({ t: "media", ask: up.ask, base64: null });
    if (up.t === "keepSecret") {
      life.actor.receive({ t: "secretKept", ask: up.ask, ok: false, version: up.version });
    }
    if (up.t === "noted") this.noted.push(JSON.stringify(up.noted));
  }

  async #append(life: Life, { events, seq }: Extract<Up, { t: "decided" }>): Promise<void> {
    const { personaId, mishaps } = this.#options;
    const inHand = life.inHand;
    if (inHand === null || inHand.seq !== seq) throw new Error("nothing was given to decide");
    const { by, words } = inHand.letter;
    inHand.appending = true;
    if (events.length > 0) {
      const appended = await this.log.append({
        stream: personaId,
        expectedVersion: this.state.version,
        by,
        events,
        words,
      });
      if (appended.kind !== "committed") throw new Error(JSON.stringify(appended));
    }
    // Committed, and the actor never hears of it.
    if (!life.dead && mishaps.crashesAt("committed")) this.crash();
    if (life.dead) return inHand.letter.answer({ kind: "committed" });
    life.actor.receive({ t: "committed", seq });
    this.#done(life, { kind: "committed" });
  }

  #done(life: Life, answer: Answer): void {
    const letter = life.inHand?.letter;
    life.inHand = null;
    letter?.answer(answer);
    this.#deliver();
  }

  #permit(life: Life, ask: number): void {
    const { mishaps, clock } = this.#options;
    const { granted, lateMs, verdicts } = mishaps.permit();
    const reason = granted ? "" : verdicts.length > 0 ? "a rule" : "Posting is stopped.";
    const message: Down = {
      t: "permit",
      ask,
      epoch: 1,
      granted,
      validMs: granted ? PERMIT_MS : 0,
      reason,
      verdicts,
    };
    // Asked for within a call, as where pictures have gone up: then that call waits for the clock.
    const goOn = this.#leave.publishing && lateMs > 0 ? this.#atWork.pause() : () => {};
    const give = () => {
      goOn();
      if (granted && !life.dead && lateMs < PERMIT_MS) this.#leave.left++;
      life.actor.receive(life.dead ? { ...message, granted: false, validMs: 0 } : message);
    };
    if (lateMs === 0) give();
    else clock.after(lateMs, give);
  }

  async #words(life: Life, { ask, refs }: Extract<Up, { t: "askWords" }>): Promise<void> {
    const kept = await this.log.words(refs);
    const words = refs.map((ref) => {
      const found = kept.get(ref);
      return found !== undefined && "content" in found ? found.content : null;
    });
    if (!life.dead) life.actor.receive({ t: "words", ask, words });
  }

  #media(life: Life, { ask, sha256 }: Extract<Up, { t: "askMedia" }>): void {
    const base64 = this.#options.pictures.get(sha256)?.toBase64() ?? null;
    life.actor.receive({ t: "media", ask, base64 });
  }

  #keep(life: Life, { ask, name, version, value }: Extract<Up, { t: "keepSecret" }>): void {
    const held = this.vault.get(name) ?? { version: 0, value: "" };
    const ok = held.version === version;
    if (ok) this.vault.set(name, { version: version + 1, value });
    life.actor.receive({ t: "secretKept", ask, ok, version: ok ? version + 1 : held.version });
  }

  #watched(life: Life, adapter: PlatformAdapter): PlatformAdapter {
    const { mishaps, asking } = this.#options;
    return watchedAdapter(adapter, {
      mishaps,
      asking,
      atWork: this.#atWork,
      leave: this.#leave,
      isDead: () => life.dead,
      crash: () => this.crash(),
      violated: (what) => void this.violations.push(what),
    });
  }
}

function mutated(mutant: Mutant, { newAdapter }: ActorHostOptions): PlatformAdapter {
  const adapter = newAdapter();
  return mutant.adapter?.(adapter) ?? adapter;
}
