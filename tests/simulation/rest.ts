/** The end of a run: nothing goes wrong any more, and everything has to come to its end and leave nothing behind. */
import { hashJson } from "../../actors/persona/content.ts";
import { evolve } from "../../actors/persona/evolve.ts";
import type { PersonaState, PostState } from "../../actors/persona/state.ts";
import { STATE_SCHEMA } from "../../actors/persona/state.ts";
import type { SimDatabase } from "./database.ts";
import type { Outside } from "./outside.ts";
import type { People } from "./people.ts";
import type { Program } from "./program.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** ms that it may take until everything is quiet, once nothing goes wrong any more. */
const QUIET_MS = 300_000;
/** ms between two looks. */
const EVERY_MS = 1_000;
/** ms after which something that is due is overdue. */
const OVERDUE_MS = 60_000;
/** Some runs wait for the second of two looks, which comes 61 s after the first: that is most of such a run. */
const PATIENT_SHARE = 0.2;
const PATIENCE_MS = 62_000;
/** Commands of its own effects that wait for one actor at most: so many effects are there. */
const MAX_INTERNAL = 24;
/** Steps between two looks at every mailbox. */
const EVERY_STEPS = 32;

export interface RestOptions {
  world: World;
  database: SimDatabase;
  outside: Outside;
  program: Program;
  people: People;
  witness: Witness;
}

export class Rest {
  #options: RestOptions;
  /** ms ahead of which something that will be due is waited for. */
  #patienceMs: number;

  constructor(options: RestOptions) {
    this.#options = options;
    const random = options.world.random("rest");
    this.#patienceMs = random.chance(PATIENT_SHARE) ? PATIENCE_MS : OVERDUE_MS;
  }

  /** After every step. */
  look(): void {
    const { program, world, witness, people } = this.#options;
    witness.look();
    const supervisor = program.current?.supervisor;
    if (supervisor == null) return;
    const { maxLetters } = program.sizes;
    for (const personaId of people.personas) {
      // No more letters are there than people wait for, but for those of its own effects: they are looked at now and then.
      const mayBeFull = (people.client.waiting.get(personaId) ?? 0) > maxLetters;
      if (!mayBeFull && world.step % EVERY_STEPS > 0) continue;
      const { mailboxDepth } = supervisor.status(personaId);
      // Control commands have as much room again.
      if (mailboxDepth > 2 * maxLetters + MAX_INTERNAL + 1) {
        world.violate("mailboxes are within their bounds", `${personaId} has ${mailboxDepth} letters`);
      }
    }
  }

  async come(): Promise<void> {
    const { world, people, program, database } = this.#options;
    world.faults.calm();
    world.trace.say("calm");
    database.away = false;
    const until = world.clock.now() + QUIET_MS;
    await this.#until(
      "a main is up",
      until,
      () => program.current?.supervisor != null && !program.current.closing,
    );
    people.finish();
    await this.#until("everything that was asked for is done", until, () => this.#undone());
    await program.close();
    this.#nothingLeft();
    await this.#snapshotsHold();
  }

  waits(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.world.clock.after(ms, resolve));
  }

  async #until(what: string, until: number, look: () => boolean | string | null): Promise<void> {
    const { world, people } = this.#options;
    for (;;) {
      await people.setFree();
      const found = look();
      if (found === true || found === null) return;
      if (world.clock.now() > until) {
        return world.violate("in calm everything comes to its end", `${what}: ${found}`);
      }
      await this.waits(EVERY_MS);
    }
  }

  /** The first thing that is not at its end; null where there is none. */
  #undone(): string | null {
    const { witness, people, program } = this.#options;
    const unanswered = people.client.unanswered();
    if (unanswered !== null) return unanswered;
    for (const personaId of people.personas) {
      const { posts, connections } = witness.state(personaId);
      const asked = Object.values(connections).find(({ linked, checkAsked }) => linked && checkAsked);
      if (asked !== undefined) return `${asked.connectionId} is to be checked`;
      for (const post of Object.values(posts)) {
        const undone = this.#undoneOf(post) ?? this.#undoneThere(post, connections);
        if (undone !== null) return `${personaId} ${post.id} is ${post.status}: ${undone}`;
      }
    }
    for (const status of program.current?.supervisor?.statuses() ?? []) {
      if (status.effects > 0 || status.mailboxDepth > 0 || status.inHand !== null) {
        return `${status.personaId} is ${status.state} with ${status.mailboxDepth} letters, ${status.effects} effects`;
      }
    }
    return null;
  }

  #undoneOf(post: PostState): string | null {
    const { world } = this.#options;
    if (post.status === "draft" && (post.writing.state === "asked" || post.writing.state === "writing")) {
      return "it is to be written";
    }
    if (post.slot !== null && world.clock.now() - post.slot.at > OVERDUE_MS) return "its time has come";
    if (post.publish === null || (post.status !== "publishing" && post.status !== "uncertain")) return null;
    if (post.publish.attemptOpen) return "an attempt is open";
    // 0: a person decides.
    if (post.status === "uncertain" && post.publish.notBefore === 0) return null;
    const overdueMs = world.clock.now() - post.publish.notBefore;
    return overdueMs > OVERDUE_MS || overdueMs < 0 && overdueMs > -this.#patienceMs ? "it is due" : null;
  }

  /** What was asked for of a post that is out; what failed and is to be tried much later has been said. */
  #undoneThere({ status, removeAt, measureAt, connectionId }: PostState, of: PersonaState["connections"]) {
    if (status !== "published" || of[connectionId]?.health !== "ok") return null;
    const now = this.#options.world.clock.now();
    if (removeAt !== null && removeAt < now + OVERDUE_MS) return "it is to be deleted";
    return measureAt !== null && measureAt < now ? "it is to be measured" : null;
  }

  /** A snapshot and what came after it are the whole. */
  async #snapshotsHold(): Promise<void> {
    const { world, database: { store }, witness, people } = this.#options;
    for (const personaId of people.personas) {
      const snapshot = await store.loadSnapshot(personaId, STATE_SCHEMA);
      if (snapshot === null) continue;
      let state = snapshot.state as unknown as PersonaState;
      for (const event of await store.readStream(personaId, snapshot.version, 10_000)) {
        state = evolve(state, event);
      }
      if (hashJson(state) !== hashJson(witness.state(personaId))) {
        world.violate("a snapshot and its tail are the whole", `${personaId} at ${snapshot.version}`);
      }
    }
  }

  #nothingLeft(): void {
    const { world, outside } = this.#options;
    const left = [...outside.cells].map(({ name }) => name).concat(
      [...outside.workers].map(({ address }) => address),
    );
    if (left.length > 0) world.violate("a run leaves nothing behind", left.join(", "));
  }
}
