import { deepEqual, equal, ok } from "node:assert/strict";
import { INTERNAL_COMMANDS } from "../../actors/persona/commands.ts";
import { testApi } from "./test_api.ts";

testApi("a persona is created, writes, is approved and publishes through the API", async ({ call }) => {
  const created = await call("POST", "/api/v1/personas", {
    name: "Mira Holt",
    tone: ["dry"],
    zone: "Europe/Lisbon",
  });
  equal(created.status, 201);
  const { id } = created.body;
  equal(created.headers.get("location"), `/api/v1/personas/${id}`);
  deepEqual([created.body.life, created.body.tone, created.body.zone], ["active", ["dry"], "Europe/Lisbon"]);

  const linked = await call("POST", `/api/v1/personas/${id}/connections`, { platform: "sandbox" });
  deepEqual([linked.status, linked.body.platform, linked.body.linked], [201, "sandbox", true]);

  const composed = await call("POST", `/api/v1/personas/${id}/commands`, {
    type: "compose",
    platform: "sandbox",
    brief: "Frost on the lens.",
  });
  equal(composed.status, 200);
  equal(composed.body.events[0].type, "CompositionRequested");
  deepEqual(Object.keys(composed.body.events[0]).sort(), [
    "at",
    "by",
    "cause",
    "correlation",
    "data",
    "id",
    "position",
    "schema",
    "stream",
    "type",
    "version",
  ]);

  const waiting = await call("GET", `/api/v1/personas/${id}/posts?status=pending_review`);
  const [post] = waiting.body.items;
  deepEqual([post.text, post.platform, post.status, post.url], [
    "Frost on the lens.",
    "sandbox",
    "pending_review",
    null,
  ]);
  equal((await call("GET", `/api/v1/personas/${id}`)).body.posts.waiting, 1);

  const command = { type: "approve", postId: post.id, contentHash: post.contentHash };
  const approved = await call("POST", `/api/v1/personas/${id}/commands`, command);
  equal(approved.status, 200);
  equal(
    (await call("POST", `/api/v1/personas/${id}/commands`, { type: "publish", postId: post.id })).status,
    200,
  );
  const published = (await call("GET", `/api/v1/posts/${post.id}`)).body;
  equal(published.status, "published");
  ok(published.url);
  const memories = await call("GET", `/api/v1/personas/${id}/memories`);
  deepEqual(memories.body.items.map((one: { text: string }) => one.text), ["Frost on the lens."]);
  deepEqual(Object.keys(approved.body).sort(), ["commandId", "events", "repeated"]);
});

testApi("a refusal has the status of its code, the field and the reason", async (api) => {
  const id = await api.persona();
  const { postId, contentHash } = await api.draft(id);
  const send = async (command: unknown) => {
    const { status, body, headers } = await api.call("POST", `/api/v1/personas/${id}/commands`, command);
    equal(headers.get("content-type"), "application/problem+json");
    equal(body.status, status);
    return [status, body.code, body.field];
  };
  deepEqual(await send({ type: "approve", postId, contentHash: "other" }), [
    409,
    "hash_mismatch",
    "contentHash",
  ]);
  deepEqual(await send({ type: "publish", postId }), [409, "wrong_status", undefined]);
  deepEqual(await send({ type: "submit", postId: "none" }), [404, "not_found", "postId"]);
  deepEqual(await send({ type: "schedule", postId, at: "2020-01-01T09:00", zone: "UTC" }), [
    422,
    "in_the_past",
    "at",
  ]);
  deepEqual(await send({ type: "schedule", postId, at: "soon", zone: "UTC" }), [422, "invalid", "at"]);
  deepEqual(await send({ type: "schedule", postId, at: "2030-01-01T09:00", zone: "Moon/Base" }), [
    422,
    "invalid",
    "zone",
  ]);
  deepEqual(await send({ type: "compose", platform: "bluesky", brief: "x" }), [
    409,
    "no_connection",
    "platform",
  ]);
  const long = "x".repeat(501);
  equal(
    (await api.call("POST", `/api/v1/personas/${id}/commands`, { type: "revise", postId, text: long }))
      .status,
    200,
  );
  const post = (await api.call("GET", `/api/v1/posts/${postId}`)).body;
  deepEqual(await send({ type: "approve", postId, contentHash: post.contentHash }), [
    422,
    "blocked_by_policy",
    "length",
  ]);
  ok(contentHash !== post.contentHash);
});

testApi("internal commands, and those with routes of their own, are not taken as commands", async (api) => {
  const id = await api.persona();
  for (const type of [...INTERNAL_COMMANDS, "create", "edit", "delete", "link", "unlink", "x"]) {
    const { status, body } = await api.call("POST", `/api/v1/personas/${id}/commands`, { type });
    deepEqual([status, body.code, body.field], [400, "invalid_request", "type"], type);
  }
  const more = await api.call("POST", `/api/v1/personas/${id}/commands`, { type: "pause", by: "me" });
  deepEqual([more.status, more.body.field], [400, "by"]);
});

testApi("a persona is named by the path or by X-Persona-ID, and never by two", async (api) => {
  const one = await api.persona();
  const two = await api.persona({ name: "Otto Brandt" });
  await api.draft(one, "One.");
  await api.draft(two, "Two.");
  const texts = async (path: string, headers = {}) => {
    const { body } = await api.call("GET", path, undefined, headers);
    return body.items.map((post: { text: string }) => post.text);
  };
  deepEqual(await texts("/api/v1/posts"), ["Two.", "One."]);
  deepEqual(await texts("/api/v1/posts", { "X-Persona-ID": one }), ["One."]);
  deepEqual(await texts(`/api/v1/personas/${one}/posts`, { "X-Persona-ID": one }), ["One."]);

  const conflict = await api.call("GET", `/api/v1/personas/${one}/posts`, undefined, { "X-Persona-ID": two });
  deepEqual([conflict.status, conflict.body.code], [400, "persona_conflict"]);
  const missing = await api.call("POST", "/api/v1/commands", { type: "pause" });
  deepEqual([missing.status, missing.body.code, missing.body.field], [
    400,
    "persona_missing",
    "X-Persona-ID",
  ]);
  const paused = await api.call("POST", "/api/v1/commands", { type: "pause" }, { "X-Persona-ID": two });
  equal(paused.status, 200);
  equal((await api.call("GET", `/api/v1/personas/${two}`)).body.life, "paused");
});

testApi("the same Idempotency-Key is answered as before, and refused for anything else", async (api) => {
  const id = await api.persona();
  const path = `/api/v1/personas/${id}/commands`;
  const compose = { type: "compose", platform: "sandbox", brief: "Once." };
  const key = { "Idempotency-Key": "nightly/2026-11-22#1" };
  const first = await api.call("POST", path, compose, key);
  const again = await api.call("POST", path, compose, key);
  equal(first.body.commandId, key["Idempotency-Key"]);
  deepEqual(again.body, { ...first.body, repeated: true });
  equal((await api.call("GET", `/api/v1/personas/${id}/posts`)).body.items.length, 1);

  const other = await api.call("POST", path, { ...compose, brief: "Twice." }, key);
  deepEqual([other.status, other.body.code], [422, "id_reused"]);

  const refusal = { type: "publish", postId: first.body.events[0].data.postId };
  const refused = [await api.call("POST", path, refusal, { "Idempotency-Key": "k2" })];
  refused.push(await api.call("POST", path, refusal, { "Idempotency-Key": "k2" }));
  deepEqual(refused.map(({ status, body }) => [status, body.code]), [[409, "wrong_status"], [
    409,
    "wrong_status",
  ]]);

  for (const bad of ["", " ", "x".repeat(129), "ä"]) {
    const { status, body } = await api.call("POST", path, { type: "pause" }, { "Idempotency-Key": bad });
    deepEqual([status, body.field], [400, "Idempotency-Key"]);
  }
});

testApi("two creations with one Idempotency-Key make one persona", async (api) => {
  const key = { "Idempotency-Key": crypto.randomUUID() };
  const body = { name: "Mira Holt" };
  const answers = await Promise.all([1, 2, 3].map(() => api.call("POST", "/api/v1/personas", body, key)));
  deepEqual(answers.map((answer) => answer.status), [201, 201, 201]);
  equal(new Set(answers.map((answer) => answer.body.id)).size, 1);
  equal((await api.call("GET", "/api/v1/personas")).body.items.length, 1);
  equal((await api.call("POST", "/api/v1/personas", { name: "Other" }, key)).status, 422);
  const other = await api.token("read", "write");
  equal((await api.call("POST", "/api/v1/personas", body, { ...key, ...other })).status, 201);
  equal((await api.call("GET", "/api/v1/personas")).body.items.length, 2);
});

testApi("an approval needs its own scope, and more on a real account", async (api) => {
  const id = await api.persona({ operatedBy: "Holt Radio Workshop" });
  const path = `/api/v1/personas/${id}/commands`;
  const { postId, contentHash } = await api.draft(id);
  const approve = { type: "approve", postId, contentHash };
  const write = await api.token("read", "write");
  const approver = await api.token("approve");
  equal((await api.call("POST", path, approve, write)).status, 403);
  equal((await api.call("POST", path, { type: "pause" }, approver)).status, 403);
  equal((await api.call("POST", path, approve, await api.token("read"))).status, 403);
  equal((await api.call("POST", path, approve, approver)).status, 200);

  await api.call("POST", `/api/v1/personas/${id}/connections`, {
    platform: "bluesky",
    identifier: "mira.example",
    password: "app-password",
  });
  const composed = await api.call(
    "POST",
    path,
    { type: "compose", platform: "bluesky", brief: "Real." },
    write,
  );
  const real = composed.body.events[0].data.postId;
  await api.supervisor.internal(id, {
    type: "prepared",
    postId: real,
    revision: 1,
    parts: [{ text: "Real.", facets: [] }],
  });
  const post = (await api.call("GET", `/api/v1/posts/${real}`)).body;
  const approveReal = { type: "approve", postId: real, contentHash: post.contentHash };
  equal((await api.call("POST", path, approveReal)).status, 403, "ADMIN_TOKEN approves on the sandbox only");
  equal((await api.call("POST", path, approveReal, approver)).status, 403);
  const approverOfReal = await api.token("approve", "approve:real");
  equal((await api.call("POST", path, approveReal, approverOfReal)).status, 200);

  await api.supervisor.internal(id, { type: "publish", postId: real });
  const uncertain = await api.supervisor.attempt(id, real, { kind: "uncertain", reason: "no answer" });
  equal(uncertain.kind, "committed");
  // It would be sent again.
  const again = { type: "resolve", postId: real, outcome: "did_not" };
  equal((await api.call("POST", path, again, write)).status, 403);
  equal((await api.call("POST", path, again)).status, 403, "ADMIN_TOKEN approves on the sandbox only");
  equal((await api.call("POST", path, again, approver)).status, 403);
  equal((await api.call("POST", path, again, approverOfReal)).status, 200);
});

testApi("a full queue, a program that stops and a full disk are told apart", async (api) => {
  const id = await api.persona();
  const { postId } = await api.draft(id);
  const out = await api.draft(id, "It is out.");
  const path = `/api/v1/personas/${id}/commands`;
  const compose = { type: "compose", platform: "sandbox", brief: "x" };
  const approve = { type: "approve", ...out, then: { kind: "publish" } };
  equal((await api.call("POST", path, approve)).status, 200);

  api.supervisor.answerWith({ kind: "overloaded", depth: 1_000, retryAfterMs: 1_500 });
  const overloaded = await api.call("POST", path, compose);
  deepEqual([overloaded.status, overloaded.body.code, overloaded.headers.get("retry-after")], [
    429,
    "overloaded",
    "2",
  ]);
  api.supervisor.answerWith({ kind: "unavailable", reason: "The program is stopping." });
  const unavailable = await api.call("POST", path, compose);
  deepEqual([unavailable.status, unavailable.body.code], [503, "unavailable"]);
  api.supervisor.answerWith(null);

  api.disk.free = 10;
  const full = await api.call("POST", path, compose);
  deepEqual([full.status, full.body.code], [507, "disk_full"]);
  equal((await api.call("POST", "/api/v1/personas", { name: "x" })).status, 507);
  equal((await api.call("POST", path, { type: "withdraw", postId })).status, 200);
  equal((await api.call("POST", path, { type: "delete_post", postId: out.postId })).status, 200);
  equal((await api.call("POST", "/api/v1/posting/stop", {})).status, 200);
});

testApi("a caller has at most 100 commands waiting, and can still make a persona stop", async (api) => {
  const id = await api.persona();
  const path = `/api/v1/personas/${id}/commands`;
  const release = api.supervisor.hold();
  const mine = Array.from({ length: 101 }, () => api.call("POST", path, { type: "resume" }));
  const first = await Promise.race(mine);
  deepEqual([first.status, first.body.code, first.headers.get("retry-after")], [429, "overloaded", "1"]);
  const stop = api.call("POST", path, { type: "pause" });
  const others = api.call("POST", path, { type: "retire" }, await api.token("write"));
  release();
  equal((await stop).status, 200);
  equal((await others).status, 200);
  equal((await Promise.all(mine)).filter((answer) => answer.status === 429).length, 1);
});

testApi(
  "a persona that is not there is asked nothing, and a deletion repeated with its key is answered as before",
  async (api) => {
    const nobody = crypto.randomUUID();
    const { status, body } = await api.call("POST", `/api/v1/personas/${nobody}/commands`, { type: "pause" });
    deepEqual([status, body.code], [404, "not_found"]);
    const rows = await api.program.sql.query("select 1 from command where stream = $1", [nobody]);
    equal(rows.length, 0);

    const id = await api.persona();
    const key = { "Idempotency-Key": "delete-1" };
    const deleted = await api.call("DELETE", `/api/v1/personas/${id}`, undefined, key);
    const again = await api.call("DELETE", `/api/v1/personas/${id}`, undefined, key);
    deepEqual([deleted.status, again.status, again.body.repeated], [200, 200, true]);
  },
);

testApi("who may not is told so before anything else is looked at", async (api) => {
  for (
    const path of [
      "/api/v1/commands",
      "/api/v1/personas/x/commands",
      "/api/v1/personas/%00/commands",
      "/api/v1/posts",
    ]
  ) {
    const method = path.endsWith("posts") ? "GET" : "POST";
    const body = method === "GET" ? undefined : "no json";
    equal((await api.call(method, path, body, { authorization: "" })).status, 401, path);
    equal((await api.call(method, path, body, await api.token("metrics"))).status, 403, path);
  }
});
