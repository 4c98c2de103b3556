/** Routes commands to personas, starts and restarts their actors, gives leave to send. */
import type { EventLog, Json, StoredEvent } from "../../db/log/log.ts";
import type { Sql } from "../../db/sql.ts";
import type { Vault } from "../../db/vault/vault.ts";
import { getPost } from "../../db/read/posts.ts";
import type { ArmedCrash } from "../crash_point.ts";
import { hashJson } from "../persona/content.ts";
import type { Command, PersonaCommand } from "../persona/commands.ts";
import type { ActorSettings, Up } from "../persona/protocol.ts";
import { STATE_SCHEMA } from "../persona/state.ts";
import { Cells, waitForOldCells } from "./cells.ts";
import type { CellProcess } from "./cell_process.ts";
import { DueClock } from "./due_clock.ts";
import type { Letter, MailboxLimits } from "./mailbox.ts";
import { PersonaActor } from "./persona_actor.ts";
import { answerOf } from "./recording.ts";
import { Posting } from "./posting.ts";
import { Provisions } from "./provisions.ts";
import type {
  ActorControl,
  ActorStatus,
  CellStatus,
  CommandAnswer,
  PostingState,
  RuntimeStatus,
  Sender,
  SupervisionEvent,
  SupervisorPort,
} from "./supervisor_port.ts";
import { withoutActor } from "./supervisor_port.ts";

/** Life of a permit in ms. */
const PERMIT_MS = 10_000;
/** ms that actors get to end by themselves at a shutdown. */
const CLOSE_MS = 5_000;

export interface SupervisorOptions {
  log: EventLog;
  sql: Sql;
  vault: Vault;
  /** `DATA_DIR`. */
  dataDir: string;
  actor: ActorSettings;
  /** The key of the model, told to workers in a frame of its own. */
  modelKey: string | null;
  mailbox: MailboxLimits;
  /** Live actors; beyond it the least recently used idle ones are put to sleep. */
  maxLive: number;
  actorsPerCell: number;
  maxHeapMb: number;
  crash: ArmedCrash | null;
  /** One line for the program's own log. */
  report(text: string): void;
}

type Progress = { personaId: string; postId: string; text: string };

export class Supervisor implements SupervisorPort {
  #options: SupervisorOptions;
  #actors = new Map<string, PersonaActor>();
  #cells: Cells;
  #provisions: Provisions;
  #posting!: Posting;
  #dueClock: DueClock;
  #progress = new Set<(progress: Progress) => void>();
  #status = new Set<(status: ActorStatus) => void>();
  #closing = false;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#provisions = new Provisions(options);
    this.#cells = new Cells({
      lockFolder: `${options.dataDir}/cells`,
      maxHeapMb: options.maxHeapMb,
      actorsPerCell: options.actorsPerCell,
      ended: (cell, personas, reason) => this.#cellEnded(cell, personas, reason),
      events: {
        fromWorker: (personaId, message) => this.#actors.get(personaId)?.receive(message),
        logged: (line) => options.report(line),
        workerCrashed: (personaId, reason, stack) => {
          options.report(`${personaId} crashed: ${reason} ${stack}`.trim());
          void this.#actors.get(personaId)?.crashed(reason, true);
        },
      },
    });
    this.#dueClock = new DueClock(options.sql, (personaId) => this.#wake(personaId), options.report);
  }

  /** Waits for cells of an earlier run to be gone. What is due is left alone until `start`. */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    await waitForOldCells(`${options.dataDir}/cells`, options.report);
    const supervisor = new Supervisor(options);
    supervisor.#posting = await Posting.open(options.log, (state) => supervisor.#tellHeld(state));
    return supervisor;
  }

  /** From here on what is due is done. */
  async start(): Promise<void> {
    await this.#dueClock.start();
  }

  async send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer> {
    if (this.#closing) return { kind: "unavailable", reason: "The program is stopping." };
    // Looked at before the earlier answer: a repetition that crosses its first sending finds both or neither.
    const taken = command.type === "compose" && command.postId !== undefined &&
      await getPost(this.#options.sql, command.postId) !== null;
    let bodyHash: string | null = null;
    if (sender.mayBeRepeated) {
      bodyHash = sender.bodyHash ?? hashJson({ personaId, command });
      const seen = await this.#options.log.findCommand(sender.by, sender.id);
      if (seen !== null && seen.bodyHash !== bodyHash) return { kind: "id_reused" };
      if (seen !== null) return await answerOf(this.#options.log, sender.id, seen);
    }
    if (taken) {
      // The persona itself knows its own posts only, and of those the finished ones not for ever.
      const refusal = { code: "exists", message: "There is a post with this id already.", field: "postId" };
      return { kind: "refused", commandId: sender.id, refusal, repeated: false };
    }
    return await this.#deliver(personaId, command, {
      commandId: sender.id,
      by: sender.by,
      cause: null,
      words: [],
      bodyHash,
    });
  }

  /**
   * A copy of a database was started: what may have gone out from the original is doubted. Throws when that could not be
   * written: then nothing may be taken up.
   */
  async doubt(personaId: string, reason: string): Promise<void> {
    const answer = await this.#deliver(personaId, { type: "doubt", reason }, {
      commandId: crypto.randomUUID(),
      by: "system",
      cause: null,
      words: [],
      bodyHash: null,
    });
    if (answer.kind !== "committed") {
      throw new Error(`what may have gone out for ${personaId} could not be doubted: ${answer.kind}`);
    }
  }

  #deliver(
    personaId: string,
    command: Command,
    letter: Pick<Letter, "commandId" | "by" | "cause" | "words" | "bodyHash">,
  ): Promise<CommandAnswer> {
    const actor = this.#actor(personaId);
    if (actor.phase === "parked") {
      return Promise.resolve({
        kind: "unavailable",
        reason: "This persona was stopped after repeated crashes: start it again on its page.",
      });
    }
    this.#makeRoom(actor);
    return new Promise((resolve) => {
      const taken = actor.deliver({ ...letter, command, crashes: 0, answer: resolve });
      if (!taken) resolve({ kind: "overloaded", depth: actor.mailbox.depth, retryAfterMs: 1_000 });
    });
  }

  #actor(personaId: string): PersonaActor {
    let actor = this.#actors.get(personaId);
    if (actor === undefined) {
      const { log, mailbox, report } = this.#options;
      actor = new PersonaActor(personaId, {
        log,
        limits: mailbox,
        now: () => Date.now(),
        random: Math.random,
        place: (id, hosts) => this.#cells.place(id, hosts),
        abandon: (id, cell) => this.#cells.leave(id, cell),
        hostsOf: (id) => this.#provisions.hostsOf(id),
        startFrame: (id, snapshot) => ({
          t: "start",
          personaId: id,
          settings: this.#options.actor,
          snapshot,
        }),
        secretFrames: (id) => this.#provisions.secretFrames(id),
        held: () => this.#held(),
        committed: (id, events) => this.#committed(id, events),
        statusChanged: (status) => this.#emit(this.#status, status),
        other: (from, message) => this.#other(from, message),
        report,
        closing: () => this.#closing,
      });
      this.#actors.set(personaId, actor);
    }
    return actor;
  }

  /** False where there is no room for it now: what is due waits a moment, unlike what somebody asks for. */
  #wake(personaId: string): boolean {
    const actor = this.#actor(personaId);
    if (!this.#makeRoom(actor)) return false;
    actor.wake();
    return true;
  }

  /** Whether one more may be live; else the least recently used idle actors are put to sleep. */
  #makeRoom(next: PersonaActor): boolean {
    if (next.phase !== "asleep") return true;
    const live = [...this.#actors.values()].filter(({ phase }) => phase !== "asleep" && phase !== "parked");
    const tooMany = live.length - this.#options.maxLive + 1;
    if (tooMany <= 0) return true;
    const idle = live.filter((one) => one.phase === "running" && !one.busy);
    idle.sort((a, b) => a.lastUsed - b.lastUsed);
    for (const one of idle.slice(0, tooMany)) one.leave("sleep");
    return false;
  }

  #held(): string | null {
    const { stopped, why } = this.#posting.state();
    return stopped ? `All posting is stopped: ${why}` : null;
  }

  #tellHeld(_state: PostingState): void {
    const why = this.#held();
    for (const actor of this.#actors.values()) actor.tell({ t: "held", why });
  }

  #committed(personaId: string, events: StoredEvent[]): void {
    const actor = this.#actors.get(personaId);
    if (events.some((event) => event.type === "ConnectionLinked" || event.type === "ConnectionUnlinked")) {
      // Its hosts and secrets are others now: it goes on in a cell that may reach them.
      actor?.leave("start");
    }
    if (events.some((event) => event.type === "PersonaDeleted")) actor?.leave("sleep");
  }

  #other(actor: PersonaActor, message: Up): void {
    switch (message.t) {
      case "submit":
        actor.deliver({
          commandId: message.id,
          command: message.command,
          by: `actor:${actor.id}`,
          cause: message.cause,
          words: message.words,
          bodyHash: null,
          crashes: 0,
          answer: () => {},
        });
        return;
      case "askPermit": {
        const why = this.#closing ? "The program is stopping." : this.#held();
        return actor.tell({
          t: "permit",
          ask: message.ask,
          granted: why === null,
          validMs: PERMIT_MS,
          reason: why ?? "",
        });
      }
      case "keepSecret":
        return void this.#provisions.keepSecret(actor.id, message, (answer) => actor.tell(answer));
      case "progress":
        return this.#emit(this.#progress, {
          personaId: actor.id,
          postId: message.postId,
          text: message.text,
        });
      case "snapshot":
        return void this.#keepSnapshot(actor, message);
      case "crashPoint":
        return this.#crash(actor);
      case "note":
        return this.#options.report(`${actor.id}: ${message.text}`);
    }
  }

  async #keepSnapshot(actor: PersonaActor, message: Extract<Up, { t: "snapshot" }>): Promise<void> {
    const { version, state } = message;
    try {
      const json = state as unknown as Json;
      if (json !== null) {
        await this.#options.log.saveSnapshot({
          stream: actor.id,
          version,
          schema: STATE_SCHEMA,
          state: json,
        });
      }
    } catch (error) {
      this.#options.report(
        `${actor.id}: its snapshot was not kept: ${error instanceof Error ? error.message : error}`,
      );
    }
    if (message.final) actor.left();
  }

  #crash(actor: PersonaActor): void {
    if (this.#options.crash === null) return;
    if (this.#options.crash.who === "cell") actor.cell?.kill();
    else Deno.kill(Deno.pid, "SIGKILL");
  }

  #cellEnded(cell: CellProcess, personas: string[], reason: string): void {
    if (this.#closing) return;
    if (personas.length > 0) {
      this.#options.report(`cell ${cell.number} ended (${reason}) with ${personas.length} personas`);
    }
    const actors = [...this.#actors.values()].filter((one) => one.cell === cell && personas.includes(one.id));
    // Who was at nothing did not do it. Where nobody was, nobody is spared: else they would come back at once for ever.
    const someSuspect = actors.some((actor) => actor.suspect);
    for (const actor of actors) {
      void actor.crashed(`its cell ended: ${reason}`, actor.suspect || !someSuspect);
    }
  }

  #emit<T>(listeners: Set<(value: T) => void>, value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        // Who looks on must not bring down who is looked at.
        this.#options.report(`a listener failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  status(personaId: string): ActorStatus {
    return this.#actors.get(personaId)?.status() ?? withoutActor(personaId);
  }

  statuses(): ActorStatus[] {
    return [...this.#actors.values()].map((actor) => actor.status());
  }

  runtime(): RuntimeStatus {
    const actors = this.statuses();
    const at = new Date().toISOString();
    const numbers = [...new Set(actors.flatMap((one) => one.cell === null ? [] : [one.cell]))];
    const cells = numbers.map((number): CellStatus => {
      const inside = [...this.#actors.values()].filter((one) => one.cell?.number === number);
      return {
        number,
        pid: inside[0]?.cell?.pid ?? 0,
        state: "ready",
        hosts: inside[0]?.cell?.hosts ?? [],
        rssBytes: null,
        startedAt: at,
        silentMs: 0,
        personas: inside.map((one) => one.id),
      };
    });
    const live = actors.filter(({ state }) => ["starting", "running", "restarting"].includes(state)).length;
    return { at, cells, actors, live, maxLive: this.#options.maxLive };
  }

  control(
    personaId: string,
    what: ActorControl,
  ): Promise<{ ok: true } | { ok: false; reason: string }> {
    const actor = this.#actor(personaId);
    if (what === "unpark") actor.unpark();
    if (what === "wake") actor.wake();
    if (what === "hibernate") actor.leave("sleep");
    if (what === "restart") actor.leave("start");
    return Promise.resolve(what === "park" ? { ok: false, reason: "" } : { ok: true });
  }

  onSupervision(_listener: (event: SupervisionEvent) => void): () => void {
    return () => {};
  }

  posting(): PostingState {
    return this.#posting.state();
  }

  stopPosting(by: string, why: string): Promise<void> {
    return this.#posting.stop(by, why);
  }

  liftStop(by: string): Promise<void> {
    return this.#posting.lift(by);
  }

  onProgress(listener: (progress: Progress) => void): () => void {
    this.#progress.add(listener);
    return () => this.#progress.delete(listener);
  }

  onStatus(listener: (status: ActorStatus) => void): () => void {
    this.#status.add(listener);
    return () => this.#status.delete(listener);
  }

  /** New commands are refused, what is under way gets a moment, then every cell is ended. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#dueClock.close();
    const until = Date.now() + CLOSE_MS;
    while (
      Date.now() < until &&
      [...this.#actors.values()].some((actor) => actor.cell !== null && actor.running > 0)
    ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const actor of this.#actors.values()) actor.close();
    await this.#cells.close(2_000);
  }

  /** This process is not the writer any more: at once, without a word. */
  killCells(): void {
    this.#closing = true;
    this.#cells.killAll();
  }
}
