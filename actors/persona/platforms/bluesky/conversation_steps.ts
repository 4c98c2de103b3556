import assert from "node:assert/strict";
import { type Interaction, PlatformFailed } from "../port.ts";
import { createBlueskyAdapter } from "./adapter.ts";
import {
  callAs,
  eventually,
  frozen,
  link,
  newAccount,
  payload,
  postsSaying,
  type Steps,
  type TestContext,
  type World,
} from "./testing.ts";

const THREAD = "app.bsky.feed.getPostThread";
const createdAt = "2026-11-22T10:00:00.000Z";

interface Cast {
  world: World;
  ada: TestContext;
  fan: TestContext;
}

/** Replies, quotes and mentions, read and answered. */
export function conversationSteps(): Steps {
  let fan: Promise<TestContext> | null = null;
  const newFan = async ({ network }: World) => await link(network, await newAccount(network, "fan.test"));
  return Object.fromEntries(
    Object.entries(steps).map(([name, run]) => [
      name,
      async (world: World, ada: TestContext) => run({ world, ada, fan: await (fan ??= newFan(world)) }),
    ]),
  );
}

const steps: Record<string, (cast: Cast) => Promise<void>> = {
  "poll: a reply, a quote, a mention and a like come once each, with what they are about": async (
    { world, ada, fan },
  ) => {
    const adapter = createBlueskyAdapter();
    const mine = await post(ada, payload("answer me"));
    const { cursor } = await adapter.poll(ada, null);
    await post(fan, frozen([{ text: "a reply", facets: [] }], await found(fan, mine.id)));
    const quote = payload("look at this");
    quote.records[0]!.embed = { $type: "app.bsky.embed.record", record: { uri: mine.id, cid: mine.cid } };
    await post(fan, quote);
    await post(fan, frozen(await adapter.prepare(fan, ["hello @ada.test"])));
    const subject = { uri: mine.id, cid: mine.cid };
    await callAs(fan, world.network.pdsUrl, "com.atproto.repo.createRecord", {
      collection: "app.bsky.feed.like",
      record: { $type: "app.bsky.feed.like", subject, createdAt },
    });
    const got = await pollUntil(ada, cursor, 4);
    const brief = got.map(({ kind, text, about, summons }) => [kind, text, about, summons]);
    assert.deepEqual(
      brief.sort(),
      [
        ["like", "", mine.id, false],
        ["mention", "hello @ada.test", null, true],
        ["quote", "look at this", mine.id, true],
        ["reply", "a reply", mine.id, true],
      ],
    );
    for (const { authorId, authorHandle } of got) {
      assert.deepEqual([authorId, authorHandle], [fan.account.accountId, "fan.test"]);
    }
  },

  "a mention deep in a thread of others is answered there, and they see it": async ({ world, ada, fan }) => {
    const adapter = createBlueskyAdapter();
    const other = await link(world.network, await newAccount(world.network, "grace.test"));
    const { cursor } = await adapter.poll(ada, null);
    const root = await post(other, payload("where it began"));
    let above = root;
    for (let depth = 1; depth <= 6; depth++) {
      const by = depth % 2 === 0 ? other : fan;
      above = await post(by, frozen([{ text: `depth ${depth}`, facets: [] }], await found(by, above.id)));
    }
    const asked = await adapter.prepare(fan, ["what says @ada.test?"]);
    const deep = await post(fan, frozen(asked, await found(fan, above.id)));
    const [mention] = await pollUntil(ada, cursor, 1);
    assert.deepEqual([mention!.id, mention!.kind, mention!.summons], [deep.id, "mention", true]);

    const target = await found(ada, mention!.id);
    assert.deepEqual(target, { id: deep.id, cid: deep.cid, root: { id: root.id, cid: root.cid } });
    const start = await adapter.poll(fan, null);
    await post(ada, frozen([{ text: "I say this", facets: [] }], target));
    const [stored] = await postsSaying(world, "I say this");
    assert.deepEqual(stored!.value.reply, {
      root: { uri: root.id, cid: root.cid },
      parent: { uri: deep.id, cid: deep.cid },
    });
    const [reply] = await pollUntil(fan, start.cursor, 1);
    assert.deepEqual([reply!.kind, reply!.text, reply!.about], ["reply", "I say this", deep.id]);
  },

  "a reply to somebody else below the persona's post is heard, and nobody asked it for an answer": async (
    { world, ada, fan },
  ) => {
    const adapter = createBlueskyAdapter();
    const other = await link(world.network, await newAccount(world.network, "between.test"));
    const mine = await post(ada, payload("talk below me"));
    const { cursor } = await adapter.poll(ada, null);
    const theirs = await post(fan, frozen([{ text: "to ada", facets: [] }], await found(fan, mine.id)));
    await post(other, frozen([{ text: "to fan", facets: [] }], await found(other, theirs.id)));
    const got = await pollUntil(ada, cursor, 2);
    assert.deepEqual(got.map(({ text, kind, summons }) => [text, kind, summons]).sort(), [
      ["to ada", "reply", true],
      ["to fan", "reply", false],
    ]);
  },

  "findTarget: null for a post that is gone, never was, or is none": async ({ ada, fan }) => {
    const adapter = createBlueskyAdapter();
    const gone = await post(fan, payload("soon gone"));
    await found(ada, gone.id);
    assert.equal((await adapter.remove(fan, gone.id)).kind, "removed");
    await eventually(async () => await adapter.findTarget(ada, gone.id) === null ? true : null);
    for (
      const id of [
        `at://${fan.account.accountId}/app.bsky.feed.post/3lbbbbbbbbbbb`,
        "at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3lbbbbbbbbbbb",
        `at://${fan.account.accountId}/app.bsky.feed.like/3lbbbbbbbbbbb`,
        "https://bsky.app/profile/x/post/y",
      ]
    ) assert.equal(await adapter.findTarget(ada, id), null, id);
  },

  "findTarget: a gate or a block is told as a refusal with its reason": async ({ world, ada }) => {
    const { pdsUrl } = world.network;
    const adapter = createBlueskyAdapter();
    const shy = await link(world.network, await newAccount(world.network, "shy.test"));
    const gated = await post(shy, payload("nobody may answer"));
    await found(ada, gated.id);
    await callAs(shy, pdsUrl, "com.atproto.repo.createRecord", {
      collection: "app.bsky.feed.threadgate",
      rkey: gated.id.split("/").at(-1),
      record: { $type: "app.bsky.feed.threadgate", post: gated.id, allow: [], createdAt },
    });
    const reasonOf = (id: string) =>
      eventually(() =>
        adapter.findTarget(ada, id).then(() => null, (error) => {
          if (error instanceof PlatformFailed && error.outcome.kind === "rejected") {
            return error.outcome.reason;
          }
          throw error;
        })
      );
    assert.match(await reasonOf(gated.id), /does not take replies/);

    const open = await post(shy, payload("but you may not"));
    await found(ada, open.id);
    await callAs(shy, pdsUrl, "com.atproto.repo.createRecord", {
      collection: "app.bsky.graph.block",
      record: { $type: "app.bsky.graph.block", subject: world.did, createdAt },
    });
    assert.match(await reasonOf(open.id), /the author has blocked this account/);
  },

  "findTarget: a server that could not be asked, or answers nonsense, is a failed read": async (
    { world, ada, fan },
  ) => {
    const adapter = createBlueskyAdapter();
    const mine = await post(fan, payload("ask for me"));
    await found(ada, mine.id);
    const cid = mine.cid;
    const answers = [
      { status: 502, body: { error: "UpstreamFailure" } },
      { status: 200, body: {} },
      { status: 200, body: { thread: { post: { uri: mine.id, cid: 5, record: {} } } } },
      {
        status: 200,
        body: { thread: { post: { uri: "at://did:plc:b/app.bsky.feed.post/x", cid, record: {} } } },
      },
      {
        status: 200,
        body: {
          thread: { post: { uri: mine.id, cid, record: { reply: { root: { uri: "javascript:", cid } } } } },
        },
      },
    ];
    for (const answer of answers) {
      world.proxy.inject(THREAD, { kind: "answer", when: "before", ...answer });
      await assert.rejects(
        adapter.findTarget(ada, mine.id),
        (error) => error instanceof PlatformFailed && error.outcome.kind === "uncertain",
        JSON.stringify(answer),
      );
    }
  },

  "mentions in every order, with an unknown one among them: each is told, in its place": async (
    { ada, fan, world },
  ) => {
    const adapter = createBlueskyAdapter();
    const third = await link(world.network, await newAccount(world.network, "third.test"));
    const accounts: Record<string, string | null> = {
      "@fan.test": fan.account.accountId,
      "@third.test": third.account.accountId,
      "@nobody.test": null,
    };
    const starts = await Promise.all([fan, third].map(async (who) => (await adapter.poll(who, null)).cursor));
    const texts = orders(Object.keys(accounts)).map((names) => `🎉 ${names.join(" ")} grüße`);
    for (const part of await adapter.prepare(ada, texts)) {
      const bytes = new TextEncoder().encode(part.text);
      const spans = part.facets.map((facet) => [
        new TextDecoder().decode(bytes.slice(facet.start, facet.end)),
        facet.kind === "mention" && facet.accountId,
      ]);
      const known = part.text.split(" ").filter((word) => accounts[word] != null);
      assert.deepEqual(spans, known.map((word) => [word, accounts[word]]));
      await post(ada, frozen([part]));
    }
    for (const [at, who] of [fan, third].entries()) {
      const got = await pollUntil(who, starts[at]!, texts.length);
      assert.deepEqual(got.map(({ text }) => text).sort(), [...texts].sort());
      assert.equal(got.every(({ kind }) => kind === "mention"), true);
    }
  },
};

/** Posts it, at its first attempt. */
async function post(
  by: TestContext,
  payload: ReturnType<typeof frozen>,
): Promise<{ id: string; cid: string }> {
  const outcome = await createBlueskyAdapter().publish(by, payload, []);
  if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
  const { id, url } = outcome.sent.at(-1)!;
  return { id, cid: (await (await fetch(url)).json()).cid };
}

/** Once the AppView has heard of it. By another than its author: of their own posts a PDS tells before the AppView does. */
async function found(by: TestContext, id: string) {
  const adapter = createBlueskyAdapter();
  return await eventually(() => adapter.findTarget(by, id));
}

/** Everything since `cursor`, once it is at least `count`; another poll then brings nothing. */
async function pollUntil(who: TestContext, cursor: string | null, count: number): Promise<Interaction[]> {
  const adapter = createBlueskyAdapter();
  const got: Interaction[] = [];
  await eventually(async () => {
    const polled = await adapter.poll(who, cursor);
    cursor = polled.cursor;
    got.push(...polled.interactions);
    return got.length >= count ? true : null;
  });
  assert.deepEqual((await adapter.poll(who, cursor)).interactions, []);
  assert.equal(got.length, count, JSON.stringify(got));
  return got;
}

function orders(names: string[]): string[][] {
  if (names.length < 2) return [names];
  return names.flatMap((first) =>
    orders(names.filter((name) => name !== first)).map((rest) => [first, ...rest])
  );
}
