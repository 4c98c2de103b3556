import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { ADMIN_TOKEN } from "../access/test_site.ts";
import { recordedRoutes } from "../route.ts";
import { apiRoutes } from "./api.ts";
import { MAX_BODY_BYTES, MAX_JSON_DEPTH, MAX_UPLOAD_BYTES } from "./limits.ts";
import { isProblemCode } from "./problems.ts";
import { commandSchemas } from "./schemas/command.ts";
import { type TestApi, testApi } from "./test_api.ts";

/** Sends past the network, so that nothing on the way mends what is sent. */
async function send(
  api: TestApi,
  method: string,
  path: string,
  body?: BodyInit,
  headers: [string, string][] = [],
) {
  const all = new Headers({ host: "127.0.0.1", authorization: `Bearer ${ADMIN_TOKEN}` });
  for (const [name, value] of headers) all.set(name, value);
  const init = { method, headers: all, ...(body === undefined || method === "GET" ? {} : { body }) };
  const answer = await api.site.app.request(`http://127.0.0.1${path}`, init);
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get("content-type"), text };
}

/** Whatever came: no fault of ours, and every error in the one shape. */
function isFair({ status, type, text }: Awaited<ReturnType<typeof send>>, what: string): void {
  ok(status < 500, `${what} → ${status} ${text}`);
  if (status < 400) return;
  equal(type, "application/problem+json", `${what} → ${status} ${type}`);
  const problem = JSON.parse(text);
  equal(problem.status, status);
  ok(isProblemCode(problem.code), problem.code);
  ok(problem.title && problem.detail && problem.type, text);
  ok(text.length < 30_000, "a problem does not echo what was sent");
}

const nastyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("\0", "a\0b", "\ud800", "x\udc00y", "\u202e", "__proto__", "1e999", "null", "' or 1=1 --"),
  fc.string({ maxLength: 40 }),
);
const nastyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }),
  fc.dictionary(nastyText, fc.oneof(nastyText, fc.double(), fc.array(nastyText, { maxLength: 3 })), {
    maxKeys: 5,
  }),
  fc.constantFrom(1e308, -0, Number.MAX_SAFE_INTEGER, [], {}, null, true, "", [[[[]]]]),
);

testApi("random bodies, paths, queries, headers and content types never make the API fail", async (api) => {
  const personaId = await api.persona();
  const { postId } = await api.draft(personaId);
  const app = apiRoutes(api.program, { freeBytes: () => Promise.resolve(1e12), report: () => {} });
  const routes = recordedRoutes(app).filter(({ path }) => path !== "/openapi.json");
  const types = Object.keys(commandSchemas);
  const id = fc.oneof(
    fc.constant(personaId),
    fc.constant(postId),
    nastyText.map((text) => encodeURIComponent(text.toWellFormed()) || "x"),
    fc.constantFrom(
      "%00",
      "%ff",
      "%E0%A4%A",
      "..",
      "%2e%2e",
      "x".repeat(5_000),
      "NaN",
      "9007199254740993",
      "-1",
    ),
  );
  const command = fc.tuple(fc.constantFrom(...types), nastyJson).map(([type, more]) => ({
    postId,
    contentHash: "x",
    ...(typeof more === "object" && more !== null && !Array.isArray(more)
      ? more
      : { text: more, reason: more }),
    type,
  }));
  const body = fc.oneof(
    nastyJson.map((value) => JSON.stringify(value)),
    command.map((value) => JSON.stringify(value)),
    nastyText,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
    fc.constantFrom(
      '{"name":"\\u0000"}',
      '{"name":"\\ud800"}',
      '{"name":1e999}',
      '{"__proto__":{"name":"x"},"name":"x"}',
      "[".repeat(100_000),
      '{"a":'.repeat(5_000),
    ),
  );
  const query = fc.array(
    fc.tuple(
      fc.constantFrom(
        "after",
        "before",
        "limit",
        "status",
        "order",
        "type",
        "format",
        "preview",
        "platform",
        "life",
      ),
      fc.oneof(
        nastyText,
        fc.constantFrom("0", "-1", "1e3", "99999999999999999999", "201", "eA", "cG9zdHM6OTk5"),
      ),
    ),
    { maxLength: 3 },
  ).map((pairs) =>
    pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join("&")
  );
  const headerValue = fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  });
  const headers = fc.array(
    fc.oneof(
      fc.tuple(
        fc.constantFrom("X-Persona-ID", "Idempotency-Key"),
        fc.oneof(headerValue, fc.constant(personaId)),
      ),
      fc.tuple(
        fc.constant("content-type"),
        fc.constantFrom(
          "application/json",
          "text/plain",
          "image/png",
          "application/octet-stream",
          "multipart/form-data",
          ";",
        ),
      ),
      fc.tuple(fc.constant("content-length"), fc.constantFrom("-1", "abc", "99999999999")),
    ),
    { maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(id, { minLength: 2, maxLength: 2 }),
      body,
      query,
      headers,
      fc.boolean(),
      async ({ method, path }, ids, body, query, headers, isJson) => {
        const left = [...ids];
        const filled = path.replace(/:(\w+)/g, () => left.shift() ?? "x") + (query && `?${query}`);
        const type: [string, string][] = isJson ? [["content-type", "application/json"]] : [];
        isFair(
          await send(api, method, filled, body, [...headers, ...type]),
          `${method} ${filled.slice(0, 200)}`,
        );
      },
    ),
    { numRuns: 600 },
  );
});

testApi("text that no database can hold is refused with its field", async (api) => {
  for (
    const [body, field] of [
      ['{"name":"a\\u0000b"}', "name"],
      ['{"name":"x","knowledge":[{"key":"k","text":"\\ud800"}]}', "knowledge.0.text"],
      ['{"name":"x","tone":["ok","\\udc00"]}', "tone.1"],
      ['{"name":"x","a\\u0000":1}', "a\uFFFD"],
    ] as const
  ) {
    const answer = await api.call("POST", "/api/v1/personas", body);
    deepEqual([answer.status, answer.body.code, answer.body.errors[0].field], [
      400,
      "invalid_request",
      field,
    ]);
  }
});

testApi("every field that is wrong is named, with the reason", async (api) => {
  const { status, body } = await api.call("POST", "/api/v1/personas", {
    name: "  ",
    zone: "Moon/Base",
    language: "x",
    kind: "robot",
    tone: ["", "x".repeat(201)],
    colour: "red",
    knowledge: [{ key: "k" }],
  });
  equal(status, 400);
  deepEqual(body.errors.map((one: { field: string }) => one.field).sort(), [
    "colour",
    "kind",
    "knowledge.0.text",
    "language",
    "name",
    "tone.0",
    "tone.1",
    "zone",
  ]);
  equal(body.field, body.errors[0].field);
  for (const zone of ["+01:00", "Mars", "Europe/Lisbon; drop", ""]) {
    equal((await api.call("POST", "/api/v1/personas", { name: "x", zone })).status, 400, zone);
  }
});

testApi("bodies that are too large, too deep, of another type or no JSON are told apart", async (api) => {
  const path = "/api/v1/personas";
  const large = await api.call("POST", path, JSON.stringify({ name: "x".repeat(MAX_BODY_BYTES) }));
  deepEqual([large.status, large.body.code], [413, "too_large"]);
  const deep = await api.call("POST", path, "[".repeat(MAX_JSON_DEPTH + 1));
  deepEqual([deep.status, deep.body.code], [400, "malformed_json"]);
  const broken = await api.call("POST", path, '{"name":');
  deepEqual([broken.status, broken.body.code], [400, "malformed_json"]);
  const type = await api.call("POST", path, "{}", { "content-type": "text/plain" });
  deepEqual([type.status, type.body.code, type.body.field], [415, "unsupported_media_type", "Content-Type"]);
  const empty = await api.call("POST", path, undefined, { "content-type": "application/json" });
  deepEqual([empty.status, empty.body.code], [400, "malformed_json"]);
  const identity = await api.call("POST", path, {
    name: "x",
    knowledge: Array.from({ length: 30 }, () => ({ key: "k", text: "x".repeat(8_000) })),
  });
  deepEqual([identity.status, identity.body.field], [400, "body"]);

  // A length that is not announced is bounded too.
  let chunks = 0;
  const unannounced = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (chunks++ < 40) controller.enqueue(new Uint8Array(65_536).fill(0x20));
      else controller.close();
    },
  });
  const streamed = await api.site.send(path, {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: unannounced,
  });
  equal(streamed.status, 413);
  await streamed.body?.cancel();
  const upload = await api.call("POST", `${path}/import`, "x".repeat(MAX_UPLOAD_BYTES + 1));
  equal(upload.status, 413);
});

testApi("a path that is there answers 405 to other methods, and says which it takes", async (api) => {
  const put = await api.call("PUT", "/api/v1/personas", {});
  deepEqual([put.status, put.body.code, put.headers.get("allow")], [
    405,
    "method_not_allowed",
    "GET, HEAD, POST",
  ]);
});
