/** What Prometheus reads about actors and cells: their state when it asks, and what supervision did since the start. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type {
  CellEnd,
  CellStatus,
  RuntimeStatus,
  SupervisionEvent,
  SupervisorPort,
} from "../../actors/supervisor/supervisor_port.ts";
import { countStates } from "../runtime.ts";

type WhyHibernated = Extract<SupervisionEvent, { kind: "hibernated" }>["why"];

const CELL_STATES = all<CellStatus["state"]>({ starting: 0, ready: 0, ending: 0 });
const CELL_ENDS = all<CellEnd>({
  cell_silent: 0,
  worker_silent: 0,
  flood: 0,
  memory: 0,
  out_of_memory: 0,
  deadline: 0,
  protocol: 0,
  asked: 0,
  ended: 0,
});
const HIBERNATIONS = all<WhyHibernated>({ idle: 0, room: 0, asked: 0 });
/** Seconds; 150 ms is what an activation is to stay below. */
const ACTIVATION_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Every member of a union: one that is forgotten does not compile. */
function all<Name extends string>(names: Record<Name, 0>): Name[] {
  return Object.keys(names) as Name[];
}

export interface SupervisionMetrics {
  /** Called before the registry is read: what follows shows one and the same look. */
  look(): void;
  close(): void;
}

/** No label is unbounded: none holds an id or a text. */
export function addSupervisionMetrics(registry: Registry, supervisor: SupervisorPort): SupervisionMetrics {
  let looked: RuntimeStatus = supervisor.runtime();
  addGauges(registry, () => looked);
  const stops = [addCounters(registry, supervisor), countRestarts(registry, supervisor)];
  return {
    look() {
      looked = supervisor.runtime();
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

function addGauges(registry: Registry, runtime: () => RuntimeStatus): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (runtime: RuntimeStatus) => number) =>
    new Gauge({
      name: `digi_persona_${name}`,
      help,
      registers,
      collect() {
        this.set(value(runtime()));
      },
    });
  const byState = (name: string, help: string, count: (runtime: RuntimeStatus) => Record<string, number>) =>
    new Gauge({
      name: `digi_persona_${name}`,
      help,
      labelNames: ["state"],
      registers,
      collect() {
        for (const [state, value] of Object.entries(count(runtime()))) this.set({ state }, value);
      },
    });
  const sum = (values: (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const most = (values: (number | null)[]) => values.reduce<number>((max, one) => Math.max(max, one ?? 0), 0);
  const rss = ({ cells }: RuntimeStatus) => cells.map(({ rssBytes }) => rssBytes);
  const heaps = ({ actors }: RuntimeStatus) => actors.map(({ heapBytes }) => heapBytes);
  const depths = ({ actors }: RuntimeStatus) => actors.map(({ mailboxDepth }) => mailboxDepth);

  byState("actors", "Actors by state.", ({ actors }) => countStates(actors));
  gauge("live_actors", "Actors that hold a place.", ({ live }) => live);
  gauge("live_actors_limit", "Actors that may hold a place at once.", ({ maxLive }) => maxLive);
  new Gauge({
    name: "digi_persona_parked_actors",
    help: "Actors that are parked, by who parked them.",
    labelNames: ["by"],
    registers,
    collect() {
      const parked = runtime().actors.filter(({ state }) => state === "parked");
      const bySystem = parked.filter((actor) => (actor.parked?.by ?? "system") === "system").length;
      this.set({ by: "system" }, bySystem);
      this.set({ by: "person" }, parked.length - bySystem);
    },
  });
  byState("cells", "Cells by state.", ({ cells }) =>
    Object.fromEntries(
      CELL_STATES.map((state) => [state, cells.filter((cell) => cell.state === state).length]),
    ));
  gauge("cells_resident_memory_bytes", "Resident memory of all cells together.", (now) => sum(rss(now)));
  gauge("cell_resident_memory_max_bytes", "Resident memory of the largest cell.", (now) => most(rss(now)));
  gauge(
    "cell_silence_max_seconds",
    "Since the cell was heard that has been silent longest.",
    ({ cells }) => most(cells.map(({ silentMs }) => silentMs)) / 1_000,
  );
  gauge("actor_heap_max_bytes", "Heap in use in the largest actor.", (now) => most(heaps(now)));
  gauge("mailbox_commands", "Commands that wait in mailboxes.", (now) => sum(depths(now)));
  gauge("mailbox_commands_max", "Commands that wait in the fullest mailbox.", (now) => most(depths(now)));
}

function addCounters(registry: Registry, supervisor: SupervisorPort): () => void {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `digi_persona_${name}`, help, labelNames, registers });
  const crashes = counter("crashes_total", "Actors that crashed.", ["cause", "charged"]);
  const ended = counter("cells_ended_total", "Cells that ended or were ended.", ["end", "guilty"]);
  const innocent = counter("innocent_restarts_total", "Actors started again because a neighbour failed.");
  const activations = new Histogram({
    name: "digi_persona_activation_duration_seconds",
    help: "From an actor's first need to its being ready.",
    buckets: ACTIVATION_BUCKETS,
    registers,
  });
  const hibernations = counter("hibernations_total", "Actors that were put to sleep.", ["why"]);
  const parkings = counter("parkings_total", "Actors that were parked.", ["by"]);
  const overloaded = counter("overloaded_total", "Commands refused because a mailbox was full.");
  const deadLetters = counter("dead_letters_total", "Commands put aside after two crashes.");
  const permits = counter("permits_total", "Answers to actors that asked whether they may send.", ["answer"]);

  // What has not happened yet is 0, not absent: else its first time would be no increase.
  for (const cause of [...CELL_ENDS, "error"]) {
    for (const charged of ["yes", "no"]) crashes.inc({ cause, charged }, 0);
  }
  for (const end of CELL_ENDS) {
    for (const guilty of ["known", "unknown"]) ended.inc({ end, guilty }, 0);
  }
  for (const why of HIBERNATIONS) hibernations.inc({ why }, 0);
  for (const by of ["system", "person"]) parkings.inc({ by }, 0);
  for (const answer of ["granted", "refused"]) permits.inc({ answer }, 0);

  return supervisor.onSupervision((event) => {
    switch (event.kind) {
      case "crash":
        return crashes.inc({ cause: event.cause, charged: event.charged ? "yes" : "no" });
      case "cell_ended":
        ended.inc({ end: event.end, guilty: event.guilty ? "known" : "unknown" });
        return innocent.inc(event.innocent);
      case "activated":
        return activations.observe(event.ms / 1_000);
      case "hibernated":
        return hibernations.inc({ why: event.why });
      case "parked":
        return parkings.inc({ by: event.by === "system" ? "system" : "person" });
      case "overloaded":
        return overloaded.inc();
      case "dead_lettered":
        return deadLetters.inc();
      case "permit":
        return permits.inc({ answer: event.granted ? "granted" : "refused" });
      default:
        return event satisfies never;
    }
  });
}

/** A restart is an actor that was restarting and comes up; one that is parked instead is none. */
function countRestarts(registry: Registry, supervisor: SupervisorPort): () => void {
  const restarts = new Counter({
    name: "digi_persona_restarts_total",
    help: "Actors that were started again after a crash, their own or a neighbour's.",
    registers: [registry],
  });
  /** Holds no more than there are actors that hold a place. */
  const restarting = new Set<string>();
  return supervisor.onStatus(({ personaId, state }) => {
    if (state === "restarting") return void restarting.add(personaId);
    if (state === "waiting") return;
    const was = restarting.delete(personaId);
    if (was && (state === "starting" || state === "running")) restarts.inc();
  });
}
