import { withoutActor } from "../../actors/supervisor/supervisor_port.ts";
import { deepEqual, equal, ok } from "node:assert/strict";
import { Hono } from "hono";
import { openDatabase } from "../../db/database.ts";
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
