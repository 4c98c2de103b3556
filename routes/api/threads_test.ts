/** Commands about threads, answers and what is out already, with input that nobody should send. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { MAX_PARTS, MAX_SEEN, MAX_TEXT_LENGTH } from "./limits.ts";
import { type TestApi, testApi } from "./test_api.ts";

const media = (more: Record<string, unknown> = {}) => ({
  sha256: "ab".repeat(32),
  mime: "image/jpeg",
  width: 10,
  height: 10,
  bytes: 100,
  alt: "A lens.",
  ...more,
});
const text = (length: number) => "x ".repeat(length / 2);

async function give(api: TestApi, personaId: string, command: unknown, headers = {}) {
  return await api.call("POST", `/api/v1/personas/${personaId}/commands`, command, headers);
}

testApi(
  "hostile threads, pictures and acknowledgements: refused with the field, and nothing is begun",
  async (api) => {
    const personaId = await api.persona();
    const { postId, contentHash } = await api.draft(personaId);
    const before = (await api.call("GET", `/api/v1/personas/${personaId}/events`)).body.items.length;
    const write = (parts: unknown) => ({ type: "write", platform: "sandbox", parts });
    const revise = (parts: unknown) => ({ type: "revise", postId, parts });
    const approve = (acknowledged: unknown) => ({ type: "approve", postId, contentHash, acknowledged });
    const beside = (seen: unknown) => ({ ...approve(["coordinated"]), seen });
    const cases: [unknown, RegExp][] = [
      [write([]), /^parts$/],
      [write("One."), /^parts$/],
      [write(null), /^parts$/],
      [write([null]), /^parts\.0$/],
      [write([[]]), /^parts\.0$/],
      [write([{ text: 7 }]), /^parts\.0\.text$/],
      [write([{ text: " \n " }]), /^parts\.0\.text$/],
      [write([{ text: "\0" }]), /./],
      [write([{ text: "One." }, { text: "" }]), /^parts\.1\.text$/],
      [write([{ text: text(MAX_TEXT_LENGTH + 2) }]), /^parts\.0\.text$/],
      [write(Array.from({ length: MAX_PARTS + 1 }, () => ({ text: "One." }))), /^parts$/],
      [write([{ text: "One.", facets: [] }]), /^parts\.0/],
      [write([{ text: "One.", media: "picture" }]), /^parts\.0\.media$/],
      [write([{ text: "One.", media: Array.from({ length: 5 }, () => media()) }]), /^parts\.0\.media$/],
      [write([{ text: "One.", media: [media()] }]), /^parts\.0\.media\.0\.sha256$/],
      [
        write([{ text: "One." }, { text: "Two.", media: [media(), media()] }]),
        /^parts\.1\.media\.0\.sha256$/,
      ],
      [write([{ text: "One.", media: [media({ sha256: "AB" })] }]), /^parts\.0\.media\.0\.sha256$/],
      [write([{ text: "One.", media: [media({ width: 1e300 })] }]), /^parts\.0\.media\.0\.width$/],
      [write([{ text: "One.", media: [media({ bytes: 0.5 })] }]), /^parts\.0\.media\.0\.bytes$/],
      [write([{ text: "One.", media: [media({ alt: text(1_002) })] }]), /^parts\.0\.media\.0\.alt$/],
      [{ ...write([{ text: "One." }]), setId: "set" }, /^setId$/],
      [{ ...write([{ text: "One." }]), postId: "constructor" }, /^postId$/],
      [{ ...write([{ text: "One." }]), platform: "myspace" }, /^platform$/],
      [revise([{ text: "One.", media: [media()] }]), /^parts\.0\.media\.0\.sha256$/],
      [{ type: "revise", postId }, /^text$/],
      [{ type: "revise", postId, text: "a", parts: [{ text: "b" }] }, /^text$/],
      [approve("coordinated"), /^acknowledged$/],
      [approve(["No Rule"]), /^acknowledged\.0$/],
      [approve([7]), /^acknowledged\.0$/],
      [approve(Array.from({ length: 11 }, () => "coordinated")), /^acknowledged$/],
      [beside("b"), /^seen$/],
      [beside([{}]), /^seen\.0$/],
      [beside([""]), /^seen\.0$/],
      [beside(Array.from({ length: MAX_SEEN + 1 }, (_, at) => `b${at}`)), /^seen$/],
      [{ type: "reply", interactionId: "__proto__" }, /^interactionId$/],
      [{ type: "reply", interactionId: "i", parts: [{ text: "" }] }, /^parts\.0\.text$/],
      [{ type: "resolve", postId, outcome: "maybe" }, /^outcome$/],
      [{ type: "resolve", postId, outcome: "went_out", url: "javascript:alert(1)" }, /^url$/],
      [{ type: "check_connection", connectionId: { a: 1 } }, /^connectionId$/],
    ];
    for (const [command, field] of cases) {
      const { status, body } = await give(api, personaId, command);
      ok(
        status === 400 || status === 422,
        `${JSON.stringify(command).slice(0, 200)} → ${JSON.stringify(body)}`,
      );
      ok(
        body.errors?.some((one: { field: string }) => field.test(one.field)),
        JSON.stringify([command, body]),
      );
    }
    const after = (await api.call("GET", `/api/v1/personas/${personaId}/events`)).body.items.length;
    equal(after, before);
  },
);

testApi("a thread too large to be kept: refused, whatever it is made of", async (api) => {
  const personaId = await api.persona();
  const parts = (one: string) =>
    Array.from({ length: MAX_PARTS }, () => ({ text: one.repeat(MAX_TEXT_LENGTH / one.length) }));
  for (const one of ["x ", "#a ", "https://a.example/ "]) {
    const { status, body } = await give(api, personaId, {
      type: "write",
      platform: "sandbox",
      parts: parts(one),
    });
    equal(status, 422, JSON.stringify(body).slice(0, 300));
  }
  const most = { type: "write", platform: "sandbox", parts: parts("x ").slice(0, 4) };
  const { status, body } = await give(api, personaId, most);
  equal(status, 200, JSON.stringify(body).slice(0, 300));
});

testApi("what is not there: 404; what cannot be done to it now: 409, with its code", async (api) => {
  const personaId = await api.persona();
  const { postId } = await api.draft(personaId);
  const { items } = (await api.call("GET", `/api/v1/personas/${personaId}/connections`)).body;
  const nowhere = crypto.randomUUID();
  const cases: [unknown, number, string][] = [
    ...["delete_post", "measure", "check_again", "submit", "withdraw", "publish"].flatMap((type) =>
      [nowhere, "constructor", "toString"].map((id) =>
        [{ type, postId: id }, 404, "not_found"] as [unknown, number, string]
      )
    ),
    [{ type: "resolve", postId: nowhere, outcome: "did_not" }, 404, "not_found"],
    [{ type: "reply", interactionId: nowhere, brief: "b" }, 404, "not_found"],
    [{ type: "reply", interactionId: "hasOwnProperty", brief: "b" }, 404, "not_found"],
    [{ type: "check_connection", connectionId: "constructor" }, 409, "no_connection"],
    [{ type: "write", platform: "x", parts: [{ text: "One." }] }, 409, "no_connection"],
    [
      { type: "write", platform: "sandbox", connectionId: "constructor", parts: [{ text: "One." }] },
      409,
      "no_connection",
    ],
    [{ type: "delete_post", postId }, 409, "wrong_status"],
    [{ type: "measure", postId }, 409, "wrong_status"],
    [{ type: "check_again", postId }, 409, "wrong_status"],
    [{ type: "resolve", postId, outcome: "did_not" }, 409, "wrong_status"],
    [{ type: "write", platform: "sandbox", postId, parts: [{ text: "One." }] }, 409, "exists"],
  ];
  for (const [command, status, code] of cases) {
    const answer = await give(api, personaId, command);
    deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify([command, answer.body]));
  }
  equal((await give(api, personaId, { type: "check_connection", connectionId: items[0].id })).status, 200);
});

testApi("the same command with the same key: once, and another one under it is refused", async (api) => {
  const personaId = await api.persona();
  const write = (word: string) => ({
    type: "write",
    platform: "sandbox",
    parts: [{ text: word }, { text: "Two." }],
  });
  const key = { "idempotency-key": "thread-1" };
  const first = await give(api, personaId, write("One."), key);
  const again = await give(api, personaId, write("One."), key);
  deepEqual([first.status, again.status], [200, 200]);
  deepEqual(again.body.commandId, first.body.commandId);
  equal((await give(api, personaId, write("Another."), key)).body.code, "id_reused");
  const { items } = (await api.call("GET", `/api/v1/personas/${personaId}/posts`)).body;
  equal(items.length, 1);
  deepEqual(items[0].content.parts.map((part: { text: string }) => part.text), ["One.", "Two."]);
});

testApi("deleting and resolving: only with the right to approve", async (api) => {
  const personaId = await api.persona();
  const { postId } = await api.draft(personaId);
  const write = await api.token("write");
  const approve = await api.token("approve");
  for (const command of [{ type: "delete_post", postId }, { type: "resolve", postId, outcome: "went_out" }]) {
    equal((await give(api, personaId, command, write)).status, 403);
    equal((await give(api, personaId, command, approve)).body.code, "wrong_status");
  }
  for (const command of [{ type: "measure", postId }, { type: "check_again", postId }]) {
    equal((await give(api, personaId, command, write)).body.code, "wrong_status");
  }
});

testApi("pictures of another persona: no picture of this one", async (api) => {
  const [mine, theirs] = [await api.persona(), await api.persona({ name: "Ada Fern" })];
  await api.database.sql.query(
    `insert into media (sha256, mime, width, height, bytes, data, persona) values ($1, 'image/jpeg', 10, 10, 100, 'x', $2)`,
    ["ab".repeat(32), theirs],
  );
  const write = { type: "write", platform: "sandbox", parts: [{ text: "One.", media: [media()] }] };
  equal((await give(api, theirs, write)).status, 200);
  equal((await give(api, mine, write)).status, 400);
  const wrong = { ...write, parts: [{ text: "One.", media: [media({ width: 11 })] }] };
  equal((await give(api, theirs, wrong)).body.errors[0].field, "parts.0.media.0.width");
});
