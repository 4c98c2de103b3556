/** The audience at work: plans with each post what it will do about it, and does it when its time has come. */
import type { Clock, Timer } from "../../actors/ports.ts";
import { doSandboxAct, nextSandboxAct, planSandboxActs, sandboxHeard } from "../../db/sandbox/acts.ts";
import { putSandboxVoices, type SandboxAccount } from "../../db/sandbox/sandbox.ts";
import type { Sql } from "../../db/sql.ts";
import { CAST } from "./cast.ts";
import { actsOn } from "./scripts.ts";

/** ms until it tries again when the database failed. */
const AGAIN_MS = 5_000;
/** ms that it sleeps at least: what is due may be in other hands at the moment. */
const LEAST_MS = 50;

export interface AudienceOptions {
  sql: Sql;
  clock: Clock;
  /** The same seed and the same posts give the same answers after the same time. @default 1 */
  seed?: number;
  /** Acts, likes included, that are planned within an hour on the whole network; beyond them nobody does anything. @default 240 */
  mostAnHour?: number;
  report(line: string): void;
}

export class Audience {
  #options: Required<AudienceOptions>;
  #timer: Timer | null = null;
  #work: Promise<void> | null = null;
  #again = false;
  #closed = false;

  private constructor(options: AudienceOptions) {
    this.#options = { seed: 1, mostAnHour: 240, ...options };
  }

  /** Makes the accounts of the cast, and takes up what an earlier run has left to be done. */
  static async open(options: AudienceOptions): Promise<Audience> {
    const audience = new Audience(options);
    await putSandboxVoices(options.sql, CAST, new Date(options.clock.now()).toISOString());
    audience.wake();
    return audience;
  }

  /** Within the transaction that has written the post. `wake` once it is committed. */
  async plan(
    tx: Sql,
    author: SandboxAccount,
    post: { id: string; text: string; replyTo: string | null },
  ): Promise<void> {
    const { clock, seed, mostAnHour } = this.#options;
    const heard = await sandboxHeard(tx, { accountId: author.id, replyTo: post.replyTo });
    const acts = actsOn({ ...heard, id: post.id, handle: author.handle, text: post.text }, seed);
    await planSandboxActs(tx, post.id, acts, { now: clock.now(), mostAnHour });
  }

  /** There may be something to do earlier than was known. */
  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#work ??= this.#run();
  }

  /** Resolves when everything that is due by now is done. */
  async idle(): Promise<void> {
    while (this.#work !== null) await this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.idle();
  }

  async #run(): Promise<void> {
    const { sql, clock, report } = this.#options;
    this.#timer?.cancel();
    let next: number | null = null;
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        while (!this.#closed && await doSandboxAct(sql, clock.now())) continue;
        next = await nextSandboxAct(sql);
      }
    } catch (error) {
      report(`the sandbox's audience waits: ${error instanceof Error ? error.message : String(error)}`);
      next = clock.now() + AGAIN_MS;
    } finally {
      // Not a turn later: who wakes it then would wake nobody.
      this.#work = null;
    }
    if (next === null || this.#closed) return;
    this.#timer = clock.after(Math.max(LEAST_MS, next - clock.now()), () => this.wake());
  }
}
