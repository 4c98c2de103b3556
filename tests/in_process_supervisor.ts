/**
 * Test equipment: a supervisor without cells and workers, over personas that are folded in this process. With `plays`, it
 * does what the effects of a persona would do, at once.
 */
import type { PersonaCommand } from "../actors/persona/commands.ts";
import { Listeners } from "../actors/supervisor/listeners.ts";
import { Stops } from "../actors/supervisor/stops.ts";
import type {
  ActorControl,
  ActorStatus,
  CellStatus,
  CommandAnswer,
  Progress,
  RuntimeStatus,
  Sender,
  SupervisionEvent,
  SupervisorPort,
} from "../actors/supervisor/supervisor_port.ts";
import { withoutActor } from "../actors/supervisor/supervisor_port.ts";
import type { EventLog, StoredEvent } from "../db/log/log.ts";
import { type InProcessPersonas, inProcessPersonas } from "./in_process_personas.ts";

export interface InProcessOptions {
  log: EventLog;
  /** ms since the epoch. @default the system's clock */
  now?: () => number;
  /** Write what is composed and publish what is approved, at once. @default false */
  plays?: boolean;
  /** What is written for a brief. @default the brief itself */
  write?: (brief: string) => string;
}

export interface InProcessSupervisor extends SupervisorPort, InProcessPersonas {
  /** Answers `answer` to every further `send`; null ends that. */
  answerWith(answer: CommandAnswer | null): void;
  /** Holds every further `send` until the returned function is called. */
  hold(): () => void;
  /** Tells listeners of a text that is being written. */
  progress(personaId: string, postId: string, text: string): void;
  /** What `status` says from now on; tells listeners. */
  setStatus(status: ActorStatus): void;
  /** What `runtime` says from now on; tells listeners of each actor. */
  setRuntime(runtime: Partial<Pick<RuntimeStatus, "cells" | "actors" | "maxLive">>): void;
  /** Tells listeners what supervision did. */
  supervise(event: SupervisionEvent): void;
  /** What `control` was asked, in order. */
  controlled: { personaId: string; what: ActorControl; by: string; why: string | undefined }[];
}

export function inProcessSupervisor(options: InProcessOptions): InProcessSupervisor {
  const { log, now = () => Date.now(), plays = false, write = (brief) => brief } = options;
  const personas = inProcessPersonas({ log, now });
  const statusOf = new Map<string, ActorStatus>();
  const progressed = new Listeners<Progress>(console.error);
  const statusChanged = new Listeners<ActorStatus>(console.error);
  const supervised = new Listeners<SupervisionEvent>(console.error);
  const controlled: InProcessSupervisor["controlled"] = [];
  let cells: CellStatus[] = [];
  let maxLive = 50;
  const stops = Stops.none({ log, now, changed: () => {}, report: console.error });
  let answer: CommandAnswer | null = null;
  let held: Promise<void> | null = null;

  function setStatus(status: ActorStatus): void {
    statusOf.set(status.personaId, status);
    statusChanged.tell(status);
  }

  async function play(events: StoredEvent[]): Promise<void> {
    for (const { type, stream, data } of events) {
      const postId = String(data.postId);
      if (type === "CompositionRequested") await personas.write(stream, postId, write(String(data.brief)));
      if (type === "PublishRequested") await personas.attempt(stream, postId);
    }
  }

  return {
    ...personas,
    async send(personaId: string, command: PersonaCommand, sender: Sender): Promise<CommandAnswer> {
      if (held !== null) await held;
      if (answer !== null) return answer;
      const done = await personas.give(personaId, command, sender);
      if (plays && done.kind === "committed" && !done.repeated) await play(done.events);
      return done;
    },
    status: (personaId) => statusOf.get(personaId) ?? withoutActor(personaId),
    statuses: () => [...statusOf.values()],
    stops: () => stops.list(),
    runtime: () => ({
      at: new Date(now()).toISOString(),
      cells,
      actors: [...statusOf.values()],
      live: [...statusOf.values()].filter(({ state }) => HOLD_A_PLACE.includes(state)).length,
      maxLive,
    }),
    control(personaId, what, by, why) {
      controlled.push({ personaId, what, by, why });
      const before = statusOf.get(personaId) ?? withoutActor(personaId);
      const reason = refusalOf(before.state, what);
      if (reason !== null) return Promise.resolve({ ok: false, reason });
      const at = new Date(now()).toISOString();
      const parked = what === "park" ? { at, by, reason: why ?? "" } : null;
      setStatus({ ...before, state: STATE_AFTER[what], cell: null, parked });
      return Promise.resolve({ ok: true });
    },
    onSupervision: (listener) => supervised.add(listener),
    controlled,
    supervise: (event) => supervised.tell(event),
    setRuntime(runtime) {
      cells = runtime.cells ?? cells;
      maxLive = runtime.maxLive ?? maxLive;
      for (const status of runtime.actors ?? []) setStatus(status);
    },
    stop: (scope, by, why) => stops.stop(scope, by, why),
    lift: (scope, by) => stops.lift(scope, by),
    onProgress: (listener) => progressed.add(listener),
    onStatus: (listener) => statusChanged.add(listener),
    answerWith(given) {
      answer = given;
    },
    hold() {
      let release = () => {};
      held = new Promise<void>((resolve) => release = resolve);
      return () => {
        held = null;
        release();
      };
    },
    progress: (personaId, postId, text) => progressed.tell({ personaId, postId, text }),
    setStatus,
  };
}

const HOLD_A_PLACE: readonly ActorStatus["state"][] = ["starting", "running", "restarting"];

const STATE_AFTER: Record<ActorControl, ActorStatus["state"]> = {
  restart: "starting",
  hibernate: "asleep",
  wake: "starting",
  park: "parked",
  unpark: "starting",
};

/** What the real one refuses as well. */
function refusalOf(state: ActorStatus["state"], what: ActorControl): string | null {
  if (what === "unpark") return state === "parked" ? null : "It is not parked.";
  if (state === "parked") return "It is parked: unpark it first.";
  const isUp = state === "running" || state === "starting";
  if ((what === "restart" || what === "hibernate") && !isUp) return `It does not run: it is ${state}.`;
  return null;
}
