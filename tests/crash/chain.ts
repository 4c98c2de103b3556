/**
 * One aim, over and over on one DATA_DIR: the program is started with the crash armed, clients work, it dies, it is started
 * again; after the last crash it comes to rest and everything is looked at.
 */
import { startEmbeddedPostgres } from "../../db/embedded/embedded.ts";
import { openDatabase } from "../../db/database.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { Authors, emptyLedger } from "./author.ts";
import type { Ledger } from "./author.ts";
import { Client } from "./client.ts";
import { freshDataDir } from "./data_dir.ts";
import { hitIn } from "./hits.ts";
import { Life } from "./life.ts";
import type { Aim } from "./plan.ts";
import { nameOf, passOf, randomOf, replayLine } from "./plan.ts";
import type { Platform } from "./platform.ts";
import { leftOver, processesOf } from "./processes.ts";
import type { Process } from "./processes.ts";
import { createPersona, linkAccount, setUpOwner } from "./set_up.ts";
import { verifyLog, verifyPosts, verifyProjections, verifyRequests } from "./verify.ts";
import { within } from "./wait.ts";

/** They share a cell. */
const PERSONAS = 2;
/** Posts of one persona in work at once. */
const WIDTH = 2;
/** A database that is away keeps posts waiting: more of them meet the next kill at different steps. */
const WIDTH_WITHOUT_DATABASE = 5;
const READY_MS = 60_000;
/** Longest life whose armed point is not passed. */
const HIT_MS = 30_000;
/** For cells and the database of a killed main to be gone. */
const GONE_MS = 20_000;
const STOP_MS = 30_000;
/** Lives in a row that were not hit, after which the chain is given up. */
const MOST_MISSES = 3;
const LEAST_ROUNDS = 2;

export interface ChainOptions {
  aim: Aim;
  platform: Platform;
  seed: number;
  rounds: number;
  /** After this many ms no further crash is begun, if there were `LEAST_ROUNDS`. @default none */
  enoughMs?: number;
  /** One line for a person who watches. */
  say?: (line: string) => void;
}

export interface ChainResult {
  aim: Aim;
  /** Crashes at the armed point. */
  rounds: number;
  /** Lives in which the point was not passed in time; they were armed again. */
  misses: number;
  posts: number;
  commands: number;
  events: number;
  seconds: number;
  violations: string[];
  /** How to play it again. */
  replay: string;
}

export async function runChain(options: ChainOptions): Promise<ChainResult> {
  const dataDir = await freshDataDir();
  const chain = new Chain(options, dataDir);
  try {
    return await chain.run();
  } finally {
    await chain.dispose();
    await Deno.remove(dataDir, { recursive: true });
  }
}

class Chain {
  readonly #options: ChainOptions;
  readonly #dataDir: string;
  readonly #port = freePort();
  readonly #client: Client;
  readonly #random: () => number;
  readonly #violations: string[] = [];
  readonly #personas: { account: string; ledger: Ledger; authors: Authors }[] = [];
  readonly #startedAt = performance.now();
  #life: Life | null = null;
  #orphans: Process[] = [];
  #rounds = 0;
  #misses = 0;
  #events: StoredEvent[] = [];

  constructor(options: ChainOptions, dataDir: string) {
    this.#options = options;
    this.#dataDir = dataDir;
    this.#client = new Client(`http://127.0.0.1:${this.#port}`);
    this.#random = randomOf(options.seed, nameOf(options.aim));
  }

  async run(): Promise<ChainResult> {
    const violations = this.#violations;
    try {
      await this.#play();
    } catch (error) {
      violations.push(error instanceof Error ? error.stack ?? error.message : String(error));
    }
    if (violations.length > 0 && this.#life !== null) {
      violations.push(`the last lines of the program:\n  ${this.#life.lines.join("\n  ")}`);
    }
    const { aim, seed, rounds } = this.#options;
    return {
      aim,
      rounds: this.#rounds,
      misses: this.#misses,
      posts: this.#personas.reduce((sum, { ledger }) => sum + ledger.approved.size, 0),
      commands: this.#client.answered.length,
      events: this.#events.length,
      seconds: (performance.now() - this.#startedAt) / 1_000,
      violations,
      replay: replayLine(aim, seed, rounds),
    };
  }

  async #play(): Promise<void> {
    const violations = this.#violations;
    const first = await this.#start(false);
    await setUpOwner(first, this.#client);
    for (let number = 1; number <= PERSONAS; number++) await this.#addPersona(number);
    for (const { authors } of this.#personas) authors.start();
    await this.#pause(200);
    await this.#end(first, "SIGKILL");

    while (!this.#isEnough()) await this.#crashOnce();

    const last = await this.#start(false);
    for (const { authors } of this.#personas) await authors.finish();
    const log = await verifyLog(this.#client);
    this.#events = log.events;
    violations.push(...log.violations);
    const { code, signal } = await this.#end(last, "SIGTERM");
    if (code !== 0) violations.push(`told to stop, it ended with ${signal ?? code}`);
    for (const { pid, command } of await leftOver(this.#orphans, GONE_MS)) {
      violations.push(`left over from a killed program: ${pid} ${command}`);
    }
    for (const { pid, command } of await leftOver(processesOf(this.#dataDir), GONE_MS)) {
      violations.push(`left over after a clean stop: ${pid} ${command}`);
    }
    await this.#verifyData();
  }

  async #addPersona(number: number): Promise<void> {
    const { aim, platform, seed } = this.#options;
    const personaId = await createPersona(this.#client);
    const account = await linkAccount(this.#client, personaId, await platform.newAccount());
    const ledger = emptyLedger(this.#violations);
    const randomFor = (author: number) => randomOf(seed, `${nameOf(aim)} persona ${number} author ${author}`);
    const authors = new Authors(
      { client: this.#client, personaId, platform: platform.name, ledger, randomFor },
      aim.who === "database" ? WIDTH_WITHOUT_DATABASE : WIDTH,
    );
    this.#personas.push({ account, ledger, authors });
  }

  #isEnough(): boolean {
    const { rounds, enoughMs = Infinity } = this.#options;
    const late = performance.now() - this.#startedAt > enoughMs && this.#rounds >= LEAST_ROUNDS;
    return this.#rounds >= rounds || late || this.#violations.length > 0;
  }

  /** One life with the crash armed: as many hits as it gives, or a miss. */
  async #crashOnce(): Promise<void> {
    const { aim, rounds } = this.#options;
    const life = await this.#start(true);
    const hits = await hitIn(life, {
      aim,
      dataDir: this.#dataDir,
      most: rounds - this.#rounds,
      withinMs: HIT_MS,
      random: this.#random,
      answers: async () => (await this.#client.once("GET", "/api/v1/events?limit=1"))?.status === 200,
    });
    this.#rounds += hits;
    if (hits > 0) {
      this.#misses = 0;
      this.#options.say?.(`${nameOf(aim)}: ${this.#rounds} of ${rounds}`);
    } else {
      this.#misses++;
      this.#options.say?.(`${nameOf(aim)}: not passed in time, armed again`);
      if (this.#misses === MOST_MISSES) throw new Error(`the point was not passed in ${MOST_MISSES} lives`);
    }
    await this.#end(life, "SIGKILL");
  }

  /** A program on the DATA_DIR; armed ones may die before they are ready. */
  async #start(armed: boolean): Promise<Life> {
    const { aim, platform } = this.#options;
    const { point, who } = aim;
    const crash = armed && who !== "database" && point !== "database-killed"
      ? { point, pass: this.#misses > 0 ? 1 : passOf(point, this.#random), who }
      : null;
    const life = new Life({
      dataDir: this.#dataDir,
      port: this.#port,
      allowedOrigins: platform.origins,
      crash,
    });
    this.#life = life;
    const came = await within(READY_MS, Promise.race([life.ready.then(() => "ready"), life.ended]));
    if (came === null) throw new Error(`it was not ready within ${READY_MS / 1_000} s`);
    if (came !== "ready" && (typeof came === "string" || came.signal !== "SIGKILL" || crash === null)) {
      throw new Error("it ended before it was ready");
    }
    return life;
  }

  async #end(life: Life, signal: "SIGKILL" | "SIGTERM"): Promise<{ code: number; signal: string | null }> {
    life.kill(signal);
    const end = await within(STOP_MS, life.ended);
    if (end === null) {
      life.kill("SIGKILL");
      throw new Error(`told to stop, it had not ended after ${STOP_MS / 1_000} s`);
    }
    this.#orphans.push(...end.orphans);
    return end;
  }

  async #verifyData(): Promise<void> {
    const violations = this.#violations;
    const embedded = await startEmbeddedPostgres({ dataDir: this.#dataDir, log: () => {} });
    try {
      const database = await openDatabase({ config: embedded.config });
      try {
        for (const { account, ledger } of this.#personas) {
          const out = await this.#options.platform.out(account, database);
          violations.push(...verifyPosts(ledger, this.#events, out));
        }
        violations.push(...verifyRequests(this.#personas.map(({ ledger }) => ledger), this.#events));
        violations.push(...await verifyProjections(database));
      } finally {
        await database.close();
      }
    } finally {
      await embedded.stop();
    }
  }

  #pause(most: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, Math.floor(this.#random() * most)));
  }

  /** Nothing of this chain stays, however it went. */
  async dispose(): Promise<void> {
    this.#client.close();
    if (this.#life !== null) {
      this.#life.kill("SIGKILL");
      await this.#life.ended;
    }
    for (const { pid } of await leftOver(processesOf(this.#dataDir), GONE_MS)) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
