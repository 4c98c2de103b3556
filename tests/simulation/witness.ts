/** Sees everything that is promised about, and says when it is not so. */
import { evolve } from "../../actors/persona/evolve.ts";
import { initialState } from "../../actors/persona/state.ts";
import type { PersonaState, PostState } from "../../actors/persona/state.ts";
import type { Payload } from "../../actors/persona/platforms/port.ts";
import type { Down, Up } from "../../actors/persona/protocol.ts";
import { type Outgoing, stopFor, stopKey } from "../../actors/supervisor/stop_scope.ts";
import type {
  CommandAnswer,
  Stop,
  StopScope,
  SupervisionEvent,
} from "../../actors/supervisor/supervisor_port.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import type { SimDatabase } from "./database.ts";
import type { Process } from "./process.ts";
import type { SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

/** Ends for which one worker is to blame. */
const OWN_DOING: ReadonlySet<string> = new Set(["error", "worker_silent", "flood", "protocol", "deadline"]);

type PermitFrame = Extract<Down, { t: "permit" }>;

interface Leave {
  worker: SimWorker;
  postId: string;
  until: number;
}

/** What a command came to, as its sender was told first. */
type First = { kind: "committed"; positions: string } | { kind: "refused"; code: string };

export class Witness {
  /** Each stream as the log has it. */
  readonly states = new Map<string, PersonaState>();
  /** Ids of all posts there ever were. */
  readonly posts = new Set<string>();
  readonly parked = new Map<string, { at: string; by: string; reason: string }>();
  #world: World;
  #database: SimDatabase;
  #workers: () => Iterable<SimWorker>;
  /** The intent of each key that may be sent. */
  #intents = new Map<string, { stream: string; postId: string }>();
  #asks = new Map<string, Outgoing & { at: number }>();
  /** Given and not used yet. */
  #leaves: Leave[] = [];
  #answers = new Map<string, First>();
  #hits = new Set<string>();
  #sending: ((worker: SimWorker) => void)[] = [];
  /** Commands of people that have events. */
  #done = new Set<string>();
  #stops = new Map<string, { stop: Stop; main: Process; acknowledged: boolean }>();

  constructor(world: World, database: SimDatabase, workers: () => Iterable<SimWorker>) {
    this.#world = world;
    this.#database = database;
    this.#workers = workers;
    database.onCommitted((events) => this.#committed(events));
  }

  /** Its own worker was hit: what it is charged with from now on may be its doing. */
  hit(personaId: string): void {
    this.#hits.add(personaId);
  }

  /** What a supervisor says of itself. */
  supervised(event: SupervisionEvent): void {
    if (event.kind !== "crash" || !event.charged || !OWN_DOING.has(event.cause)) return;
    if (this.#hits.has(event.personaId)) return;
    this.#world.violate("only the guilty one is charged", `${event.personaId}: ${event.cause}`);
  }

  /** Told when a request leaves a worker. */
  onSending(listener: (worker: SimWorker) => void): void {
    this.#sending.push(listener);
  }

  state(stream: string): PersonaState {
    return this.states.get(stream) ?? initialState(stream);
  }

  /**
   * A worker has folded its past and may begin effects. One that a main starts after it was taken over, and before it has found
   * out, may be there beside another: it can commit nothing, so it comes to no effect, which is looked at where effects are.
   */
  cameLive(worker: SimWorker): void {
    if (worker.ghost) return;
    for (const other of this.#workers()) {
      if (other.ghost || other === worker || !other.live || other.personaId !== worker.personaId) continue;
      this.#world.violate(
        "a persona has at most one live actor",
        `${worker.address} came live while ${other.address} is`,
      );
    }
  }

  asked(worker: SimWorker, { ask, postId, platform }: Extract<Up, { t: "askPermit" }>): void {
    this.#asks.set(`${worker.address} ${ask}`, {
      personaId: worker.personaId,
      postId,
      platform,
      at: this.#world.clock.now(),
    });
  }

  /** A main gives its answer to a question for leave. */
  granted(json: string, address: string, main: Process): void {
    const { ask, granted } = JSON.parse(json) as PermitFrame;
    const post = this.#asks.get(`${address} ${ask}`);
    if (!granted || post === undefined) return;
    const stops = [...this.#stops.values()].filter((one) => one.acknowledged || one.main === main);
    const stop = stopFor(stops.map((one) => one.stop), post);
    if (stop === null) return;
    this.#world.violate(
      "no leave is given for what is stopped",
      `${main.name}, ${address}, ${stopKey(stop.scope)}`,
    );
  }

  /** The answer reached the worker. */
  permitted(worker: SimWorker, { ask, granted, validMs }: PermitFrame): void {
    const asked = this.#asks.get(`${worker.address} ${ask}`);
    if (!granted || asked === undefined) return;
    this.#leaves.push({ worker, postId: asked.postId, until: asked.at + validMs });
  }

  /** After each step. */
  look(): void {
    for (const { worker, postId, until } of this.#leaves.splice(0)) {
      if (until <= this.#world.clock.now() || worker.process.ended) continue;
      this.#world.violate(
        "leave that was given in time is used",
        `${worker.address} does not send ${postId}`,
      );
    }
  }

  /** From now on this main gives no leave within it; once that was acknowledged, no later one does. */
  stopAsked(scope: StopScope, main: Process): void {
    const stop = { scope, by: "user:ann", why: "", since: "" };
    const before = this.#stops.get(stopKey(scope));
    this.#stops.set(stopKey(scope), { stop, main, acknowledged: before?.acknowledged ?? false });
  }

  stopAcknowledged(scope: StopScope): void {
    const asked = this.#stops.get(stopKey(scope));
    if (asked !== undefined) asked.acknowledged = true;
  }

  liftAsked(scope: StopScope): void {
    this.#stops.delete(stopKey(scope));
  }

  /** An attempt begins. */
  publishing(worker: SimWorker, payload: Payload): void {
    const { clock } = this.#world;
    const violate = (invariant: string, detail: string) => this.#world.violate(invariant, detail);
    const post = this.#intended(worker, payload);
    if (worker.ghost || post === null || post.publish?.attemptOpen !== true || post.status !== "publishing") {
      return violate(
        "no effect without its committed intent",
        `${worker.address} sends ${payload.keys} with ${post?.status ?? "no intent"} in the log`,
      );
    }
    const index = this.#leaves.findIndex((leave) =>
      leave.worker === worker && leave.postId === post.id && leave.until > clock.now()
    );
    if (index < 0) {
      return violate("nothing goes outward without a permit", `${worker.address} sends ${post.id}`);
    }
    // Leave for one attempt.
    this.#leaves.splice(index, 1);
  }

  /** The request leaves the worker. */
  sending(worker: SimWorker, payload: Payload): void {
    this.#world.trace.say(`${worker.address} sends ${payload.keys}`);
    for (const listener of this.#sending) listener(worker);
  }

  visible(key: string, count: number): void {
    if (!this.#intents.has(key)) {
      this.#world.violate("no effect without its committed intent", `${key} is visible`);
    }
    if (count > 1) {
      this.#world.violate("at most one visible post per intent", `${key} is visible ${count} times`);
    }
  }

  /** A model is asked. */
  writing(worker: SimWorker, brief: string): void {
    const posts = worker.ghost ? [] : Object.values(this.state(worker.personaId).posts);
    if (posts.some((post) => post.brief === brief && post.writing.state === "writing")) return;
    // The post may have been given up meanwhile; it was intended when it was begun.
    if (posts.some((post) => post.brief === brief && post.writing.attempt > 0)) return;
    this.#world.violate("no effect without its committed intent", `${worker.address} writes on ${brief}`);
  }

  /** The sender of a command was told what became of it. */
  answered(commandId: string, answer: CommandAnswer): void {
    if (answer.kind === "committed") {
      for (const event of answer.events) {
        if (this.#database.store.events[event.position - 1]?.id === event.id) continue;
        this.#world.violate(
          "no acknowledged event is lost",
          `${event.type} at ${event.position} of ${commandId} is not in the log`,
        );
      }
      const positions = answer.events.map((event) => event.position).join(",");
      this.#same(commandId, { kind: "committed", positions });
    }
    if (answer.kind === "refused") this.#same(commandId, { kind: "refused", code: answer.refusal.code });
  }

  #same(commandId: string, now: First): void {
    const first = this.#answers.get(commandId);
    if (first === undefined) this.#answers.set(commandId, now);
    else if (JSON.stringify(first) !== JSON.stringify(now)) {
      this.#world.violate(
        "a repeated command is answered as the first time",
        `${commandId}: ${JSON.stringify(first)}, then ${JSON.stringify(now)}`,
      );
    }
  }

  #intended(worker: SimWorker, payload: Payload): PostState | null {
    const intent = this.#intents.get(payload.keys.join(","));
    if (intent === undefined || intent.stream !== worker.personaId) return null;
    return this.state(intent.stream).posts[intent.postId] ?? null;
  }

  /** What a person asked for is written in one append, once. */
  #once(events: StoredEvent[]): void {
    const causes = new Set(events.filter(({ by }) => by.startsWith("user:")).map(({ cause }) => cause ?? ""));
    for (const cause of causes) {
      if (this.#done.has(cause)) this.#world.violate("a command is carried out once", cause);
      if (cause !== "") this.#done.add(cause);
    }
  }

  #committed(events: StoredEvent[]): void {
    this.#once(events);
    for (const event of events) {
      const { stream, type, data } = event;
      this.states.set(stream, evolve(this.state(stream), event));
      this.#world.trace.say(`log ${event.position} ${stream} ${event.version} ${type} ${data.postId ?? ""}`);
      if (type === "CompositionRequested") this.posts.add(String(data.postId));
      if (type === "PublishRequested") {
        const payload = data.payload as unknown as Payload;
        this.#intents.set(payload.keys.join(","), { stream, postId: String(data.postId) });
      }
      if (type === "ActorParked") {
        this.parked.set(stream, { at: event.at, by: event.by, reason: String(data.reason) });
      }
      if (type === "ActorUnparked") this.parked.delete(stream);
    }
  }
}
