import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type TestApi, testApi } from "./test_api.ts";

const STOPS = "/api/v1/stops";

/** As the owner, in a session. */
async function owner(api: TestApi) {
  const cookie = await api.site.setUpOwner();
  return (method: string, path: string, body?: unknown) =>
    api.call(method, path, body, {
      authorization: "",
      cookie,
      origin: api.site.url,
      "x-digi-persona": "1",
    });
}

const scopesOf = ({ body }: { body: { items: { scope: unknown }[] } }) =>
  body.items.map(({ scope }) => scope);

testApi(
  "stops of every scope are set by a token, listed with who and why, and lifted by a person only",
  async (api) => {
    const personaId = await api.persona();
    const { postId } = await api.draft(personaId);
    const post = { kind: "post", personaId, postId };
    const given = [{ kind: "post", postId }, { kind: "persona", personaId }, {
      kind: "platform",
      platform: "sandbox",
    }, { kind: "all" }];
    for (const scope of given) {
      const { status, body } = await api.call("POST", STOPS, { scope, why: `why ${scope.kind}` });
      deepEqual([status, body.by, body.why], [201, "admin-token", `why ${scope.kind}`]);
      deepEqual(body.scope, scope.kind === "post" ? post : scope);
      match(body.since, /^\d{4}-.*Z$/);
    }
    const widestFirst = [given[3], given[2], given[1], post];
    deepEqual(scopesOf(await api.call("GET", STOPS)), widestFirst);
    deepEqual((await api.call("GET", "/api/v1/posting")).body.why, "why all");

    const everything = await api.token("read", "write", "approve", "approve:real", "metrics");
    for (const headers of [{}, everything]) {
      equal((await api.call("DELETE", `${STOPS}?kind=all`, undefined, headers)).status, 403);
    }
    equal(scopesOf(await api.call("GET", STOPS)).length, 4);
    const asOwner = await owner(api);
    equal((await asOwner("DELETE", `${STOPS}?kind=all`)).status, 204);
    deepEqual(scopesOf(await api.call("GET", STOPS)), widestFirst.slice(1), "narrower ones stay");
    equal((await api.call("GET", "/api/v1/posting")).body.stopped, false);
    const again = await asOwner("DELETE", `${STOPS}?kind=all`);
    deepEqual([again.status, again.body.code], [404, "not_found"]);
    equal((await asOwner("DELETE", `${STOPS}?kind=post&postId=${postId}`)).status, 204);
    equal((await asOwner("DELETE", `${STOPS}?kind=persona&personaId=${personaId}`)).status, 204);
    equal((await asOwner("DELETE", `${STOPS}?kind=platform&platform=sandbox`)).status, 204);
    deepEqual(scopesOf(await api.call("GET", STOPS)), []);
    const types =
      (await api.call("GET", "/api/v1/events?type=PostingStopped,PostingAllowed&after=0")).body.items;
    deepEqual(types.map(({ schema }: { schema: number }) => schema), Array(8).fill(2));
  },
);

testApi("a stop of what is not there, or is over, is refused with the field", async (api) => {
  const personaId = await api.persona();
  const { postId, contentHash } = await api.draft(personaId);
  const nobody = crypto.randomUUID();
  const attempt = async (scope: unknown, why?: unknown) => {
    const { status, body } = await api.call("POST", STOPS, { scope, why });
    return [status, body.code, body.field];
  };
  deepEqual(await attempt({ kind: "persona", personaId: nobody }), [404, "not_found", "scope.personaId"]);
  deepEqual(await attempt({ kind: "post", postId: nobody }), [404, "not_found", "scope.postId"]);
  deepEqual(await attempt({ kind: "post", postId, personaId: nobody }), [404, "not_found", "scope.postId"]);
  deepEqual(await attempt({ kind: "platform", platform: "orkut" }), [
    400,
    "invalid_request",
    "scope.platform",
  ]);
  deepEqual(await attempt({ kind: "platform" }), [400, "invalid_request", "scope.platform"]);
  deepEqual(await attempt({ kind: "some" }), [400, "invalid_request", "scope.kind"]);
  deepEqual(await attempt(undefined), [400, "invalid_request", "scope"]);
  deepEqual(await attempt({ kind: "all", platform: "sandbox" }), [400, "invalid_request", "scope.platform"]);
  deepEqual(await attempt({ kind: "all" }, "x".repeat(2_001)), [400, "invalid_request", "why"]);
  const command = { type: "approve", postId, contentHash, then: { kind: "publish" } };
  equal((await api.call("POST", `/api/v1/personas/${personaId}/commands`, command)).status, 200);
  deepEqual(await attempt({ kind: "post", postId }), [409, "wrong_status", "scope.postId"]);
  equal(
    (await api.call("POST", `/api/v1/personas/${personaId}/commands`, { type: "delete_post", postId }))
      .status,
    200,
  );
  await api.supervisor.internal(personaId, { type: "removed", postId, result: { kind: "removed" } });
  equal((await api.call("GET", `/api/v1/posts/${postId}`)).body.status, "deleted");
  deepEqual(await attempt({ kind: "post", postId }), [409, "wrong_status", "scope.postId"], "deleted");
  const asOwner = await owner(api);
  for (
    const [query, field] of [["kind=some", "kind"], ["kind=post", "postId"], ["kind=persona", "personaId"], [
      "kind=platform",
      "platform",
    ], ["", "kind"]]
  ) {
    const { status, body } = await asOwner("DELETE", `${STOPS}?${query}`);
    deepEqual([query, status, body.field], [query, 400, field]);
  }
  deepEqual(scopesOf(await api.call("GET", STOPS)), []);
});

testApi("many stops are listed by pages, each once, also when some are lifted between", async (api) => {
  const personaId = await api.persona();
  const posts: string[] = [];
  for (let n = 0; n < 7; n++) posts.push((await api.draft(personaId, `Frost ${n}.`)).postId);
  for (const postId of posts) {
    equal((await api.call("POST", STOPS, { scope: { kind: "post", postId } })).status, 201);
  }
  const seen: string[] = [];
  let next: string | null = null;
  do {
    const query: string = next === null ? "" : `&after=${next}`;
    const { status, body } = await api.call("GET", `${STOPS}?limit=3${query}`);
    equal(status, 200, JSON.stringify(body));
    ok(body.items.length <= 3);
    seen.push(...body.items.map(({ scope }: { scope: { postId: string } }) => scope.postId));
    next = body.next;
    await api.supervisor.lift({ kind: "post", personaId, postId: posts[0] ?? "" }, "user:test");
  } while (next !== null);
  deepEqual([...seen].sort(), [...posts].sort());
  for (const after of ["x", "%00", "AAAA", "a".repeat(401)]) {
    const { status, body } = await api.call("GET", `${STOPS}?after=${after}`);
    deepEqual([status, body.field], [400, "after"], after);
  }
});
