import { deepEqual, equal, match } from "node:assert/strict";
import { type TestApi, testApi } from "./test_api.ts";

const OPT_OUTS = "/api/v1/opt-outs";
const ERASE = "/api/v1/people/erase";
const REASON = "Asked for it by mail.";

/** Words of Ada on Bluesky to two personas, and a prompt that quotes one of them. */
async function words({ program: { sql } }: TestApi): Promise<void> {
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  await sql.query(
    `insert into foreign_words (id, stream, kind, platform, author, content, created_at, quotes) values
     ($1, 'p1', 'interaction', 'bluesky', 'did:ada', '{"authorHandle": "Ada.example", "text": "Hello"}', now(), '{}'),
     ($2, 'p2', 'interaction', 'bluesky', 'did:ada', '{"authorHandle": "Ada.example", "text": "Again"}', now(), '{}'),
     (gen_random_uuid(), 'p1', 'prompt', 'model', null, '"She said hello"', now(), array[$1])`,
    [first, second],
  );
}

const kept = async ({ program: { sql } }: TestApi) =>
  (await sql.query("select 1 from foreign_words where removed_at is null")).length;

testApi("opt-outs are added, listed with who and why, and removed", async (api) => {
  const { status, body } = await api.call("POST", OPT_OUTS, {
    platform: "bluesky",
    accountId: " did:plc:ada ",
    handle: "@Ada.example",
    note: "wrote to us",
  });
  deepEqual([status, body.accountId, body.handle, body.note, body.by], [
    201,
    "did:plc:ada",
    "ada.example",
    "wrote to us",
    "admin-token",
  ]);
  match(body.at, /^\d{4}-.*Z$/);
  const again = await api.call("POST", OPT_OUTS, { platform: "bluesky", handle: "ADA.EXAMPLE" });
  deepEqual([again.status, again.body], [200, body]);
  await api.call("POST", OPT_OUTS, { platform: "sandbox", handle: "bo" });
  const page = await api.call("GET", `${OPT_OUTS}?limit=1`);
  deepEqual(page.body.items.map(({ accountId }: { accountId: string }) => accountId), ["@bo"]);
  deepEqual((await api.call("GET", `${OPT_OUTS}?limit=1&after=${page.body.next}`)).body, {
    items: [body],
    next: null,
  });
  deepEqual((await api.call("GET", `${OPT_OUTS}?platform=bluesky`)).body, { items: [body], next: null });

  const path = `${OPT_OUTS}/bluesky/${encodeURIComponent("did:plc:ada")}`;
  equal((await api.call("DELETE", `${OPT_OUTS}/sandbox/did:plc:ada`)).body.code, "not_found");
  equal((await api.call("DELETE", path)).status, 204);
  const gone = await api.call("DELETE", path);
  deepEqual([gone.status, gone.body.code], [404, "not_found"]);
  equal((await api.call("DELETE", `${OPT_OUTS}/sandbox/%40bo`)).status, 204);
  deepEqual((await api.call("GET", OPT_OUTS)).body, { items: [], next: null });
});

testApi("an opt-out or an erasure that is wrong is refused with the field", async (api) => {
  const attempt = async (path: string, body: unknown) => {
    const answer = await api.call("POST", path, body);
    return [answer.status, answer.body.code, answer.body.field];
  };
  const bad = (field: string) => [400, "invalid_request", field];
  const platform = "bluesky";
  deepEqual(await attempt(OPT_OUTS, { platform: "orkut", handle: "a" }), bad("platform"));
  deepEqual(await attempt(OPT_OUTS, { platform }), bad("accountId"));
  deepEqual(await attempt(OPT_OUTS, { platform, accountId: "@ada" }), bad("accountId"));
  deepEqual(await attempt(OPT_OUTS, { platform, handle: " @ " }), bad("handle"));
  deepEqual(await attempt(OPT_OUTS, { platform, handle: "a\nb" }), bad("handle"));
  deepEqual(await attempt(OPT_OUTS, { platform, handle: "a", note: "x".repeat(2_001) }), bad("note"));
  deepEqual(await attempt(OPT_OUTS, { platform, handle: "a", why: "" }), bad("why"));
  deepEqual(await attempt(ERASE, { platform, reason: REASON }), bad("authorId"));
  deepEqual(await attempt(ERASE, { platform, handle: "ada" }), bad("reason"));
  deepEqual(await attempt(ERASE, { platform, handle: "ada", reason: " " }), bad("reason"));
  deepEqual(
    await attempt(ERASE, { platform, handle: "@ada.example", reason: "ADA.example asked" }),
    bad("reason"),
  );
  deepEqual(await attempt(ERASE, { platform, handle: "a", reason: REASON, dryRun: "no" }), bad("dryRun"));
  deepEqual(await attempt(ERASE, { platform: "x", handle: "ada bo", reason: REASON }), bad("handle"));
  deepEqual(await attempt(ERASE, { platform: "x", authorId: "ada", reason: REASON }), bad("authorId"));
  equal((await api.call("DELETE", `${OPT_OUTS}/orkut/1`)).body.field, "platform");
  equal((await api.call("DELETE", `${OPT_OUTS}/bluesky/%00`)).body.code, "not_found");
  equal((await api.call("GET", `${OPT_OUTS}?after=x`)).body.field, "after");
});

testApi("an erasure counts first, erases once, and opts out when asked", async (api) => {
  await words(api);
  const ada = { platform: "bluesky", handle: "@ada.example", reason: REASON };
  const found = { words: 2, quoting: 1, personas: 2, ownPosts: 0, ownPostIds: [] };
  deepEqual((await api.call("POST", ERASE, { ...ada, dryRun: true })).body, { ...found, erased: false });
  equal(await kept(api), 3);
  const { status, body } = await api.call("POST", ERASE, { ...ada, optOut: true });
  deepEqual([status, body], [200, { ...found, erased: true }]);
  equal(await kept(api), 0);
  deepEqual((await api.call("POST", ERASE, ada)).body, {
    ...found,
    words: 0,
    quoting: 0,
    personas: 0,
    erased: true,
  });
  const { items } = (await api.call("GET", OPT_OUTS)).body;
  deepEqual(items.map((one: { accountId: string; handle: string }) => [one.accountId, one.handle]), [
    ["did:ada", "ada.example"],
  ]);
});

testApi(
  "people's wishes are changed by a person or ADMIN_TOKEN, and read by a token that reads",
  async (api) => {
    await words(api);
    const every = await api.token("read", "write", "approve", "approve:real", "metrics");
    const nobody = await api.token("metrics");
    const ada = { platform: "bluesky", handle: "ada.example" };
    equal((await api.call("GET", OPT_OUTS, undefined, every)).status, 200);
    equal((await api.call("GET", OPT_OUTS, undefined, nobody)).status, 403);
    for (
      const [method, path, body] of [
        ["POST", OPT_OUTS, ada],
        ["DELETE", `${OPT_OUTS}/bluesky/x`, undefined],
        ["POST", ERASE, { ...ada, reason: REASON }],
        ["POST", ERASE, { ...ada, reason: REASON, dryRun: true }],
      ] as const
    ) equal((await api.call(method, path, body, every)).status, 403, `${method} ${path}`);
    equal(await kept(api), 3);
  },
);
