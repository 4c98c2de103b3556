/** Sees everything that is promised about, and says when it is not so. */
import { evolve } from "../../actors/persona/evolve.ts";
import { initialState, reachable } from "../../actors/persona/state.ts";
import type { PersonaState, PostState } from "../../actors/persona/state.ts";
import type { Payload, Sent } from "../../actors/persona/platforms/port.ts";
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
import { Parts } from "./parts.ts";
import type { Process } from "./process.ts";
import type { SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

/** Ends for which one worker is to blame. */
const OWN_DOING: ReadonlySet<string> = new Set(["error", "worker_silent", "flood", "protocol", "deadline"]);

type PermitFrame = Extract<Down, { t: "permit" }>;

interface Leave {
  worker: SimWorker;
  postId: string;
  what: "publish" | "delete";
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
  #parts: Parts;
  #asks = new Map<string, Outgoing & { what: Leave["what"]; at: number }>();
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
    this.#parts = new Parts(world);
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

  asked(worker: SimWorker, { ask, postId, platform, what }: Extract<Up, { t: "askPermit" }>): void {
    this.#asks.set(`${worker.address} ${ask}`, {
      personaId: worker.personaId,
      postId,
      platform,
      what,
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

  /** The answer reached the worker: the post that it may send, if it may. */
  permitted(worker: SimWorker, { ask, granted, validMs }: PermitFrame): string | null {
    const asked = this.#asks.get(`${worker.address} ${ask}`);
    if (!granted || asked === undefined) return null;
    this.#leaves.push({ worker, postId: asked.postId, what: asked.what, until: asked.at + validMs });
    return asked.postId;
  }

  /** After each step. */
  look(): void {
    for (const { worker, postId, what, until } of this.#leaves.splice(0)) {
      if (until <= this.#world.clock.now() || worker.process.ended || this.#isHalted(worker, postId, what)) {
        continue;
      }
      this.#world.violate(
        "leave that was given in time is used",
        `${worker.address} does not send ${postId}`,
      );
    }
  }

  /** What came while other parts of the post were sent, or deleted, holds for the rest of them. */
  #isHalted({ personaId }: SimWorker, postId: string, what: Leave["what"]): boolean {
    const state = this.state(personaId);
    const post = state.posts[postId];
    if (what === "delete") return post?.removeAt == null;
    return state.life !== "active" || post === undefined || !reachable(state, post) ||
      (post.approval?.expiresAt ?? 0) <= this.#world.clock.now();
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

  /** A part is about to be sent. */
  publishing(worker: SimWorker, { keys }: Payload, before: Sent[]): void {
    const violate = (invariant: string, detail: string) => this.#world.violate(invariant, detail);
    const post = this.#intended(worker, keys[before.length] ?? "");
    if (worker.ghost || post === null || post.publish?.attemptOpen !== true || post.status !== "publishing") {
      return violate(
        "no effect without its committed intent",
        `${worker.address} sends ${keys} with ${post?.status ?? "no intent"} in the log`,
      );
    }
    if (keys.length !== before.length + 1) {
      return violate(
        "each part has leave of its own",
        `${worker.address} sends ${keys} after ${before.length}`,
      );
    }
    if (!this.#takeLeave(worker, post.id, "publish")) {
      violate("nothing goes outward without a permit", `${worker.address} sends ${post.id}`);
    }
  }

  /** A part is about to be deleted. */
  deleting(worker: SimWorker, id: string): void {
    const posts = worker.ghost ? [] : Object.values(this.state(worker.personaId).posts);
    const post = posts.find(({ sent }) => sent.some((one) => one.id === id));
    if (post === undefined || post.removeAt === null) {
      return this.#world.violate("no effect without its committed intent", `${worker.address} deletes ${id}`);
    }
    if (!this.#takeLeave(worker, post.id, "delete")) {
      this.#world.violate("nothing goes outward without a permit", `${worker.address} deletes ${id}`);
    }
  }

  /** Leave is for one attempt. */
  #takeLeave(worker: SimWorker, postId: string, what: Leave["what"]): boolean {
    const index = this.#leaves.findIndex((leave) =>
      leave.worker === worker && leave.postId === postId && leave.what === what &&
      leave.until > this.#world.clock.now()
    );
    if (index >= 0) this.#leaves.splice(index, 1);
    return index >= 0;
  }

  /** The request leaves the worker. */
  sending(worker: SimWorker, key: string): void {
    this.#world.trace.say(`${worker.address} sends ${key}`);
    for (const listener of this.#sending) listener(worker);
  }

  /** Everybody can see one part more. */
  visible(key: string): void {
    const intent = this.#parts.intentOf(key);
    const post = intent === null ? undefined : this.state(intent.stream).posts[intent.postId];
    this.#parts.visible(key, post ?? null);
  }

  /** Nobody can see it any more. */
  gone(key: string): void {
    this.#parts.gone(key);
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

  #intended(worker: SimWorker, key: string): PostState | null {
    const intent = this.#parts.intentOf(key);
    if (intent === null || intent.stream !== worker.personaId) return null;
    return this.state(intent.stream).posts[intent.postId] ?? null;
  }

  async #heard(stream: string, ref: string): Promise<void> {
    const words = (await this.#database.store.words([ref])).get(ref);
    const content = words !== undefined && "content" in words ? words.content as { id?: unknown } : null;
    if (typeof content?.id === "string") return this.#parts.heard(stream, content.id);
    this.#world.violate("what was said is kept with its event", ref);
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
      this.#parts.committed(event, this.state(stream).posts[String(data.postId)]);
      if (type === "InteractionReceived") void this.#heard(stream, String(data.wordsRef));
      if (type === "ActorParked") {
        this.parked.set(stream, { at: event.at, by: event.by, reason: String(data.reason) });
      }
      if (type === "ActorUnparked") this.parked.delete(stream);
    }
  }
}
