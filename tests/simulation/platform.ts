/**
 * The two kinds of platform that there are: one with keyed writes, where a repeated attempt changes nothing, and one without,
 * where it doubles and only reading back tells. They are reached over a network that is slow and loses answers.
 */
import type {
  AdapterContext,
  Outcome,
  Part,
  Payload,
  Platform,
  PlatformAdapter,
  Reconciled,
  Sent,
} from "../../actors/persona/platforms/port.ts";
import { PlatformFailed } from "../../actors/persona/platforms/port.ts";
import type { Mutant } from "./mutants.ts";
import type { SimRandom } from "./random.ts";
import type { Witness } from "./witness.ts";
import type { SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

/** In the simulation only: what `sandbox` stands for writes without keys. */
const KEYED: Record<Platform, boolean> = { sandbox: false, bluesky: true };

export class SimPlatform {
  /** What everybody can see, by its key, and how often. */
  readonly visible = new Map<string, number>();
  /** Requests that are on their way there, by key. */
  #inFlight = new Map<string, number>();
  #world: World;
  #witness: Witness;
  #mutant: Mutant;
  #random: SimRandom;
  #said = 0;

  constructor(world: World, witness: Witness, mutant: Mutant) {
    this.#world = world;
    this.#witness = witness;
    this.#mutant = mutant;
    this.#random = world.random("platform");
  }

  /** What somebody who looks there finds; null while it may yet change. */
  look({ keys }: Payload): "went_out" | "did_not" | null {
    const key = keys.join(",");
    if ((this.visible.get(key) ?? 0) > 0) return "went_out";
    return (this.#inFlight.get(key) ?? 0) > 0 ? null : "did_not";
  }

  adapter(platform: Platform, worker: SimWorker): Promise<PlatformAdapter> {
    const adapter: PlatformAdapter = {
      prepare: (_context, texts) => this.#prepare(worker, texts),
      publish: (context, payload) => this.#publish(platform, worker, context, payload),
      reconcile: (_context, payload) => this.#reconcile(platform, worker, payload),
      poll: (_context, cursor) => this.#poll(worker, cursor),
    };
    return Promise.resolve(this.#mutant.adapter?.(adapter) ?? adapter);
  }

  async #publish(
    platform: Platform,
    worker: SimWorker,
    context: AdapterContext,
    payload: Payload,
  ): Promise<Outcome> {
    const key = payload.keys.join(",");
    this.#witness.publishing(worker, payload);
    // A session is looked at first: between the leave and the sending lies a while.
    await this.#lasts(worker, this.#random.between(1, 40));
    if (context.signal.aborted) return { kind: "not_sent", reason: "it took too long" };
    const { faults } = this.#world;
    if (faults.strikes("publish_unsent")) return { kind: "not_sent", reason: "connection refused" };
    this.#witness.sending(worker, payload);
    const wayMs = faults.strikes("publish_slow")
      ? this.#random.between(500, 20_000)
      : this.#random.between(1, 60);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
    this.#world.clock.after(wayMs, () => {
      this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) - 1);
      const outcome = this.#arrived(platform, key, payload);
      this.#world.trace.say(`platform takes ${key} as ${outcome?.kind ?? "unanswered"}`);
      if (outcome === null) return;
      this.#world.clock.after(this.#random.between(1, 40), () => worker.process.run(() => resolve(outcome)));
    });
    return await promise;
  }

  /** What the server does, and says; null where its answer is lost. */
  #arrived(platform: Platform, key: string, payload: Payload): Outcome | null {
    const { faults } = this.#world;
    if (faults.strikes("publish_refused")) return { kind: "rejected", reason: "not here" };
    if (faults.strikes("publish_limited")) {
      const until = this.#world.clock.now() + this.#random.between(1_000, 20_000);
      return { kind: "rate_limited", until, reason: "slow down" };
    }
    const failed = faults.strikes("publish_failed");
    if (failed && this.#random.chance(0.5)) return { kind: "uncertain", reason: "502" };
    this.#accept(platform, key);
    if (failed) return { kind: "uncertain", reason: "503" };
    return faults.strikes("publish_unanswered") ? null : { kind: "sent", sent: sentOf(payload) };
  }

  #accept(platform: Platform, key: string): void {
    const count = this.visible.get(key) ?? 0;
    if (count > 0 && KEYED[platform]) return;
    this.visible.set(key, count + 1);
    this.#witness.visible(key, count + 1);
  }

  async #reconcile(platform: Platform, worker: SimWorker, payload: Payload): Promise<Reconciled> {
    await this.#lasts(worker, this.#random.between(1, 60));
    const key = payload.keys.join(",");
    if (this.#world.faults.strikes("look_failed")) throw new Error("timeout");
    if ((this.visible.get(key) ?? 0) > 0) return { kind: "found", sent: sentOf(payload) };
    // What is still on its way there may yet appear: where writes have no keys, only waiting tells.
    if (!KEYED[platform] && (this.#inFlight.get(key) ?? 0) > 0) {
      return { kind: "unknown", reason: "it may still appear" };
    }
    return { kind: "absent", safeToRepeat: true };
  }

  async #prepare(worker: SimWorker, texts: string[]): Promise<Part[]> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) {
      throw new PlatformFailed({ kind: "uncertain", reason: "timeout" });
    }
    return texts.map((text) => ({ text, facets: [] }));
  }

  async #poll(worker: SimWorker, cursor: string | null): ReturnType<PlatformAdapter["poll"]> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) throw new Error("timeout");
    if (!this.#random.chance(0.1)) return { interactions: [], cursor };
    const id = `said-${++this.#said}`;
    const at = this.#world.clock.now();
    const who = { authorId: "somebody", authorHandle: "somebody.example", url: `https://example.com/${id}` };
    return { interactions: [{ id, kind: "mention", text: "hello", about: null, at, ...who }], cursor: id };
  }

  /** As time passes inside the worker. */
  #lasts(worker: SimWorker, ms: number): Promise<void> {
    return new Promise((resolve) => void worker.process.clock.after(ms, resolve));
  }
}

function sentOf({ keys }: Payload): Sent[] {
  return keys.map((key) => ({ id: `at://${key}`, url: `https://example.com/${key}` }));
}
