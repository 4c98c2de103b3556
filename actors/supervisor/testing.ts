/** Test equipment: a supervisor on a clock that the test moves, with cells and workers that say what the test says. */
import { strictEqual } from "node:assert/strict";
import type { EventLog } from "../../db/log/log.ts";
import { openMemoryLog } from "../../db/log/memory_log.ts";
import { HandClock, settled } from "../hand_clock.ts";
import { Link } from "../link.ts";
import type { Command, InternalCommand, PersonaCommand } from "../persona/commands.ts";
import type { CellDown, Down, Up } from "../persona/protocol.ts";
import { BEAT_MS } from "../persona/protocol.ts";
import type { NewEvent } from "../wire.ts";
import type { CellEvents, CellLink, CellOptions, Provisioning, Reads } from "./ports.ts";
import type { SupervisorOptions } from "./supervisor.ts";
import { Supervisor } from "./supervisor.ts";
import type { CommandAnswer, SupervisionEvent } from "./supervisor_port.ts";
import { bareProvisioning, bareReads, bareSettings } from "./testing_ports.ts";

/** One life of an actor as its supervisor meets it: it folds and ends as it should, and decides what the test says. */
export class ScriptedWorker {
  readonly address: string;
  readonly personaId: string;
  readonly heard: Down[] = [];
  version = 0;
  /** It says its state when it is told to finish. */
  finishes = true;
  #link: Link;

  constructor(address: string, toMain: (frame: string) => void) {
    this.address = address;
    this.personaId = address.slice(0, address.lastIndexOf("."));
    this.#link = new Link(toMain, () => 0);
  }

  get delivered(): Extract<Down, { t: "deliver" }>[] {
    return this.heard.filter((message) => message.t === "deliver");
  }

  take(frame: string): void {
    const json = this.#link.take(frame);
    if (json === null) return;
    const message = JSON.parse(json) as Down;
    this.heard.push(message);
    if (message.t === "start") this.version = message.snapshot?.version ?? 0;
    if (message.t === "replay") {
      this.version = message.facts.at(-1)?.version ?? this.version;
      if (message.last) {
        this.say({ t: "live", version: this.version });
        this.load(0);
      }
    }
    if (message.t === "finish" && this.finishes) this.finish();
  }

  say(message: Up): void {
    this.#link.send(JSON.stringify(message));
  }

  load(running: number, times: { nextAt?: number; listenAt?: number } = {}): void {
    this.say({ t: "load", running, nextAt: times.nextAt ?? null, listenAt: times.listenAt ?? null });
  }

  finish(): void {
    this.say({ t: "snapshot", version: this.version, state: null, final: true });
  }

  submit(command: InternalCommand): void {
    this.say({ t: "submit", id: crypto.randomUUID(), command, cause: null, words: [] });
  }

  /** Answers what it was given last. */
  decide(...events: NewEvent[]): void {
    const { seq } = this.delivered.at(-1) as Extract<Down, { t: "deliver" }>;
    this.say({ t: "decided", seq, events });
  }
}

/** A cell without a process: it beats by itself while it lives. */
export class ScriptedCell implements CellLink {
  readonly pid: number;
  readonly hosts: string[];
  readonly workers = new Map<string, ScriptedWorker>();
  readonly told: CellDown[] = [];
  killed = false;
  /** What it is told is done when it has come up. */
  up = false;
  #events: CellEvents;
  #over = Promise.withResolvers<void>();
  #later: (() => void)[] = [];

  constructor({ number, hosts }: CellOptions, events: CellEvents) {
    this.pid = number;
    this.hosts = hosts;
    this.#events = events;
  }

  come(): void {
    this.up = true;
    this.#events.fromCell({ t: "cellReady", pid: this.pid });
    for (const act of this.#later.splice(0)) act();
  }

  beat(): void {
    if (this.up) this.#events.fromCell({ t: "beat", rssBytes: 1, workers: [] });
  }

  toWorker(address: string, frame: string): void {
    this.#do(() => this.workers.get(address)?.take(frame));
  }

  toCell(message: CellDown): void {
    this.told.push(message);
    const { address } = message;
    this.#do(() => {
      if (message.t === "stopWorker") return void this.workers.delete(address);
      const toMain = (frame: string) => this.#events.fromWorker(address, frame);
      this.workers.set(address, new ScriptedWorker(address, toMain));
    });
  }

  /** What is told is done in a turn of its own, as it is over a pipe. */
  #do(act: () => void): void {
    if (this.up) queueMicrotask(act);
    else this.#later.push(act);
  }

  /** Somebody outside, or an error in it, ends it; a kill does that as well. */
  end(reason = "exit 1"): void {
    this.up = false;
    this.workers.clear();
    this.#over.resolve();
    this.#events.ended(reason, false);
  }

  crash(worker: ScriptedWorker): void {
    this.workers.delete(worker.address);
    this.#events.fromCell({ t: "workerCrashed", address: worker.address, reason: "broken", stack: "" });
  }

  kill(): void {
    if (this.killed) return;
    this.killed = true;
    queueMicrotask(() => this.end("SIGKILL"));
  }

  close(): Promise<void> {
    queueMicrotask(() => this.end("exit 0"));
    return this.#over.promise;
  }
}

export interface Rig {
  supervisor: Supervisor;
  clock: HandClock;
  log: EventLog;
  cells: ScriptedCell[];
  reports: string[];
  happened: SupervisionEvent[];
  /** What the database would say. */
  due: Set<string>;
  toListen: Set<string>;
  parked: Map<string, { at: string; by: string; reason: string }>;
  /** The live worker of a persona. */
  worker(personaId: string): ScriptedWorker | undefined;
  cellOf(personaId: string): ScriptedCell | undefined;
  /** A command of somebody; `answers` collects what was answered. */
  send(personaId: string, command?: PersonaCommand): { answers: CommandAnswer[] };
  /** A command that is decided at once: its persona runs after that. */
  runs(personaId: string): Promise<ScriptedWorker>;
}

export interface RigOptions extends Partial<Omit<SupervisorOptions, "reads" | "provisioning">> {
  reads?: Partial<Reads>;
  provisioning?: Partial<Provisioning>;
  /** Cells come up by themselves. @default true */
  come?: boolean;
}

export const fact = (type = "PersonaPaused"): NewEvent => ({ type, schema: 1, data: {} });

export async function rig({ reads, provisioning, come = true, ...options }: RigOptions = {}): Promise<Rig> {
  const clock = new HandClock();
  const log = options.log ?? openMemoryLog({ clock });
  const cells: ScriptedCell[] = [];
  const reports: string[] = [];
  const happened: SupervisionEvent[] = [];
  const due = new Set<string>();
  const toListen = new Set<string>();
  const parked: Rig["parked"] = new Map();
  log.subscribe((events) => {
    for (const { type, stream, at, by, data } of events) {
      if (type === "ActorParked") parked.set(stream, { at, by, reason: String(data.reason) });
      if (type === "ActorUnparked") parked.delete(stream);
    }
  });
  const supervisor = await Supervisor.open({
    log,
    provisioning: bareProvisioning(provisioning),
    openCell: (given, events) => {
      const cell = new ScriptedCell(given, events);
      cells.push(cell);
      if (come) queueMicrotask(() => cell.come());
      return cell;
    },
    clock,
    random: { number: () => 0.5, uuid: () => crypto.randomUUID() },
    actor: bareSettings(),
    mailbox: { maxLetters: 10, maxCharacters: 10_000 },
    maxLive: 4,
    actorsPerCell: 8,
    maxHeapBytes: 2 ** 28,
    maxRssBytes: 2 ** 30,
    silentMs: 10_000,
    idleMs: 600_000,
    listenMs: 900_000,
    crash: null,
    report: (text) => void reports.push(text),
    ...options,
    reads: bareReads({
      personasDue: (_now, without) => Promise.resolve([...due].filter((id) => !without.includes(id))),
      personasToListen: (_now, limit) => Promise.resolve([...toListen].slice(0, limit)),
      listenAt: (personaId) => Promise.resolve(void toListen.delete(personaId)),
      parked: (personaId) => Promise.resolve(parked.get(personaId) ?? null),
      ...reads,
    }),
  });
  supervisor.onSupervision((event) => void happened.push(event));
  const beat = () => {
    for (const cell of cells) cell.beat();
    clock.after(BEAT_MS / 2, beat);
  };
  beat();
  const cellOf = (personaId: string) =>
    cells.findLast((cell) => [...cell.workers.values()].some((one) => one.personaId === personaId));
  const worker = (personaId: string) =>
    [...cellOf(personaId)?.workers.values() ?? []].findLast((one) => one.personaId === personaId);
  const send = (personaId: string, command: PersonaCommand = { type: "resume" }) => {
    const answers: CommandAnswer[] = [];
    const sender = { by: "user:test", id: crypto.randomUUID(), mayBeRepeated: false };
    void supervisor.send(personaId, command, sender).then((answer) => answers.push(answer));
    return { answers };
  };
  return {
    supervisor,
    clock,
    log,
    cells,
    reports,
    happened,
    due,
    toListen,
    parked,
    worker,
    cellOf,
    send,
    async runs(personaId) {
      const { answers } = send(personaId);
      await settled();
      worker(personaId)?.decide();
      await settled();
      strictEqual(answers[0]?.kind, "committed", reports.join("\n"));
      return worker(personaId) as ScriptedWorker;
    },
  };
}

export const typesOf = (worker: ScriptedWorker | undefined): Command["type"][] =>
  (worker?.delivered ?? []).map(({ command }) => command.type);
