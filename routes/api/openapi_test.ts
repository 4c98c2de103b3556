import { deepEqual, equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { sampleRuntime } from "../../tests/sample_runtime.ts";
import { asGif, quarters } from "../../media/testing.ts";
import { ADMIN_TOKEN } from "../access/test_site.ts";
import { recordedRoutes, unguardedRoutes } from "../route.ts";
import { apiRoutes } from "./api.ts";
import { type Answer, testApi } from "./test_api.ts";
import { putAside } from "../../tests/dead_letters.ts";

const LINTER = "npm:@redocly/cli@2.77.0";

testApi("the document passes a third-party linter", async (api) => {
  const { body } = await api.call("GET", "/openapi.json");
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/openapi.json`;
    await Deno.writeTextFile(file, JSON.stringify(body, null, 2));
    const rules = fileURLToPath(new URL("redocly.yaml", import.meta.url));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", LINTER, "lint", file, `--config=${rules}`, "--format=codeframe"],
      cwd: folder,
      env: { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (!success && /error sending request|Could not find npm package|npm package info/i.test(said)) {
      if (Deno.env.get("CI") === "true") throw new Error(`the linter could not be fetched: ${said}`);
      return console.log(`skipped, to run it: make the npm registry reachable for ${LINTER}`);
    }
    ok(success, said);
    equal(/\bwarnings?\b/i.test(said.replace(/\b0 warnings?\b/gi, "")), false, said);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testApi("the document holds every route of the API, and every route is guarded", async (api) => {
  const { body } = await api.call("GET", "/openapi.json");
  const app = apiRoutes(api.program, { freeBytes: () => Promise.resolve(1e12), report: () => {} });
  deepEqual(unguardedRoutes(app), []);
  const documented = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`)
  );
  for (const { method, path } of recordedRoutes(app)) {
    ok(documented.includes(`${method} ${path.replace(/:(\w+)/g, "{$1}")}`), `${method} ${path}`);
  }
  const elsewhere = recordedRoutes(api.site.app).filter(({ path }) => path.startsWith("/api/"));
  ok(elsewhere.length > 0);
  for (const { method, path } of elsewhere) {
    ok(documented.includes(`${method} ${path.replace(/:(\w+)/g, "{$1}")}`), `${method} ${path}`);
  }
  for (const path of ["/healthz", "/readyz", "/metrics"]) ok(documented.includes(`GET ${path}`), path);
  equal(body.openapi, "3.1.0");
  equal((await api.call("GET", "/openapi.json", undefined, { authorization: "" })).status, 401);
});

testApi("real answers fit the document", async (api) => {
  const { body: document } = await api.call("GET", "/openapi.json");
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.json");
  const checked = new Set<string>();

  async function fits(method: string, template: string, body?: unknown, with_: Record<string, string> = {}) {
    const [path, query = ""] = template.split("?");
    const filled = (path ?? "").replace(/\{(\w+)\}/g, (_, name) => with_[name] ?? "");
    const headers = Object.fromEntries(Object.entries(with_).filter(([name]) => name.includes("-")));
    const answer = await api.call(method, filled + (query && `?${query}`), body, headers);
    fitsSchema(answer, method, path ?? "");
    return answer;
  }

  function fitsSchema(answer: Answer, method: string, path: string): void {
    const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
    const operation = document.paths[path]?.[method.toLowerCase()];
    ok(operation, `${method} ${path} is not documented`);
    const described = operation.responses[answer.status];
    ok(described, `${method} ${path} answers ${answer.status}, which is not documented`);
    if (answer.status === 204) return;
    ok(described.content[type], `${method} ${path} answers ${type}, which is not documented`);
    const pointer = [
      "paths",
      path,
      method.toLowerCase(),
      "responses",
      String(answer.status),
      "content",
      type,
      "schema",
    ]
      .map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"))
      .map(encodeURIComponent).join("/");
    const validate = ajv.getSchema(`openapi.json#/${pointer}`);
    ok(validate, pointer);
    ok(validate(answer.body), `${method} ${path} ${answer.status}: ${JSON.stringify(validate.errors)}`);
    checked.add(`${method} ${path}`);
  }

  const personaId = await api.persona({ operatedBy: "Holt", knowledge: [{ key: "a", text: "b" }] });
  const { postId, contentHash } = await api.draft(personaId);
  await fits("POST", "/api/v1/personas/{personaId}/connections", {
    platform: "bluesky",
    identifier: "mira.example",
    password: "app-password",
  }, { personaId });
  await fits("POST", "/api/v1/personas/{personaId}/commands", { type: "approve", postId, contentHash }, {
    personaId,
  });
  await fits("POST", "/api/v1/commands", { type: "publish", postId }, { "X-Persona-ID": personaId });
  await putAside(api, personaId, { type: "resume" });
  const connections = await fits("GET", "/api/v1/personas/{personaId}/connections", undefined, { personaId });
  const connectionId = connections.body.items[0].id;
  await api.supervisor.hear(personaId, connectionId, "Hello!");
  const second = await api.draft(personaId, "Second.");
  await fits("POST", "/api/v1/personas/{personaId}/commands", {
    type: "schedule",
    postId: second.postId,
    at: "2027-01-02T09:00",
    zone: "Europe/Lisbon",
  }, { personaId });

  const card = {
    spec: "chara_card_v2",
    spec_version: "2.0",
    data: { name: "Vera Lind", description: "Botanist." },
  };
  const imported = await fits("POST", "/api/v1/personas/import", card);
  equal(imported.status, 201);
  equal((await fits("POST", "/api/v1/personas/import?preview=1", card)).status, 200);
  equal((await fits("POST", "/api/v1/personas/import", { nothing: 1 })).status, 422);

  const at = { personaId };
  const given = await api.site.send(`/api/v1/personas/${personaId}/media?platform=sandbox`, {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "image/gif" },
    body: asGif([quarters(4, 4)]),
  });
  const media = { status: given.status, headers: given.headers, body: await given.json() };
  equal(media.status, 201);
  fitsSchema(media, "POST", "/api/v1/personas/{personaId}/media");
  const { sha256 } = media.body;
  await fits("GET", "/api/v1/personas/{personaId}/media/{sha256}", undefined, { personaId, sha256 });
  const byHeader = { "X-Persona-ID": personaId };
  for (const name of ["posts", "interactions", "memories", "events", "connections", "dead-letters"]) {
    const own = await fits("GET", `/api/v1/personas/{personaId}/${name}`, undefined, at);
    ok(own.body.items.length > 0, name);
    await fits("GET", `/api/v1/${name}`, undefined, byHeader);
  }
  const events = await fits("GET", "/api/v1/events?limit=1");
  await fits("GET", "/api/v1/events/{event}", undefined, { event: events.body.items[0].id });
  await fits("GET", "/api/v1/posts/{postId}", undefined, { postId });
  await fits("GET", "/api/v1/personas/{personaId}/posts/{postId}", undefined, { personaId, postId });
  await fits("GET", "/api/v1/personas");
  await fits("POST", "/api/v1/personas", { name: "Otto Brandt" });
  await fits("POST", "/api/v1/personas", { name: "" });
  await fits("GET", "/api/v1/personas/{personaId}", undefined, at);
  await fits("GET", "/api/v1/personas/{personaId}", undefined, { personaId: "none" });
  await fits("PATCH", "/api/v1/personas/{personaId}", { name: "Mira H." }, at);
  await fits("GET", "/api/v1/personas/{personaId}/export", undefined, at);
  await fits("GET", "/api/v1/posting");
  await fits("POST", "/api/v1/posting/stop", { why: "Test." });
  await fits("POST", "/api/v1/posting/lift");
  await fits("POST", "/api/v1/stops", { scope: { kind: "persona", personaId }, why: "Test." });
  await fits("POST", "/api/v1/stops", { scope: { kind: "persona", personaId: "none" } });
  await fits("GET", "/api/v1/stops?limit=1");
  await fits("DELETE", "/api/v1/stops?kind=all");
  const ada = { platform: "bluesky", handle: "@ada.example" };
  equal((await fits("POST", "/api/v1/opt-outs", ada)).status, 201);
  equal((await fits("POST", "/api/v1/opt-outs", ada)).status, 200);
  await fits("GET", "/api/v1/opt-outs");
  await fits("DELETE", "/api/v1/opt-outs/{platform}/{accountId}", undefined, {
    platform: "bluesky",
    accountId: "%40ada.example",
  });
  await fits("POST", "/api/v1/people/erase", { ...ada, reason: "Asked for it." });
  await fits("POST", "/api/v1/connections", { platform: "sandbox" }, byHeader);
  await fits("DELETE", "/api/v1/personas/{personaId}/connections/{connectionId}", undefined, {
    personaId,
    connectionId,
  });
  await fits("DELETE", "/api/v1/personas/{personaId}", undefined, { personaId: imported.body.id });
  await fits("GET", "/openapi.json");
  api.supervisor.setRuntime(
    sampleRuntime([personaId, ...Array(9).keys().map(() => crypto.randomUUID())], Date.now()),
  );
  await fits("GET", "/api/v1/runtime");
  await fits("GET", "/api/v1/runtime/actors?limit=9");
  await fits("GET", "/api/v1/personas/{personaId}/runtime", undefined, at);
  await fits("POST", "/api/v1/personas/{personaId}/runtime", { what: "park", why: "Test." }, at);
  await fits("POST", "/api/v1/personas/{personaId}/runtime", { what: "wake" }, at);
  await fits("POST", "/api/v1/personas/{personaId}/runtime", { what: "park" }, at);
  const token = await fits("POST", "/api/v1/tokens", { name: "nightly", scopes: ["read"] });
  await fits("GET", "/api/v1/tokens");
  await fits("DELETE", "/api/v1/tokens/{tokenId}", undefined, { tokenId: token.body.id });
  await fits("POST", "/api/v1/account/password", { current: "x", password: "y" });
  await fits("GET", "/healthz");
  await fits("GET", "/readyz");
  await fits("GET", "/metrics");
  const missed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`)
  ).filter((name) => !checked.has(name));
  deepEqual(missed, [
    "DELETE /api/v1/personas/{personaId}/connections/{connectionId}",
    "DELETE /api/v1/opt-outs/{platform}/{accountId}",
    "DELETE /api/v1/tokens/{tokenId}",
  ], "204 has no body");
});
