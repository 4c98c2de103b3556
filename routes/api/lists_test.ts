import { deepEqual, equal, ok } from "node:assert/strict";
import { testApi } from "./test_api.ts";

testApi(
  "lists are paged by a cursor that survives new rows, with nothing twice and nothing missing",
  async (api) => {
    const id = await api.persona();
    const texts: string[] = [];
    for (let n = 0; n < 7; n++) {
      texts.unshift(`Post ${n}.`);
      await api.draft(id, `Post ${n}.`);
    }
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages++) {
      const cursor: string = after === null ? "" : `&after=${after}`;
      const { status, body } = await api.call("GET", `/api/v1/personas/${id}/posts?limit=3${cursor}`);
      equal(status, 200);
      seen.push(...body.items.map((post: { text: string }) => post.text));
      after = body.next;
      if (after === null) break;
      await api.draft(id, "Newer.");
    }
    deepEqual(seen, texts);

    const oldest = await api.call("GET", `/api/v1/posts?order=oldest&limit=1`);
    equal(oldest.body.items[0].text, "Post 0.");
    const cursor = oldest.body.next;
    const other = await api.call("GET", `/api/v1/posts?after=${cursor}`);
    deepEqual([other.status, other.body.field], [400, "after"], "a cursor of another order");
    for (
      const [name, value] of [["after", "x"], ["after", "***"], ["limit", "0"], ["limit", "201"], [
        "limit",
        "x",
      ]]
    ) {
      const { status, body } = await api.call("GET", `/api/v1/posts?${name}=${value}`);
      deepEqual([status, body.field], [400, name], `${name}=${value}`);
    }
  },
);

testApi(
  "a parameter that nobody knows, or that comes twice, is refused and named, and nothing is done",
  async (api) => {
    const id = await api.persona();
    const character = { name: "Otto", bio: ["Mends clocks."] };
    for (
      const [method, path, field, body] of [
        ["GET", "/api/v1/posts?stauts=draft", "stauts"],
        ["GET", `/api/v1/personas/${id}?limit=1`, "limit"],
        ["GET", "/api/v1/posts?status=draft&status=published", "status"],
        ["GET", "/api/v1/events?__proto__=1", "__proto__"],
        ["POST", "/api/v1/personas/import?preveiw=1", "preveiw", character],
        ["POST", "/api/v1/people/erase?dryRun=1", "dryRun", {
          platform: "x",
          handle: "ada",
          reason: "Asked.",
        }],
        ["DELETE", `/api/v1/personas/${id}?dryRun=1`, "dryRun"],
      ] as const
    ) {
      const answer = await api.call(method, path, body);
      deepEqual([answer.status, answer.body.code, answer.body.field], [400, "invalid_request", field], path);
    }
    deepEqual((await api.call("GET", "/api/v1/personas")).body.items.map((one: { id: string }) => one.id), [
      id,
    ]);
  },
);

testApi("posts are filtered by status, platform and persona", async (api) => {
  const id = await api.persona();
  const first = await api.draft(id, "One.");
  await api.draft(id, "Two.");
  await api.call("POST", `/api/v1/personas/${id}/commands`, {
    type: "reject",
    postId: first.postId,
    reason: "No.",
  });
  const texts = async (query: string) => {
    const { body } = await api.call("GET", `/api/v1/posts?${query}`);
    return body.items.map((post: { text: string }) => post.text);
  };
  deepEqual(await texts("status=rejected"), ["One."]);
  deepEqual(await texts("status=rejected,pending_review"), ["Two.", "One."]);
  deepEqual(await texts("platform=bluesky"), []);
  equal((await api.call("GET", "/api/v1/posts?status=lost")).status, 400);
  equal((await api.call("GET", `/api/v1/personas/${crypto.randomUUID()}/posts`)).status, 404);
});

testApi(
  "events are read from any position, forwards and backwards, of all or of one persona",
  async (api) => {
    const one = await api.persona();
    const two = await api.persona({ name: "Otto" });
    await api.draft(one);
    const all = (await api.call("GET", "/api/v1/events?limit=200")).body;
    deepEqual(
      all.items.map((event: { position: number }) => event.position),
      all.items.map((_: unknown, at: number) => at + 1),
    );
    equal(all.next, null);
    equal(all.items.length, api.log.head);

    const page = (await api.call("GET", "/api/v1/events?after=1&limit=2")).body;
    deepEqual(page.items.map((event: { position: number }) => event.position), [2, 3]);
    equal(page.next, "3");
    const back = (await api.call("GET", `/api/v1/events?before=4&limit=2`)).body;
    deepEqual(back.items.map((event: { position: number }) => event.position), [3, 2]);
    equal((await api.call("GET", "/api/v1/events?before=4&after=1")).status, 400);

    const own = (await api.call("GET", `/api/v1/personas/${two}/events`)).body.items;
    deepEqual(own.map((event: { stream: string }) => event.stream), [two, two]);
    const rest =
      (await api.call("GET", `/api/v1/personas/${one}/events?after=${own[0].position}`)).body.items;
    ok(
      rest.every((event: { stream: string; position: number }) =>
        event.stream === one && event.position > own[0].position
      ),
    );
    const typed = (await api.call("GET", "/api/v1/events?type=PersonaCreated,ConnectionLinked")).body.items;
    deepEqual(
      typed.map((event: { type: string }) => event.type),
      [
        "PersonaCreated",
        "ConnectionLinked",
        "PersonaCreated",
        "ConnectionLinked",
      ],
    );

    const composed = all.items.find((event: { type: string }) => event.type === "DraftComposed");
    const opened = (await api.call("GET", `/api/v1/events/${composed.id}`)).body;
    equal(opened.event.position, composed.position);
    deepEqual(opened.related.map((event: { type: string }) => event.type), ["PostSubmitted"]);
    equal((await api.call("GET", "/api/v1/events/999999")).status, 404);

    const ofNobody = await api.call("GET", `/api/v1/personas/${crypto.randomUUID()}/events`);
    deepEqual([ofNobody.status, ofNobody.body.code], [404, "not_found"]);
    equal((await api.call("DELETE", `/api/v1/personas/${two}`)).status, 200);
    equal(
      (await api.call("GET", `/api/v1/personas/${two}/events`)).status,
      200,
      "events of a deleted one stay",
    );
    equal((await api.call("GET", `/api/v1/personas/${two}/events?after=999999`)).status, 200, "at their end");
  },
);

testApi("an interaction shows its words until they are removed, and then when and why", async (api) => {
  const id = await api.persona();
  const { body } = await api.call("GET", `/api/v1/personas/${id}/connections`);
  await api.supervisor.hear(id, body.items[0].id, "Is the light on?");
  const read = async () => (await api.call("GET", `/api/v1/personas/${id}/interactions`)).body.items[0];
  const before = await read();
  deepEqual([before.words.text, before.words.authorHandle, before.kind, before.platform], [
    "Is the light on?",
    "somebody.example",
    "mention",
    "sandbox",
  ]);
  await api.program.sql.query(
    "update foreign_words set content = null, author = null, removed_at = now(), rule = 'test rule' where kind = 'interaction'",
  );
  const after = await read();
  deepEqual(Object.keys(after.words).sort(), ["removedAt", "rule"]);
  equal(after.words.rule, "test rule");
});
