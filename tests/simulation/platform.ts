/**
 * The two kinds of platform that there are: one with keyed writes, where a repeated attempt changes nothing, and one without,
 * where it doubles and only reading back tells, with lists that lag. They are reached over a network that is slow and loses
 * answers.
 */
import type {
  AdapterContext,
  Failure,
  Found,
  Interaction,
  Looked,
  Measured,
  Outcome,
  Part,
  Payload,
  Platform,
  PlatformAdapter,
  Reconciled,
  Removed,
  Sent,
} from "../../actors/persona/platforms/port.ts";
import { PlatformFailed } from "../../actors/persona/platforms/port.ts";
import type { Mutant } from "./mutants.ts";
import type { SimRandom } from "./random.ts";
import type { Witness } from "./witness.ts";
import type { SimWorker } from "./worker.ts";
import type { World } from "./world.ts";

/** In the simulation only: what `sandbox` stands for writes without keys. */
export const KEYED: Partial<Record<Platform, boolean>> = { sandbox: false, bluesky: true };
/** ms that a request is on its way at most, and that its effect is hidden from lists: together less than `APART_MS`. */
const SLOW_MS = 20_000;
const LAG_MS = 30_000;
/** ms between two looks that prove something. */
const APART_MS = 60_000;
/** Things said before the cursor that a poll gives once more. */
const OVERLAP = 2;

/** One part that everybody can see, under its key. */
interface Visible {
  count: number;
  /** ms since the epoch from which lists show it. */
  listedAt: number;
}

export class SimPlatform {
  /** Parts that went out, deleted ones too. */
  published = 0;
  #visible = new Map<string, Visible>();
  /** Requests that are on their way there, by key. */
  #inFlight = new Map<string, number>();
  /** What others said to each account. */
  #said = new Map<string, Interaction[]>();
  /** Until when each connection of a worker has nothing left to send, as the platform said. */
  #closed = new WeakMap<SimWorker, Map<string, number>>();
  #world: World;
  #witness: Witness;
  #mutant: Mutant;
  #random: SimRandom;

  constructor(world: World, witness: Witness, mutant: Mutant) {
    this.#world = world;
    this.#witness = witness;
    this.#mutant = mutant;
    this.#random = world.random("platform");
  }

  /** What somebody who looks there finds; null while it may yet change. */
  look({ keys }: Payload, known: number): "went_out" | "did_not" | "partly" | null {
    const missing = keys.slice(known);
    if (missing.some((key) => (this.#inFlight.get(key) ?? 0) > 0)) return null;
    const there = missing.filter((key) => this.#visible.has(key)).length;
    return there === missing.length ? "went_out" : there > 0 ? "partly" : "did_not";
  }

  adapter(platform: Platform, worker: SimWorker): Promise<PlatformAdapter> {
    const adapter: PlatformAdapter = {
      prepare: (_context, texts) => this.#prepare(worker, texts),
      publish: (context, payload, before) => this.#publish(platform, worker, context, payload, before),
      reconcile: (_context, payload, looked) => this.#reconcile(platform, worker, payload, looked),
      poll: (context, cursor) => this.#poll(worker, context, cursor),
      findTarget: (_context, id) => this.#findTarget(worker, id),
      metrics: (_context, ids) => this.#metrics(worker, ids),
      remove: (_context, id) => this.#remove(worker, id),
      refresh: () => this.#refresh(worker),
      describe: () => {
        throw new Error("nobody asks for it here");
      },
    };
    return Promise.resolve(this.#mutant.adapter?.(adapter) ?? adapter);
  }

  /** One part: each has leave of its own. */
  async #publish(
    platform: Platform,
    worker: SimWorker,
    context: AdapterContext,
    payload: Payload,
    before: Sent[],
  ): Promise<Outcome> {
    const key = payload.keys[before.length] ?? "";
    const { connectionId } = context.account;
    this.#witness.publishing(worker, payload, before);
    // Between the parts of one attempt nobody looks at windows.
    if (this.#closedUntil(worker, connectionId) > this.#world.clock.now() && before.length === 0) {
      this.#world.violate("nothing is sent into a window that is used up", `${worker.address} sends ${key}`);
    }
    // A session is looked at first: between the leave and the sending lies a while.
    await this.#lasts(worker, this.#random.between(1, 40));
    if (context.signal.aborted) return { kind: "not_sent", reason: "it took too long" };
    const { faults } = this.#world;
    if (faults.strikes("publish_unsent")) return { kind: "not_sent", reason: "connection refused" };
    if (faults.strikes("credentials_dead")) return { kind: "auth_dead", reason: "the session was ended" };
    this.#witness.sending(worker, key);
    const wayMs = faults.strikes("publish_slow")
      ? this.#random.between(500, SLOW_MS)
      : this.#random.between(1, 60);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
    this.#world.clock.after(wayMs, () => {
      this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) - 1);
      const outcome = this.#arrived(platform, key, before);
      this.#world.trace.say(`platform takes ${key} as ${outcome?.kind ?? "unanswered"}`);
      if (outcome === null) return;
      const answered = () => {
        this.#noteWindow(worker, context);
        resolve(outcome);
      };
      this.#world.clock.after(this.#random.between(1, 40), () => worker.process.run(answered));
    });
    return await promise;
  }

  /** What the server does, and says; null where its answer is lost. */
  #arrived(platform: Platform, key: string, before: Sent[]): Outcome | null {
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
    return faults.strikes("publish_unanswered") ? null : { kind: "sent", sent: [...before, sentOf(key)] };
  }

  #accept(platform: Platform, key: string): void {
    const count = this.#visible.get(key)?.count ?? 0;
    if (count > 0 && KEYED[platform]) return;
    const lags = !KEYED[platform] && this.#world.faults.strikes("lists_lag");
    const lagMs = lags ? this.#random.between(1_000, LAG_MS) : 0;
    this.#visible.set(key, { count: count + 1, listedAt: this.#world.clock.now() + lagMs });
    this.published++;
    this.#witness.visible(key);
  }

  #closedUntil(worker: SimWorker, connectionId: string): number {
    return this.#closed.get(worker)?.get(connectionId) ?? 0;
  }

  #noteWindow(worker: SimWorker, context: AdapterContext): void {
    if (!this.#world.faults.strikes("window_used_up")) return;
    const resetAt = this.#world.clock.now() + this.#random.between(5_000, 30_000);
    const closed = this.#closed.get(worker) ?? new Map<string, number>();
    this.#closed.set(worker, closed.set(context.account.connectionId, resetAt));
    const window = {
      name: `posts until ${resetAt}`,
      holds: "publish",
      limit: 5,
      remaining: 0,
      resetAt,
    } as const;
    context.noted({ windows: [window] });
  }

  /** As the adapter of such a platform does: where writes have no keys, only a second look much later proves something. */
  async #reconcile(
    platform: Platform,
    worker: SimWorker,
    { keys }: Payload,
    { before, absentSince }: Looked,
  ): Promise<Reconciled> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) throw new Error("timeout");
    const now = this.#world.clock.now();
    const parts = [...before];
    for (const key of keys.slice(before.length)) {
      const there = this.#visible.get(key);
      if (there === undefined || there.listedAt > now) break;
      parts.push(sentOf(key));
    }
    if (parts.length === keys.length) return { kind: "found", sent: parts };
    const since = parts.length > before.length ? null : absentSince;
    const proven = since !== null && now - since >= APART_MS;
    return { kind: "absent", safeToRepeat: KEYED[platform] === true || proven, parts };
  }

  async #prepare(worker: SimWorker, texts: string[]): Promise<Part[]> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) {
      throw new PlatformFailed({ kind: "uncertain", reason: "timeout" });
    }
    return texts.map((text) => ({ text, facets: [] }));
  }

  async #poll(
    worker: SimWorker,
    { account: { connectionId } }: AdapterContext,
    cursor: string | null,
  ): ReturnType<PlatformAdapter["poll"]> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) throw new Error("timeout");
    const said = this.#said.get(connectionId) ?? [];
    this.#said.set(connectionId, said);
    if (this.#random.chance(0.4)) said.push(this.#saying(connectionId, said.length));
    const from = Math.max(0, Number(cursor ?? 0) - OVERLAP);
    return { interactions: said.slice(from), cursor: said.length === 0 ? null : `${said.length}` };
  }

  #saying(connectionId: string, before: number): Interaction {
    const id = saidTo(connectionId, before + 1);
    return {
      id,
      kind: this.#random.pick(["mention", "reply", "quote"] as const),
      authorId: "somebody",
      authorHandle: "somebody.example",
      text: "hello",
      about: null,
      summons: this.#random.chance(0.9),
      url: `https://example.com/${id}`,
      at: this.#world.clock.now(),
    };
  }

  async #findTarget(worker: SimWorker, id: string): Promise<Found | null> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) {
      throw new PlatformFailed({ kind: "uncertain", reason: "timeout" });
    }
    return this.#world.faults.strikes("target_gone") ? null : { id, cid: "cid" };
  }

  async #metrics(worker: SimWorker, ids: string[]): Promise<Map<string, Measured>> {
    await this.#lasts(worker, this.#random.between(1, 60));
    if (this.#world.faults.strikes("look_failed")) throw new Error("timeout");
    return new Map(ids.map((id) => [id, this.#visible.has(keyOf(id)) ? COUNTED : { kind: "gone" }]));
  }

  async #remove(worker: SimWorker, id: string): Promise<Removed> {
    this.#witness.deleting(worker, id);
    await this.#lasts(worker, this.#random.between(1, 40));
    const { faults } = this.#world;
    if (faults.strikes("delete_refused")) return { kind: "rejected", reason: "not yours" };
    const failed = faults.strikes("delete_failed");
    if (failed && this.#random.chance(0.5)) return { kind: "uncertain", reason: "502" };
    this.#visible.delete(keyOf(id));
    this.#witness.gone(keyOf(id));
    return failed ? { kind: "uncertain", reason: "503" } : { kind: "removed" };
  }

  async #refresh(worker: SimWorker): Promise<{ kind: "fresh" } | Failure> {
    await this.#lasts(worker, this.#random.between(1, 60));
    const { faults } = this.#world;
    if (faults.strikes("credentials_dead")) return { kind: "auth_dead", reason: "the session was ended" };
    return faults.strikes("look_failed") ? { kind: "uncertain", reason: "timeout" } : { kind: "fresh" };
  }

  /** As time passes inside the worker. */
  #lasts(worker: SimWorker, ms: number): Promise<void> {
    return new Promise((resolve) => void worker.process.clock.after(ms, resolve));
  }
}

const COUNTED: Measured = {
  kind: "counted",
  metrics: {
    likes: 1,
    reposts: 0,
    replies: 0,
    quotes: 0,
    bookmarks: null,
    impressions: null,
    reached: null,
    clicks: null,
  },
};

/** What the `count`th thing that others said to an account is called. */
function saidTo(connectionId: string, count: number): string {
  return `said to ${connectionId} ${count}`;
}

/** Whether somebody said it to this account. */
export function wasSaidTo(id: string, connectionId: string): boolean {
  return id.startsWith(`said to ${connectionId} `);
}

function sentOf(key: string): Sent {
  return { id: `at://${key}`, url: `https://example.com/${key}` };
}

export function keyOf(id: string): string {
  return id.slice("at://".length);
}
