import { deepEqual, equal, ok } from "node:assert/strict";
import { testApi } from "./test_api.ts";

const card = {
  spec: "chara_card_v3",
  spec_version: "3.0",
  data: {
    name: "Vera Lind",
    description: "A botanist who talks to moss.",
    tags: ["moss"],
    system_prompt: "Be brief.",
    extensions: { provider: { apiKey: "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD" } },
  },
};

testApi("a file becomes a paused persona, and says what was left aside", async (api) => {
  const preview = await api.call("POST", "/api/v1/personas/import?preview=1", card);
  deepEqual([preview.status, preview.body.identity.name, preview.body.format], [200, "Vera Lind", "card_v3"]);
  equal((await api.call("GET", "/api/v1/personas")).body.items.length, 0, "a preview creates nothing");

  const { status, body } = await api.call("POST", "/api/v1/personas/import", card);
  deepEqual([status, body.name, body.life, body.origin, body.format, body.connections], [
    201,
    "Vera Lind",
    "paused",
    "import",
    "card_v3",
    [],
  ]);
  ok(body.strippedSecrets.length > 0 && body.redacted);
  const original = await api.call("GET", `/api/v1/personas/${body.id}/export?format=original`);
  const everything = JSON.stringify([
    preview.body,
    body,
    original.body,
    (await api.call("GET", "/api/v1/events")).body,
  ]);
  equal(everything.includes("sk-proj-abc"), false);
});

testApi("an import repeated with its Idempotency-Key makes one persona", async (api) => {
  const key = { "Idempotency-Key": "import-1" };
  const first = await api.call("POST", "/api/v1/personas/import", card, key);
  const again = await api.call("POST", "/api/v1/personas/import", card, key);
  deepEqual([first.status, again.status], [201, 201]);
  equal(again.body.id, first.body.id);
  const other = { ...card, data: { ...card.data, name: "Other" } };
  const reused = await api.call("POST", "/api/v1/personas/import", other, key);
  deepEqual([reused.status, reused.body.code], [422, "id_reused"]);
  ok(
    (await api.call("GET", `/api/v1/personas/${first.body.id}/export?format=original`)).body.data.name ===
      "Vera Lind",
  );
});

testApi("a persona is exported as a card and as an elizaOS character, and imports again", async (api) => {
  const id = await api.persona({ background: "A keeper.", tone: ["dry"] });
  for (const format of ["card_v3", "eliza"]) {
    const exported = await api.call("GET", `/api/v1/personas/${id}/export?format=${format}`);
    equal(exported.status, 200);
    ok(/^attachment; filename="[\w.-]+\.json"$/.test(exported.headers.get("content-disposition") ?? ""));
    const again = await api.call("POST", "/api/v1/personas/import?preview=1", exported.body);
    deepEqual([again.body.identity.name, again.body.identity.tone], ["Mira Holt", ["dry"]]);
  }
  equal((await api.call("GET", `/api/v1/personas/${id}/export?format=original`)).status, 404);
  equal((await api.call("GET", `/api/v1/personas/${id}/export?format=docx`)).status, 400);
});

testApi("a file that is no persona is refused with the reason", async (api) => {
  const send = async (body: unknown, type = "application/json") => {
    const answer = await api.call("POST", "/api/v1/personas/import", body, { "content-type": type });
    return [answer.status, answer.body.code, answer.body.errors?.[0].reason];
  };
  deepEqual(await send({ hello: 1 }), [422, "bad_file", "unknown_format"]);
  deepEqual(await send("not json"), [422, "bad_file", "not_json"]);
  deepEqual(await send("\x89PNG broken", "image/png"), [422, "bad_file", "not_json"]);
  deepEqual((await send("x", "text/html")).slice(0, 2), [415, "unsupported_media_type"]);
});
