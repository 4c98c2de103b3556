/** Starts what the state asks for, bounded, each thing once at a time, and looks again when something is due. */
import type { Clock, Timer } from "../../ports.ts";
import { limitsOf } from "../platforms/limits.ts";
import type { Hold } from "../protocol.ts";
import type { ConnectionState } from "../state.ts";
import { checkConnection } from "./checking.ts";
import type { EffectContext } from "./context.ts";
import { pollConnection } from "./listening.ts";
import { prepareDraft } from "./preparing.ts";
import { measurePost, removePost } from "./published.ts";
import { publishPost, reconcilePost, reportInterrupted } from "./publishing.ts";
import type { Wanted } from "./runner.ts";
import { wantedEffects } from "./runner.ts";
import { writeDraft } from "./writing.ts";

/** Effects of one persona under way at once that speak to somebody. */
const MAX_RUNNING = 4;
/** Those that only note that a time has come. */
const MAX_NOTING = 16;
const NOTING: ReadonlySet<Wanted["kind"]> = new Set<Wanted["kind"]>(["slot", "expiry", "interrupted"]);
/** ms until an effect that threw is tried again. */
const AFTER_ERROR_MS = 5_000;
/** What waits while its post is stopped. A time that passes meanwhile counts as missed when it is too late after the stop. */
const OUTWARD: ReadonlySet<Wanted["kind"]> = new Set<Wanted["kind"]>(["slot", "publish", "remove"]);
/** Longest timer: a later time is looked at then. */
const MAX_TIMER_MS = 3_600_000;
/** ms from a post going out to the first look for answers. */
const FIRST_POLL_MS = 3_000;

/** Times in ms since the epoch; null where there is none. */
export interface Load {
  running: number;
  /** When it wants to be awake next, but for listening. */
  nextAt: number | null;
  /** When it looks at its platforms next. */
  listenAt: number | null;
}

export class EffectLoop {
  #context: EffectContext;
  #clock: Clock;
  #report: (load: Load) => void;
  #listenNow: boolean;
  #resting = false;
  #running = new Set<string>();
  #blockedUntil = new Map<string, number>();
  #holds: Hold[] = [];
  #timer: Timer | null = null;
  #pollAt = new Map<string, number>();
  #reported = "";

  /** `listenNow`: platforms are looked at at once, not after a while. */
  constructor(context: EffectContext, clock: Clock, report: (load: Load) => void, listenNow = false) {
    this.#context = context;
    this.#clock = clock;
    this.#report = report;
    this.#listenNow = listenNow;
  }

  /** Nothing is begun any more; what is under way comes to its end. */
  rest(): void {
    this.#resting = true;
  }

  /** From now on nothing outward is begun for what one of `holds` names, and everything else is. */
  hold(holds: Hold[]): void {
    this.#holds = holds;
    this.look();
  }

  look(): void {
    if (!this.#context.live()) return;
    const now = this.#context.now();
    let nextAt = Infinity;
    for (const wanted of wantedEffects(this.#context.state())) {
      const key = `${wanted.kind}:${wanted.postId}`;
      const at = Math.max(wanted.at, this.#blockedUntil.get(key) ?? 0, this.#limitedUntil(wanted, now));
      if (this.#running.has(key) || (OUTWARD.has(wanted.kind) && this.#isHeld(wanted.postId))) continue;
      // An open attempt that is under way here is not cut short: its outcome is still to come.
      if (wanted.kind === "interrupted" && this.#running.has(`publish:${wanted.postId}`)) continue;
      if (at > now) nextAt = Math.min(nextAt, at);
      else if (this.#mayStart(wanted)) this.#start(key, () => this.#run(wanted));
    }
    this.#schedule(nextAt, this.#lookForPolls(now), now);
  }

  /** A look that the platform would refuse for now waits until its window ends; for a post that is an outcome, and shown. */
  #limitedUntil({ kind, postId }: Wanted, now: number): number {
    const connectionId = this.#context.state().posts[postId]?.connectionId;
    if (kind !== "measure" || connectionId === undefined) return 0;
    return this.#context.limits.mayAt(connectionId, "read", now);
  }

  #isHeld(postId: string): boolean {
    if (this.#holds.length === 0) return false;
    const { posts, connections } = this.#context.state();
    const platform = connections[posts[postId]?.connectionId ?? ""]?.platform;
    return this.#holds.some((hold) =>
      (hold.postId === null || hold.postId === postId) &&
      (hold.platform === null || hold.platform === platform)
    );
  }

  /** Posts of one account go out one after the other; the rest is bounded by number only. */
  #mayStart(wanted: Wanted): boolean {
    if (this.#resting) return false;
    const noting = [...this.#running].filter((key) =>
      NOTING.has(key.slice(0, key.indexOf(":")) as Wanted["kind"])
    );
    if (NOTING.has(wanted.kind)) return noting.length < MAX_NOTING;
    if (this.#running.size - noting.length >= MAX_RUNNING) return false;
    if (wanted.kind !== "publish") return true;
    const { posts } = this.#context.state();
    const connectionId = posts[wanted.postId]?.connectionId;
    return ![...this.#running].some((key) =>
      key.startsWith("publish:") && posts[key.slice("publish:".length)]?.connectionId === connectionId
    );
  }

  #start(key: string, work: () => Promise<void>): void {
    this.#running.add(key);
    this.#blockedUntil.delete(key);
    work().catch((error) => {
      // An effect turns what it can expect into an outcome; the rest is told, and tried again later.
      this.#blockedUntil.set(key, this.#context.now() + AFTER_ERROR_MS);
      this.#context.note(`${key}: ${error instanceof Error ? error.message : String(error)}`);
    }).finally(() => {
      this.#running.delete(key);
      this.look();
    });
  }

  async #run(wanted: Wanted): Promise<void> {
    const { postId } = wanted;
    switch (wanted.kind) {
      case "compose":
        return await writeDraft(this.#context, postId);
      case "prepare":
        return await prepareDraft(this.#context, postId);
      case "publish":
        await publishPost(this.#context, postId);
        return this.#pollSoon(postId);
      case "interrupted":
        return await reportInterrupted(this.#context, postId);
      case "reconcile":
        return await reconcilePost(this.#context, postId);
      case "remove":
        return await removePost(this.#context, postId);
      case "measure":
        return await measurePost(this.#context, postId);
      case "slot":
        return void await this.#context.submit({ type: "go_out", postId }, { cause: this.#cause(postId) });
      case "expiry":
        return void await this.#context.submit({ type: "expire", postId }, { cause: this.#cause(postId) });
      default:
        wanted.kind satisfies never;
    }
  }

  #cause(postId: string): string | null {
    return this.#context.state().posts[postId]?.lastEvent ?? null;
  }

  #pollSoon(postId: string): void {
    const connectionId = this.#context.state().posts[postId]?.connectionId;
    if (connectionId !== undefined) this.#pollAt.set(connectionId, this.#context.now() + FIRST_POLL_MS);
  }

  /** Listening to platforms needs no event to be due: while the actor is live it asks now and then. */
  #lookForPolls(now: number): number {
    let nextAt = Infinity;
    const { connections, life } = this.#context.state();
    for (const connection of Object.values(connections)) {
      if (!connection.linked) continue;
      this.#check(connection);
      if (life !== "active" || connection.health !== "ok") continue;
      // Who is woken often does not look more often for that: a look may cost money, and all of a day's calls.
      const spokeAt = Math.min(this.#context.limits.spokeAt(connection.connectionId), now);
      const first = Math.max(
        this.#listenNow ? now : now + FIRST_POLL_MS,
        spokeAt + limitsOf(connection.platform).pollMs,
      );
      const at = this.#pollAt.get(connection.connectionId) ?? first;
      this.#pollAt.set(connection.connectionId, at);
      const key = `poll:${connection.connectionId}`;
      if (this.#running.has(key)) continue;
      if (at <= now && this.#running.size < MAX_RUNNING && !this.#resting) {
        const pause = this.#context.limits.spread(
          connection.connectionId,
          limitsOf(connection.platform).pollMs,
          now,
        );
        this.#pollAt.set(connection.connectionId, now + pause);
        if (this.#context.limits.mayAt(connection.connectionId, "read", now) <= now) {
          this.#start(key, () => pollConnection(this.#context, connection));
        } else nextAt = Math.min(nextAt, now + pause);
      } else if (at > now) nextAt = Math.min(nextAt, at);
    }
    return nextAt;
  }

  #check(connection: ConnectionState): void {
    const key = `check:${connection.connectionId}`;
    const waits = (this.#blockedUntil.get(key) ?? 0) > this.#context.now();
    if (!connection.checkAsked || this.#running.has(key) || this.#resting || waits) return;
    if (this.#running.size < MAX_RUNNING) this.#start(key, () => checkConnection(this.#context, connection));
  }

  #schedule(nextAt: number, listenAt: number, now: number): void {
    this.#timer?.cancel();
    const first = Math.min(nextAt, listenAt);
    if (first !== Infinity && !this.#resting) {
      const delay = Math.min(Math.max(first - now, 0), MAX_TIMER_MS);
      this.#timer = this.#clock.after(delay, () => this.look());
    }
    const reported = `${this.#running.size} ${nextAt} ${listenAt}`;
    if (reported === this.#reported) return;
    this.#reported = reported;
    const orNull = (at: number) => at === Infinity ? null : at;
    this.#report({ running: this.#running.size, nextAt: orNull(nextAt), listenAt: orNull(listenAt) });
  }
}
