/** What Prometheus reads. The names and labels are a contract: `docs/metrics.md` lists them, a test compares. */
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CommandAnswer, SupervisorPort } from "../../actors/supervisor/supervisor_port.ts";
import { STOP_KINDS } from "../../actors/supervisor/stop_scope.ts";
import type { EventLog } from "../../db/log/log.ts";
import { addSupervisionMetrics } from "./supervision_metrics.ts";

export interface MetricsOptions {
  log: Pick<EventLog, "head" | "epoch" | "subscribe">;
  supervisor: SupervisorPort;
  /** Sockets that are open now. @default none */
  openSockets?: () => number;
  version: string;
}

export interface Metrics {
  /** Counts requests; stands before everything else. */
  middleware: MiddlewareHandler;
  /** The supervisor with its answers counted: what routes are to be given. */
  supervisor: SupervisorPort;
  /** In Prometheus's text format. */
  render(): Promise<string>;
  contentType: string;
  /** Stops listening to the log and the supervisor. */
  close(): void;
}

const OUTCOMES: readonly CommandAnswer["kind"][] = [
  "committed",
  "refused",
  "id_reused",
  "overloaded",
  "unavailable",
];
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(options: MetricsOptions): Metrics {
  const { log, supervisor, openSockets = () => 0, version } = options;
  const registry = new Registry();
  const registers = [registry];

  const requests = new Counter({
    name: "digi_persona_http_requests_total",
    help: "HTTP requests that were answered.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "digi_persona_http_request_duration_seconds",
    help: "From the request to the head of its answer.",
    labelNames: ["method", "route"],
    buckets: BUCKETS,
    registers,
  });
  const events = new Counter({
    name: "digi_persona_events_appended_total",
    help: "Events committed since the start.",
    labelNames: ["type"],
    registers,
  });
  const commands = new Counter({
    name: "digi_persona_commands_total",
    help: "Commands from people and programs, by what became of them.",
    labelNames: ["outcome"],
    registers,
  });
  const durationOfCommands = new Histogram({
    name: "digi_persona_command_duration_seconds",
    help: "From a command to its answer.",
    buckets: BUCKETS,
    registers,
  });
  for (const outcome of OUTCOMES) commands.inc({ outcome }, 0);

  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("digi_persona_log_position", "Position of the last event.", () => log.head);
  gauge("digi_persona_log_epoch", "How often a writer has taken over the log.", () => log.epoch);
  gauge("digi_persona_open_sockets", "Live connections of consoles and programs.", openSockets);
  gauge(
    "digi_persona_posting_stopped",
    "1 while all posting is stopped.",
    () => supervisor.stops().some(({ scope }) => scope.kind === "all") ? 1 : 0,
  );
  new Gauge({
    name: "digi_persona_open_stops",
    help: "Open stops by what they cover.",
    labelNames: ["kind"],
    registers,
    collect() {
      const stops = supervisor.stops();
      for (const kind of STOP_KINDS) {
        this.set(
          { kind },
          stops.filter(({ scope }) => scope.kind === kind).length,
        );
      }
    },
  });
  gauge(
    "digi_persona_process_resident_memory_bytes",
    "Resident memory of the main process.",
    () => Deno.memoryUsage().rss,
  );
  gauge(
    "digi_persona_process_heap_used_bytes",
    "JavaScript heap in use in the main process.",
    () => Deno.memoryUsage().heapUsed,
  );
  new Gauge({
    name: "digi_persona_build_info",
    help: "Always 1; the version is in the label.",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);

  const supervision = addSupervisionMetrics(registry, supervisor);
  const unsubscribe = log.subscribe((batch) => {
    for (const { type } of batch) events.inc({ type });
  });

  return {
    contentType: registry.contentType,
    render() {
      supervision.look();
      return registry.metrics();
    },
    close() {
      unsubscribe();
      supervision.close();
    },
    async middleware(c, next) {
      const method = METHODS.has(c.req.method) ? c.req.method : "other";
      const begun = performance.now();
      await next();
      // The route's pattern, never the address: the number of labels stays bounded.
      const route = matchedRoutes(c).find((one) => one.path !== "*" && !one.path.endsWith("/*"))?.path ??
        "none";
      durations.observe({ method, route }, (performance.now() - begun) / 1_000);
      requests.inc({ method, route, status: String(c.res.status) });
    },
    supervisor: {
      async send(personaId, command, sender) {
        const end = durationOfCommands.startTimer();
        const answer = await supervisor.send(personaId, command, sender);
        end();
        commands.inc({ outcome: answer.kind });
        return answer;
      },
      status: (personaId) => supervisor.status(personaId),
      statuses: () => supervisor.statuses(),
      stops: () => supervisor.stops(),
      runtime: () => supervisor.runtime(),
      control: (personaId, what, by, why) => supervisor.control(personaId, what, by, why),
      onSupervision: (listener) => supervisor.onSupervision(listener),
      stop: (scope, by, why) => supervisor.stop(scope, by, why),
      lift: (scope, by) => supervisor.lift(scope, by),
      onProgress: (listener) => supervisor.onProgress(listener),
      onStatus: (listener) => supervisor.onStatus(listener),
    },
  };
}
