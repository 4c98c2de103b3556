import {
  type ActorStatus,
  type SupervisionEvent,
  withoutActor,
} from "../../actors/supervisor/supervisor_port.ts";
import { deepEqual, equal, ok } from "node:assert/strict";
import { Hono } from "hono";
import { openDatabase } from "../../db/database.ts";
import { sampleRuntime } from "../../tests/sample_runtime.ts";
import { testApi } from "../api/test_api.ts";
import { opsRoutes } from "./ops.ts";

testApi("health and readiness are open, and say no more than their status", async (api) => {
  for (const path of ["/healthz", "/readyz"]) {
    const answer = await api.call("GET", path, undefined, { authorization: "" });
    deepEqual([answer.status, Object.keys(answer.body)], [200, ["status"]]);
  }
  const { metrics, program, site } = api;
  const behindAccess = (ops: Hono) => new Hono().use(...site.access.middleware).route("/", ops);
  const sql = await openDatabase({ config: api.database.config });
  const app = behindAccess(opsRoutes({ program: { ...program, sql }, metrics }));
  equal((await app.request("/readyz")).status, 200);
  await sql.close();
  const away = await app.request("/readyz");
  deepEqual([away.status, await away.json()], [503, { status: "not ready" }]);
  equal((await app.request("/healthz")).status, 200);
  const stopping = behindAccess(opsRoutes({ program, metrics, accepting: () => false }));
  equal((await stopping.request("/readyz")).status, 503);
});

testApi("metrics count requests, events and commands, for those who may read them", async (api) => {
  const id = await api.persona();
  await api.call("POST", `/api/v1/personas/${id}/commands`, { type: "resume" });
  api.supervisor.setStatus({
    ...withoutActor(id),
    state: "parked",
    mailboxDepth: 3,
    restarts: 6,
  });
  equal((await api.call("GET", "/metrics", undefined, { authorization: "" })).status, 401);
  equal((await api.call("GET", "/metrics", undefined, await api.token("read"))).status, 403);
  const { status, body, headers } = await api.call("GET", "/metrics", undefined, await api.token("metrics"));
  equal(status, 200);
  ok(headers.get("content-type")?.startsWith("text/plain"));
  for (
    const line of [
      'digi_persona_http_requests_total{method="POST",route="/api/v1/personas/:personaId/commands",status="409"} 1',
      'digi_persona_events_appended_total{type="PersonaCreated"} 1',
      'digi_persona_commands_total{outcome="refused"} 1',
      'digi_persona_actors{state="parked"} 1',
      "digi_persona_mailbox_commands 3",
      "digi_persona_log_position 2",
      "digi_persona_open_sockets 0",
    ]
  ) ok(body.includes(`${line}\n`), line);
  equal(body.includes(id), false, "no label names a persona");
});

testApi("metrics of supervision: what runs now, and what happened, each counted once", async (api) => {
  const ids = Array.from({ length: 10 }, () => crypto.randomUUID());
  const [first = ""] = ids;
  api.supervisor.setRuntime(sampleRuntime(ids, Date.now()));
  const events: SupervisionEvent[] = [
    { kind: "crash", personaId: first, charged: true, cause: "error" },
    { kind: "crash", personaId: first, charged: false, cause: "out_of_memory" },
    { kind: "cell_ended", end: "out_of_memory", guilty: true, innocent: 7 },
    { kind: "cell_ended", end: "cell_silent", guilty: false, innocent: 2 },
    { kind: "activated", personaId: first, ms: 120 },
    { kind: "activated", personaId: first, ms: 4_000 },
    { kind: "hibernated", personaId: first, why: "room" },
    { kind: "parked", personaId: first, by: "system" },
    { kind: "parked", personaId: first, by: "user:u1" },
    { kind: "overloaded", personaId: first },
    { kind: "dead_lettered", personaId: first, type: "written" },
    { kind: "permit", personaId: first, granted: true },
    { kind: "permit", personaId: first, granted: false },
    { kind: "permit", personaId: first, granted: false },
  ];
  for (const event of events) api.supervisor.supervise(event);
  const goes = (...states: ActorStatus["state"][]) => {
    for (const state of states) api.supervisor.setStatus({ ...api.supervisor.status(first), state });
  };
  // Twice restarting is one restart; one that waits for room comes up later; one that is parked instead never does.
  goes("restarting", "restarting", "starting", "running", "restarting", "waiting", "starting", "running");
  goes("restarting", "parked", "starting", "running");
  const { body } = await api.call("GET", "/metrics");
  for (
    const line of [
      'digi_persona_actors{state="waiting"} 1',
      'digi_persona_actors{state="parked"} 2',
      "digi_persona_live_actors 6",
      "digi_persona_live_actors_limit 50",
      'digi_persona_parked_actors{by="system"} 1',
      'digi_persona_parked_actors{by="person"} 1',
      'digi_persona_cells{state="ready"} 2',
      'digi_persona_cells{state="starting"} 1',
      "digi_persona_cells_resident_memory_bytes 157000000",
      "digi_persona_cell_resident_memory_max_bytes 84000000",
      "digi_persona_cell_silence_max_seconds 4.2",
      "digi_persona_actor_heap_max_bytes 31000000",
      "digi_persona_mailbox_commands 231",
      "digi_persona_mailbox_commands_max 214",
      'digi_persona_crashes_total{cause="error",charged="yes"} 1',
      'digi_persona_crashes_total{cause="out_of_memory",charged="no"} 1',
      'digi_persona_crashes_total{cause="flood",charged="yes"} 0',
      'digi_persona_cells_ended_total{end="out_of_memory",guilty="known"} 1',
      'digi_persona_cells_ended_total{end="cell_silent",guilty="unknown"} 1',
      "digi_persona_innocent_restarts_total 9",
      'digi_persona_activation_duration_seconds_bucket{le="0.15"} 1',
      "digi_persona_activation_duration_seconds_count 2",
      'digi_persona_hibernations_total{why="room"} 1',
      'digi_persona_parkings_total{by="system"} 1',
      'digi_persona_parkings_total{by="person"} 1',
      "digi_persona_overloaded_total 1",
      "digi_persona_dead_letters_total 1",
      'digi_persona_permits_total{answer="granted"} 1',
      'digi_persona_permits_total{answer="refused"} 2',
      "digi_persona_restarts_total 2",
    ]
  ) ok(body.includes(`${line}\n`), line);
  for (const id of ids) equal(body.includes(id), false, "no label names a persona");
});

testApi("docs/metrics.md lists every metric with its labels, and no other", async (api) => {
  const id = await api.persona();
  await api.call("GET", `/api/v1/personas/${id}`);
  const { body } = await api.call("GET", "/metrics");
  const kinds = new Map<string, string>(
    [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1], match[2]]),
  );
  const labels = (name: string): string => {
    const lines = [...body.matchAll(new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, "gm"))];
    const names = lines.flatMap((line) => [...line[1].matchAll(/(\w+)="/g)].map((match) => match[1]));
    return [...new Set(names)].filter((label) => label !== "le").sort().join(", ");
  };
  const real = [...kinds].map(([name, kind]) => [name, kind, labels(name)].join(" | ")).sort();
  const text = await Deno.readTextFile(new URL("../../docs/metrics.md", import.meta.url));
  const listed = [...text.matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) *\|/gm)]
    .map(([, name, kind, labels]) => [name, kind, (labels ?? "").replaceAll("`", "")].join(" | ")).sort();
  deepEqual(listed, real);
});
