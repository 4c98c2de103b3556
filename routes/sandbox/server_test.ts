/** The sandbox as its adapter meets it: over HTTP, on a real database. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { sandboxAdapter } from "../../actors/persona/platforms/sandbox/adapter.ts";
import {
  type AdapterContext,
  type Interaction,
  type Looked,
  type Payload,
  PlatformFailed,
  type Sent,
} from "../../actors/persona/platforms/port.ts";
import { onNetwork, payload, picture, publish, raw, sendOne } from "./testing.ts";

const looked: Looked = { before: [], absentSince: null, others: new Set() };
const reconcile = (at: AdapterContext, one: Payload, before: Sent[] = []) =>
  sandboxAdapter.reconcile(at, one, { ...looked, before });

async function pollAll(
  at: AdapterContext,
  cursor: string | null,
): Promise<{ interactions: Interaction[]; cursor: string | null }> {
  const interactions: Interaction[] = [];
  for (;;) {
    const page = await sandboxAdapter.poll(at, cursor);
    if (page.interactions.length === 0) return { interactions, cursor: page.cursor };
    interactions.push(...page.interactions);
    cursor = page.cursor;
  }
}

onNetwork(
  "the same post again: nothing is doubled, the same id; another one under its key: rejected",
  async ({ account, database }) => {
    const ada = await account("ada");
    const first = await sandboxAdapter.publish(ada, payload("k1", "hello"), []);
    deepStrictEqual(first, {
      kind: "sent",
      sent: [{ id: "id-of-ada.k1", url: "https://console.example/id-of-ada.k1" }],
    });
    deepStrictEqual(await sandboxAdapter.publish(ada, payload("k1", "hello"), []), first);
    const racing = await Promise.all(
      Array.from({ length: 8 }, () => sandboxAdapter.publish(ada, payload("k2", "twice?"), [])),
    );
    strictEqual(new Set(racing.map((outcome) => JSON.stringify(outcome))).size, 1);
    const count = await database.sql.query("select from sandbox_post where account_id = 'id-of-ada'");
    strictEqual(count.length, 2);
    deepStrictEqual(await sandboxAdapter.publish(ada, payload("k1", "other"), []), {
      kind: "rejected",
      reason: "another post is stored under this key",
      parts: [],
    });
    const eve = await account("eve");
    await publish(eve, payload("k1", "mine"));
    const other = payload("k1", "mine", { quote: { id: "id-of-ada.k1" } });
    strictEqual((await sandboxAdapter.publish(eve, other, [])).kind, "rejected", "the same words, a quote");
  },
);

onNetwork(
  "a thread: resumes at the part that is missing, each part answers the one before, the first what it replies to",
  async ({ account, database }) => {
    const [ada, eve] = [await account("ada"), await account("eve")];
    const asked = await sendOne(eve, "q", "what is bark for?");
    const thread = payload("t", ["one", "two", "three"], { reply: { id: asked } });
    const begun = await sandboxAdapter.publish(ada, {
      keys: thread.keys.slice(0, 1),
      records: thread.records.slice(0, 1),
    }, []);
    ok(begun.kind === "sent");
    deepStrictEqual(await reconcile(ada, thread), {
      kind: "absent",
      safeToRepeat: true,
      parts: begun.sent,
    });
    const done = await sandboxAdapter.publish(ada, thread, begun.sent);
    ok(done.kind === "sent");
    strictEqual(done.sent.length, 3);
    deepStrictEqual(await sandboxAdapter.publish(ada, thread, []), done, "from the start it is the same");
    deepStrictEqual(await reconcile(ada, thread), { kind: "found", sent: done.sent });
    const rows = await database.sql.query<{ id: string; reply_to: string | null; root: string }>(
      "select id, reply_to, root from sandbox_post where account_id = 'id-of-ada' order by seq",
    );
    deepStrictEqual(rows.map((row) => row.reply_to), [asked, rows[0]?.id, rows[1]?.id]);
    ok(rows.every(({ root }) => root === asked));
  },
);

onNetwork("a thread that fails on the way: what is out is said with the failure", async ({ account }) => {
  const ada = await account("ada");
  const outcome = await sandboxAdapter.publish(ada, payload("t", ["one", "x".repeat(501), "three"]), []);
  ok(outcome.kind === "rejected");
  deepStrictEqual(outcome.parts?.map(({ id }) => id), ["id-of-ada.t-0"]);
});

onNetwork("reconcile: found, absent, another post under the key, deleted since", async ({ account }) => {
  const ada = await account("ada");
  const absent = { kind: "absent", safeToRepeat: true, parts: [] };
  deepStrictEqual(await reconcile(ada, payload("k", "hello")), absent);
  const [sent] = await publish(ada, payload("k", "hello"));
  strictEqual((await reconcile(ada, payload("k", "hello"))).kind, "found");
  for (const other of [payload("k", "other"), payload("k", "hello", { language: "de" })]) {
    const found = await reconcile(ada, other);
    ok(found.kind === "unknown");
    deepStrictEqual(found.evidence, [sent]);
  }
  strictEqual((await sandboxAdapter.remove(ada, "id-of-ada.k")).kind, "removed");
  strictEqual((await reconcile(ada, payload("k", "hello"))).kind, "unknown");
});

onNetwork(
  "a deleted post: gone for everybody, its key stays taken, deleting again is harmless, only its author may",
  async ({ account, database }) => {
    const [ada, eve] = [await account("ada"), await account("eve")];
    const id = await sendOne(ada, "k", "a slip");
    await sendOne(eve, "r", "hear, hear", { reply: { id } });
    strictEqual((await sandboxAdapter.remove(eve, id)).kind, "rejected");
    for (const wanted of [id, id, "id-of-ada.never-was"]) {
      deepStrictEqual(await sandboxAdapter.remove(ada, wanted), { kind: "removed" });
    }
    deepStrictEqual(await database.sql.query("select text from sandbox_post where id = $1", [id]), [{
      text: "",
    }]);
    deepStrictEqual((await sandboxAdapter.metrics(ada, [id])).get(id), { kind: "gone" });
    strictEqual(await sandboxAdapter.findTarget(eve, id), null);
    strictEqual((await sandboxAdapter.publish(ada, payload("k", "a slip"), [])).kind, "rejected");
    for (const record of [{ reply: { id } }, { quote: { id } }]) {
      strictEqual(
        (await sandboxAdapter.publish(eve, payload("late", "me too", record), [])).kind,
        "rejected",
      );
    }
    const { post, replies } = (await raw(eve, "GET", `/threads/${id}`)).body as {
      post: { deleted: boolean };
      replies: { text: string }[];
    };
    strictEqual(post.deleted, true);
    deepStrictEqual(replies.map(({ text }) => text), ["hear, hear"]);
    strictEqual(((await raw(ada, "GET", "/timeline")).body.items as unknown[]).length, 0);
  },
);

onNetwork(
  "pictures: stored once, shown with their descriptions, more than four or a missing one refused, no post without them",
  async ({ account, pictures, database }) => {
    const ada = await account("ada");
    const made = await Promise.all([1, 2, 3, 4, 5].map(picture));
    for (const { sha256, bytes } of made) pictures.set(sha256, bytes);
    const media = made.map(({ sha256 }, index) => ({ sha256, alt: `view ${index}`, mime: "image/png" }));
    const four = payload("k", "look", { media: media.slice(0, 4) });
    const sent = await publish(ada, four);
    deepStrictEqual(await publish(ada, four), sent);
    deepStrictEqual(await reconcile(ada, four), { kind: "found", sent });
    const other = payload("k", "look", { media: media.slice(1, 5) });
    strictEqual((await reconcile(ada, other)).kind, "unknown");
    strictEqual((await sandboxAdapter.publish(ada, payload("five", "look", { media }), [])).kind, "rejected");
    const { body } = await raw(ada, "GET", "/posts/k");
    deepStrictEqual(body.media, media.slice(0, 4).map(({ sha256, alt }) => ({ sha256, alt })));

    pictures.clear();
    const lost = await sandboxAdapter.publish(
      ada,
      payload("lost", ["a", "b"], { media: media.slice(0, 1) }),
      [],
    );
    strictEqual(lost.kind, "not_sent");
    deepStrictEqual(await database.sql.query("select from sandbox_post where key like 'lost%'"), []);
  },
);

onNetwork("how posts did: each count, null for none, an answer for each id", async ({ account }) => {
  const [ada, eve, bo] = [await account("ada"), await account("eve"), await account("bo")];
  const id = await sendOne(ada, "k", "hello");
  await sendOne(eve, "r", "hi", { reply: { id } });
  await sendOne(bo, "q", "look", { quote: { id } });
  for (const one of [eve, bo, bo]) strictEqual((await raw(one, "PUT", `/likes/${id}`)).status, 204);
  strictEqual((await raw(eve, "PUT", `/reposts/${id}`)).status, 204);
  const ids = [id, "nowhere", ...Array.from({ length: 60 }, (_, index) => `id-of-ada.n${index}, &?`)];
  const measured = await sandboxAdapter.metrics(ada, ids);
  strictEqual(measured.size, ids.length);
  const none = { bookmarks: null, impressions: null, reached: null, clicks: null };
  deepStrictEqual(measured.get(id), {
    kind: "counted",
    metrics: { likes: 2, reposts: 1, replies: 1, quotes: 1, ...none },
  });
  deepStrictEqual(measured.get("nowhere"), { kind: "gone" });
  strictEqual((await raw(bo, "DELETE", `/likes/${id}`)).status, 204);
  const again = (await sandboxAdapter.metrics(ada, [id])).get(id);
  strictEqual(again?.kind === "counted" && again.metrics.likes, 1);
});

onNetwork(
  "what one is told: each kind, once, in order, of the most that it is; nothing of oneself, nothing of what was deleted",
  async ({ account }) => {
    const [ada, eve] = [await account("ada"), await account("eve")];
    const id = await sendOne(ada, "k", "hello @ada");
    await sendOne(eve, "m", "have you read @ADA, (@ada) or mail@ada?");
    await sendOne(eve, "r", "@ada yes", { reply: { id } });
    await sendOne(eve, "q", "@ada said", { quote: { id } });
    for (const path of [`/likes/${id}`, `/reposts/${id}`, "/follows/id-of-ada"]) {
      for (const method of ["PUT", "PUT", "DELETE", "PUT"]) {
        strictEqual((await raw(eve, method, path)).status, 204);
      }
    }
    await sendOne(eve, "gone", "@ada oh");
    await sandboxAdapter.remove(eve, "id-of-eve.gone");
    const { interactions } = await pollAll(ada, null);
    deepStrictEqual(interactions.map(({ kind, id: told, about }) => [kind, told, about]), [
      ["mention", "id-of-eve.m", null],
      ["reply", "id-of-eve.r", id],
      ["quote", "id-of-eve.q", id],
      ["like", `like:id-of-eve:${id}`, id],
      ["repost", `repost:id-of-eve:${id}`, id],
      ["follow", "follow:id-of-eve", null],
    ]);
    ok(interactions.every(({ authorHandle }) => authorHandle === "eve"));
    deepStrictEqual((await pollAll(eve, null)).interactions, []);
  },
);

onNetwork(
  "more than a page, told by many at once while somebody reads: no gap, no repetition",
  async ({ account }) => {
    const ada = await account("ada");
    const id = await sendOne(ada, "k", "hello");
    const people = await Promise.all(Array.from({ length: 6 }, (_, index) => account(`p${index}`)));
    let writing = true;
    const writers = Promise.all(people.map(async (person) => {
      for (let index = 0; index < 20; index++) {
        await sendOne(person, `r${index}`, "@p0 @p1 @p2 hi", { reply: { id } });
      }
    })).finally(() => writing = false);
    const heard: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const done = !writing;
      const page: Awaited<ReturnType<typeof sandboxAdapter.poll>> = await sandboxAdapter.poll(ada, cursor);
      heard.push(...page.interactions.map((one) => one.id));
      if (done && page.interactions.length === 0) break;
      cursor = page.cursor;
    }
    await writers;
    strictEqual(heard.length, 120);
    strictEqual(new Set(heard).size, 120);
    deepStrictEqual((await pollAll(ada, null)).interactions.map((one) => one.id), heard);
    strictEqual((await sandboxAdapter.poll(ada, null)).interactions.length, 50);
  },
);

onNetwork(
  "what is refused: a wrong token, a text too long, characters that are no text, a reply to nothing",
  async ({ account }) => {
    const ada = await account("ada");
    const stranger = { ...ada, secret: "wrong" };
    strictEqual((await sandboxAdapter.publish(stranger, payload("k", "hello"), [])).kind, "auth_dead");
    strictEqual((await reconcile(stranger, payload("k", "hello"))).kind, "unknown");
    strictEqual((await sandboxAdapter.refresh(stranger)).kind, "auth_dead");
    deepStrictEqual(await sandboxAdapter.refresh(ada), { kind: "fresh" });
    await rejects(
      sandboxAdapter.poll(stranger, null),
      (error) => error instanceof PlatformFailed && error.outcome.kind === "auth_dead",
    );
    for (const text of ["x".repeat(501), "", "a\0b", "a\ud800b", "x".repeat(70_000)]) {
      strictEqual(
        (await sandboxAdapter.publish(ada, payload("k", text), [])).kind,
        "rejected",
        text.slice(0, 20),
      );
    }
    strictEqual((await sandboxAdapter.publish(ada, payload("a key", "hello"), [])).kind, "rejected");
    const lost = await sandboxAdapter.publish(ada, payload("t", ["one", "two"]), [{
      id: "nowhere",
      url: "",
    }]);
    strictEqual(lost.kind, "rejected");
    await publish(ada, payload("k", "👨‍👩‍👧‍👦".repeat(500)));
  },
);

onNetwork(
  "a server that is away: nothing was sent; one that breaks off: nobody knows, and what is out is said",
  async ({ account }) => {
    const ada = await account("ada");
    const closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const service = `http://127.0.0.1:${closed.addr.port}`;
    closed.close();
    const away = { ...ada, account: { ...ada.account, service } };
    strictEqual((await sandboxAdapter.publish(away, payload("k", "hello"), [])).kind, "not_sent");
    strictEqual((await sandboxAdapter.remove(away, "id-of-ada.k")).kind, "not_sent");
    await rejects(sandboxAdapter.poll(away, null), PlatformFailed);
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const breaking = (async () => {
      for await (const connection of listener) connection.close();
    })();
    const broken = { ...ada, account: { ...ada.account, service: `http://127.0.0.1:${listener.addr.port}` } };
    const before = [{ id: "id-of-ada.t-0", url: "x" }];
    const outcome = await sandboxAdapter.publish(broken, payload("t", ["one", "two"]), before);
    ok(outcome.kind === "uncertain");
    deepStrictEqual(outcome.parts, before);
    strictEqual((await sandboxAdapter.remove(broken, "id-of-ada.k")).kind, "uncertain");
    listener.close();
    await breaking;
  },
);

onNetwork("links, tags and mentions: found, and a mention of nobody is left as text", async ({ account }) => {
  const ada = await account("ada");
  await account("bo.reed");
  const [part, plain] = await sandboxAdapter.prepare(ada, [
    "ä @Bo.Reed @nobody https://a.example/x. #Bark!",
    "x",
  ]);
  deepStrictEqual(part?.facets, [
    { kind: "mention", handle: "bo.reed", accountId: "id-of-bo.reed", start: 3, end: 11 },
    { kind: "link", uri: "https://a.example/x", start: 20, end: 39 },
    { kind: "tag", tag: "Bark", start: 41, end: 46 },
  ]);
  deepStrictEqual(plain?.facets, []);
});
