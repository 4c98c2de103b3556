/** People and programs who use what is there: they bring posts from a brief to the platform, change their minds, and try again. */
import { emptyIdentity } from "../../actors/persona/identity.ts";
import type { PersonaCommand, TypedPart } from "../../actors/persona/commands.ts";
import type { ConnectionInfo } from "../../actors/persona/events.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { PersonaState, PostState } from "../../actors/persona/state.ts";
import { FINISHED } from "../../actors/persona/state.ts";
import type { ActorControl, StopScope } from "../../actors/supervisor/supervisor_port.ts";
import { Client, TRIES } from "./client.ts";
import type { Up } from "./client.ts";
import type { Outside } from "./outside.ts";
import type { SimPlatform } from "./platform.ts";
import type { Program } from "./program.ts";
import type { SimRandom } from "./random.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** Posts of one persona that are worked on at once. */
const OPEN_POSTS = 3;
/** Parts of a thread. */
const MOST_PARTS = 4;
const CONTROLS: ActorControl[] = ["restart", "hibernate", "wake", "park", "unpark"];

export class People {
  readonly personas: string[];
  readonly client: Client;
  #world: World;
  #program: Program;
  #witness: Witness;
  #platform: SimPlatform;
  #random: SimRandom;
  #briefs = 0;
  #work = true;

  constructor(world: World, program: Program, { witness, platform }: Outside, count: number) {
    this.#world = world;
    this.#platform = platform;
    this.client = new Client(world, program, witness);
    this.#program = program;
    this.#witness = witness;
    this.#random = world.random("people");
    this.personas = Array.from({ length: count }, (_, index) => `p${index + 1}`);
  }

  start(): void {
    for (const personaId of this.personas) this.client.do(() => this.#live(personaId));
    this.client.do(() => this.#steer());
  }

  /** Nothing new is begun. */
  finish(): void {
    this.#work = false;
  }

  /** What stood still goes on again: afterwards everything can come to its end. */
  async setFree(): Promise<void> {
    await this.client.withMain(async ({ supervisor }) => {
      for (const { scope } of supervisor.stops()) {
        this.#witness.liftAsked(scope);
        await supervisor.lift(scope, "user:ann");
      }
      for (const personaId of this.personas) {
        if (this.#witness.parked.has(personaId)) await supervisor.control(personaId, "unpark", "user:ann");
      }
    });
    for (const personaId of this.personas) {
      const { life, connections, posts } = this.#witness.state(personaId);
      for (const { id, status, publish, sent } of Object.values(posts)) {
        // What nobody looks for by itself any more is for a person to say, who looks.
        if (status !== "uncertain" || publish === null || publish.notBefore > 0) continue;
        const found = this.#platform.look(publish.payload, sent.length);
        // Of a thread that is there in part nobody can say that it is out, or that it is not.
        if (found === "partly") await this.client.send(personaId, { type: "check_again", postId: id });
        else if (found !== null) {
          await this.client.send(personaId, { type: "resolve", postId: id, outcome: found });
        }
      }
      if (life === "paused") await this.client.send(personaId, { type: "resume" });
      for (const { connectionId, platform, linked, health } of Object.values(connections)) {
        if (linked && health === "ok") continue;
        this.#world.trace.say(`${connectionId} is linked again`);
        await this.client.send(personaId, { type: "link", connection: connectionOf(personaId, platform) });
      }
    }
  }

  async #live(personaId: string): Promise<void> {
    const identity = { ...emptyIdentity, name: personaId, operatedBy: "Sim" };
    await this.client.send(personaId, { type: "create", identity, origin: "form" });
    for (const platform of ["sandbox", "bluesky"] as const) {
      await this.client.send(personaId, { type: "link", connection: connectionOf(personaId, platform) });
    }
    while (this.#work) {
      await this.#waits(this.#random.between(100, 4_000));
      if (this.#work) await this.#act(personaId);
    }
  }

  async #act(personaId: string): Promise<void> {
    const state = this.#witness.state(personaId);
    if (this.#random.chance(0.02)) return await this.#flood(personaId);
    if (this.#random.chance(0.05)) {
      const command: PersonaCommand = state.life === "paused" ? { type: "resume" } : { type: "pause" };
      return void await this.client.send(personaId, command);
    }
    if (state.life === "paused" && this.#random.chance(0.5)) {
      return void await this.client.send(personaId, { type: "resume" });
    }
    if (this.#random.chance(0.02)) {
      const connection = connectionOf(personaId, this.#random.pick(["sandbox", "bluesky"] as const));
      const linked = state.connections[connection.connectionId]?.linked;
      const command: PersonaCommand = linked
        ? { type: "unlink", connectionId: connection.connectionId }
        : { type: "link", connection };
      return void await this.client.send(personaId, command);
    }
    const lost = Object.values(state.connections).find(({ linked, health }) => linked && health === "lost");
    if (lost !== undefined && this.#random.chance(0.3)) {
      const connection = connectionOf(personaId, lost.platform);
      return void await this.client.send(personaId, { type: "link", connection });
    }
    const [letter] = Object.values(state.deadLetters);
    if (letter !== undefined && this.#random.chance(0.3)) {
      const type = this.#random.pick(["retry_dead_letter", "retry_dead_letter", "drop_dead_letter"] as const);
      return void await this.client.send(personaId, { type, deadLetterId: letter.id });
    }
    const command = this.#random.chance(0.3) ? this.#aside(state) : this.#forward(state);
    if (command !== null) await this.client.send(personaId, command, this.#random.between(1, TRIES));
  }

  /** More than its mailbox takes. */
  async #flood(personaId: string): Promise<void> {
    const many = Array.from({ length: 3 * this.#program.sizes.maxLetters + 30 }, (_, index) => index);
    await Promise.all(
      many.map((index) =>
        this.client.send(personaId, {
          type: "edit",
          changes: { purpose: `${this.#world.clock.now()} ${index}` },
        }, 1)
      ),
    );
  }

  /** What somebody does beside the way of a post from its brief to the platform. */
  #aside(state: PersonaState): PersonaCommand | null {
    const posts = Object.values(state.posts);
    const published = posts.filter(({ status }) => status === "published");
    const said = Object.values(state.interactions);
    const kind = this.#random.pick(
      ["reply", "reply", "reply", "delete", "delete", "measure", "check", "look"] as const,
    );
    if (kind === "reply" && said.length > 0) return this.#reply(this.#random.pick(said).id);
    if (kind === "delete" && published.length > 0) {
      return { type: "delete_post", postId: this.#random.pick(published).id };
    }
    if (kind === "measure" && published.length > 0) {
      return { type: "measure", postId: this.#random.pick(published).id };
    }
    const uncertain = posts.find(({ status }) => status === "uncertain");
    if (kind === "look" && uncertain !== undefined) return { type: "check_again", postId: uncertain.id };
    const connections = Object.values(state.connections);
    if (kind !== "check" || connections.length === 0) return this.#forward(state);
    return { type: "check_connection", connectionId: this.#random.pick(connections).connectionId };
  }

  /** Whether there is an answer to it already is for the persona to know. */
  #reply(interactionId: string): PersonaCommand {
    const postId = this.#random.uuid();
    if (this.#random.chance(0.5)) {
      return { type: "reply", interactionId, postId, brief: `matter ${++this.#briefs}` };
    }
    return { type: "reply", interactionId, postId, parts: this.#thread(2) };
  }

  /** So many parts at most. */
  #thread(most: number): TypedPart[] {
    const matter = ++this.#briefs;
    const count = this.#random.between(1, most);
    return Array.from({ length: count }, (_, index) => ({ text: `Of matter ${matter}, the ${index + 1}.` }));
  }

  /** What somebody would do next. */
  #forward(state: PersonaState): PersonaCommand | null {
    const open = Object.values(state.posts).filter((post) => !FINISHED.has(post.status));
    const post = open.length === 0 ? undefined : this.#random.pick(open);
    if (post === undefined || (open.length < OPEN_POSTS && this.#random.chance(0.4))) {
      if (this.#random.chance(0.3)) {
        return {
          type: "write",
          platform: this.#random.pick(["sandbox", "bluesky"] as const),
          parts: this.#thread(MOST_PARTS),
          postId: this.#random.uuid(),
        };
      }
      return {
        type: "compose",
        platform: this.#random.pick(["sandbox", "bluesky"] as const),
        brief: `matter ${++this.#briefs}`,
        postId: this.#random.uuid(),
      };
    }
    if (this.#random.chance(0.03)) return { type: "withdraw", postId: post.id };
    return this.#bringOn(post);
  }

  #bringOn(post: PostState): PersonaCommand | null {
    const postId = post.id;
    const soon = {
      at: new Date(this.#world.clock.now() + this.#random.between(500, 15_000)).toISOString(),
      zone: "Europe/Lisbon",
    };
    switch (post.status) {
      case "draft":
      case "expired":
        if (post.writing.state === "failed") return { type: "rewrite", postId };
        return post.content === null ? null : { type: "submit", postId };
      case "pending_review": {
        if (post.contentHash === null || !post.prepared) return null;
        if (this.#random.chance(0.1)) {
          // What is out of a thread stays as it is.
          const out = post.content?.parts.slice(0, post.sent.length) ?? [];
          return { type: "revise", postId, parts: [...out, ...this.#thread(MOST_PARTS)] };
        }
        if (this.#random.chance(0.05)) return { type: "reject", postId, reason: "not now" };
        const then = this.#random.pick(
          [undefined, { kind: "publish" as const }, { kind: "publish" as const }, {
            kind: "schedule" as const,
            ...soon,
          }],
        );
        return { type: "approve", postId, contentHash: post.contentHash, then };
      }
      case "approved":
        return this.#random.chance(0.7) ? { type: "publish", postId } : { type: "schedule", postId, ...soon };
      case "scheduled":
        return this.#random.chance(0.1) ? { type: "unschedule", postId } : null;
      default:
        return null;
    }
  }

  /** Those who run the whole: stops and controls. */
  async #steer(): Promise<void> {
    while (this.#work) {
      await this.#waits(this.#random.between(1_000, 15_000));
      if (!this.#work) return;
      if (this.#random.chance(0.3)) await this.client.withMain((main) => this.#stop(main));
      else if (this.#random.chance(0.6)) {
        const personaId = this.#random.pick(this.personas);
        const what = this.#random.pick(CONTROLS);
        await this.client.withMain(async ({ supervisor }) => {
          const { ok } = await supervisor.control(personaId, what, "user:ann", "because");
          this.#world.trace.say(`${personaId} ${what}: ${ok}`);
        });
      }
    }
  }

  async #stop({ supervisor, process }: Up): Promise<void> {
    const scope = this.#scope();
    this.#witness.stopAsked(scope, process);
    await supervisor.stop(scope, "user:ann", "look first");
    this.#witness.stopAcknowledged(scope);
    this.#world.trace.say(`${process.name} has stopped ${scope.kind}`);
    await this.#waits(this.#random.between(500, 5_000));
    await this.client.withMain(async (main) => {
      this.#witness.liftAsked(scope);
      await main.supervisor.lift(scope, "user:ann");
    });
  }

  #scope(): StopScope {
    const personaId = this.#random.pick(this.personas);
    const posts = Object.keys(this.#witness.state(personaId).posts);
    const scopes: StopScope[] = [
      { kind: "all" },
      { kind: "persona", personaId },
      { kind: "platform", platform: this.#random.pick(["sandbox", "bluesky"] as const) },
    ];
    if (posts.length > 0) scopes.push({ kind: "post", personaId, postId: this.#random.pick(posts) });
    return this.#random.pick(scopes);
  }

  #waits(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.clock.after(ms, resolve));
  }
}

function connectionOf(personaId: string, platform: Platform): ConnectionInfo {
  return {
    connectionId: `c-${personaId}-${platform}`,
    platform,
    accountId: `account-${personaId}-${platform}`,
    handle: `${personaId}.example`,
    service: `https://${platform}.example`,
    disclosure: "profile_label",
  };
}
