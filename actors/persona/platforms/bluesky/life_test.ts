import assert from "node:assert/strict";
import type { Fault } from "../../../../tests/bluesky_network/fault_proxy.ts";
import { PlatformFailed } from "../port.ts";
import { createBlueskyAdapter } from "./adapter.ts";
import {
  callAs,
  eventually,
  link,
  looking,
  newAccount,
  payload,
  postsSaying,
  type Steps,
  type TestContext,
  withWorld,
} from "./testing.ts";

const DELETE = "com.atproto.repo.deleteRecord";
const REFRESH = "com.atproto.server.refreshSession";
const deadlineMs = 1_500;
const createdAt = "2026-11-22T10:00:00.000Z";

Deno.test("blueskyAdapter, the life of a connection on a real network that counts requests", async (test) => {
  await withWorld(test, async (world) => {
    const linked = await link(world.network, world, world.proxy.url);
    for (const [name, run] of Object.entries(steps)) await test.step(name, () => run(world, linked));
  }, { rateLimits: true });
});

const steps: Steps = {
  "metrics: what is counted of each post, however many; what is gone is told so": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const [liked, ...plain] = await Promise.all(
      Array.from({ length: 27 }, (_, n) => post(linked, `counted ${n}`)),
    );
    const gone = await post(linked, "soon deleted");
    assert.equal((await adapter.remove(linked, gone.id)).kind, "removed");
    const fan = await link(world.network, await newAccount(world.network, "fan.test"));
    const { uri, cid } = (await postsSaying(world, "counted 0"))[0]!;
    const act = (collection: string, fields: Record<string, unknown>) =>
      callAs(fan, world.network.pdsUrl, "com.atproto.repo.createRecord", {
        collection,
        record: { $type: collection, createdAt, ...fields },
      });
    const ref = { uri, cid };
    await act("app.bsky.feed.like", { subject: ref });
    await act("app.bsky.feed.repost", { subject: ref });
    await act("app.bsky.feed.post", { text: "a reply", reply: { root: ref, parent: ref } });
    await act("app.bsky.feed.post", {
      text: "a quote",
      embed: { $type: "app.bsky.embed.record", record: ref },
    });
    const never = `at://${world.did}/app.bsky.feed.post/3lbbbbbbbbbbb`;
    const ids = [liked!, ...plain, gone].map(({ id }) => id);
    const asked = world.proxy.count("app.bsky.feed.getPosts").received;
    const measured = await eventually(async () => {
      const measured = await adapter.metrics(linked, [...ids, never, never]);
      const first = measured.get(liked!.id);
      const [last] = plain.slice(-1).map(({ id }) => measured.get(id));
      const all = first?.kind === "counted" && Object.values(first.metrics).filter((count) => count === 1);
      const heard = last?.kind === "counted" && last.metrics.likes !== null;
      return all !== false && all.length === 4 && heard ? measured : null;
    });
    assert.equal((world.proxy.count("app.bsky.feed.getPosts").received - asked) % 2, 0, "25 in a question");
    const unknown = { impressions: null, reached: null, clicks: null };
    const none = { likes: 0, reposts: 0, replies: 0, quotes: 0, bookmarks: 0, ...unknown };
    const once = { ...none, likes: 1, reposts: 1, replies: 1, quotes: 1 };
    assert.deepEqual(measured.get(liked!.id), { kind: "counted", metrics: once });
    assert.deepEqual(measured.get(plain.at(-1)!.id), { kind: "counted", metrics: none });
    assert.deepEqual([measured.get(gone.id), measured.get(never)], [{ kind: "gone" }, { kind: "gone" }]);
    assert.equal(measured.size, 29);
  },

  "metrics: a post that only the AppView does not know is not taken for gone": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const { id } = await post(linked, "not heard of");
    const empty: Fault = { kind: "answer", when: "before", status: 200, body: { posts: [] } };
    world.proxy.inject("app.bsky.feed.getPosts", empty);
    const measured = (await adapter.metrics(linked, [id])).get(id);
    assert.equal(measured?.kind === "counted" && measured.metrics.likes, null);
    world.proxy.inject("app.bsky.feed.getPosts", empty);
    world.proxy.inject("com.atproto.repo.getRecord", { kind: "drop", when: "before" });
    await assert.rejects(adapter.metrics(linked, [id]), PlatformFailed);
    await assert.rejects(
      adapter.metrics(linked, Array.from({ length: 1001 }, (_, n) => String(n))),
      RangeError,
    );
  },

  "remove: once is enough, again is harmless, and a stranger's post is left alone": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    for (
      const fault of [null, { kind: "drop", when: "after" }, { kind: "repeat" }, { kind: "late" }] as const
    ) {
      const text = `remove me ${fault?.kind}`;
      const { id } = await post(linked, text);
      if (fault !== null) world.proxy.inject(DELETE, fault);
      const removed = await adapter.remove(linked, id);
      assert.equal(removed.kind, fault === null || fault.kind === "repeat" ? "removed" : "uncertain");
      assert.deepEqual(await adapter.remove(linked, id), { kind: "removed" });
      await world.proxy.settled();
      assert.deepEqual(await adapter.remove(linked, id), { kind: "removed" });
      assert.equal((await postsSaying(world, text)).length, 0);
    }
    const deletions = world.proxy.count(DELETE).received;
    for (
      const id of [
        "at://did:plc:b/app.bsky.feed.post/3lbbbbbbbbbbb",
        `at://${world.did}/app.bsky.actor.profile/self`,
      ]
    ) {
      assert.equal((await adapter.remove(linked, id)).kind, "rejected");
    }
    assert.equal(world.proxy.count(DELETE).received, deletions);
  },

  "refresh: a session with time left is looked at, one that nearly ends is renewed once": async (world) => {
    const own = await link(world.network, world, world.proxy.url);
    const renewals = world.proxy.count(REFRESH).received;
    assert.deepEqual(await createBlueskyAdapter().refresh(own), { kind: "fresh" });
    assert.deepEqual([world.proxy.count(REFRESH).received - renewals, own.kept.length], [0, 0]);
    const { accessUntil, leaveUntil } = createBlueskyAdapter().describe(own);
    assert.equal(accessUntil! > Date.now() && leaveUntil! > accessUntil!, true);
    const late = createBlueskyAdapter({ now: () => accessUntil! - 599_000 });
    const three = [1, 2, 3].map(() => late.refresh(own));
    assert.deepEqual(await Promise.all(three), Array(3).fill({ kind: "fresh" }));
    assert.deepEqual([world.proxy.count(REFRESH).received - renewals, own.kept.length], [1, 1]);
    const early = createBlueskyAdapter({ now: () => accessUntil! - 601_000 });
    assert.deepEqual(await early.refresh(own), { kind: "fresh" });
    assert.equal(world.proxy.count(REFRESH).received - renewals, 1);
  },

  "refresh: a dead sign-in, another account and a deactivated one are auth_dead; a slow server is not":
    async (world) => {
      const adapter = createBlueskyAdapter({ deadlineMs });
      const own = await link(world.network, world, world.proxy.url);
      const session = { accessJwt: "x.y.z", refreshJwt: "x.y.z" };
      const dead = { ...JSON.parse(own.secret), password: "changed", session };
      assert.equal((await adapter.refresh({ ...own, secret: JSON.stringify(dead) })).kind, "auth_dead");
      assert.equal((await adapter.refresh({ ...own, secret: "unreadable" })).kind, "auth_dead");
      assert.equal(
        (await adapter.publish({ ...own, secret: "unreadable" }, payload("x"), [])).kind,
        "auth_dead",
      );
      const GET = "com.atproto.server.getSession";
      world.proxy.inject(GET, { kind: "answer", when: "before", status: 200, body: { did: "did:plc:b" } });
      assert.equal((await adapter.refresh(own)).kind, "auth_dead");
      world.proxy.inject(GET, { kind: "stall", when: "before" });
      assert.equal((await adapter.refresh(own)).kind, "uncertain");
      assert.deepEqual(await adapter.refresh(own), { kind: "fresh" });

      const sleeper = await link(world.network, await newAccount(world.network, "sleeper.test"));
      await callAs(sleeper, world.network.pdsUrl, "com.atproto.server.deactivateAccount", {});
      assert.deepEqual(await adapter.refresh(sleeper), {
        kind: "auth_dead",
        reason: "the account is deactivated",
      });
    },

  "the PDS is down: everything is told as not done, and goes on when it is back": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const frozen = payload("after the outage");
    const { id } = await post(linked, "before the outage");
    await world.proxy.setDown(true);
    linked.told.length = 0;
    try {
      assert.equal((await adapter.publish(linked, frozen, [])).kind, "not_sent");
      assert.equal((await adapter.reconcile(linked, frozen, looking())).kind, "unknown");
      assert.equal((await adapter.remove(linked, id)).kind, "not_sent");
      assert.equal((await adapter.refresh(linked)).kind, "not_sent");
      for (
        const asked of [
          adapter.poll(linked, null),
          adapter.metrics(linked, [id]),
          adapter.findTarget(linked, id),
          adapter.prepare(linked, ["@ada.test"]),
        ]
      ) {
        await assert.rejects(
          asked,
          (error) => error instanceof PlatformFailed && error.outcome.kind === "not_sent",
        );
      }
    } finally {
      await world.proxy.setDown(false);
    }
    const failed = { call: { ok: false, error: "the server could not be reached" } };
    assert.deepEqual(linked.told, Array(8).fill(failed));
    assert.equal((await adapter.publish(linked, frozen, [])).kind, "sent");
    assert.equal((await postsSaying(world, "after the outage")).length, 1);
  },

  "noted: each call tells its window, what was asked and how it went": async (_world, linked) => {
    const adapter = createBlueskyAdapter();
    linked.told.length = 0;
    const { id } = await post(linked, "noted");
    await adapter.poll(linked, null);
    await adapter.remove(linked, id);
    const told = linked.told.map(({ windows, spent, call }) => [
      windows?.map(({ name, holds, limit }) => [name, holds, limit]),
      spent,
      call,
    ]);
    // Of the windows that a call counts in, the server tells the tightest alone: here that of all requests.
    const requests = [["requests in 5 minutes", "any", 3000]];
    const spent = (what: string) => [{ what, count: 1, microUsd: 0 }];
    assert.deepEqual(told, ["post", "read", "delete"].map((what) => [requests, spent(what), { ok: true }]));
    const [first, second, third] = linked.told.map(({ windows }) => windows![0]!);
    assert.deepEqual([first!.remaining - second!.remaining, second!.remaining - third!.remaining], [1, 1]);
    assert.equal(first!.resetAt > Date.now() && first!.resetAt <= Date.now() + 300_000, true);
  },

  "noted: neither a secret nor words of others are in it": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    linked.told.length = 0;
    const { password, session } = JSON.parse(linked.secret);
    const body = { error: "InvalidRequest", message: `foreign words ${session.accessJwt} ${password}` };
    for (const status of [400, 403, 404, 429, 500]) {
      world.proxy.inject("*", { kind: "answer", when: "before", status, body });
      assert.notEqual((await adapter.publish(linked, payload("my own text"), [])).kind, "sent");
    }
    world.proxy.inject("*", { kind: "answer", when: "before", status: 404, body: "not XRPC" });
    assert.equal((await adapter.publish(linked, payload("my own text"), [])).kind, "rejected");
    const dead = {
      ...linked,
      secret: JSON.stringify({
        ...JSON.parse(linked.secret),
        password: "no",
        session: { accessJwt: "x", refreshJwt: "y" },
      }),
    };
    assert.equal((await adapter.publish(dead, payload("my own text"), [])).kind, "auth_dead");
    assert.deepEqual(linked.told.map(({ call }) => call?.ok), [true, true, true, false, false, false, false]);
    const said = JSON.stringify(linked.told);
    for (const word of ["foreign", "my own", password, session.accessJwt]) {
      assert.equal(said.includes(word), false);
    }
  },
};

/** Posts it, at its first attempt. */
async function post(by: TestContext, text: string) {
  const outcome = await createBlueskyAdapter().publish(by, payload(text), []);
  if (outcome.kind !== "sent") throw new Error(JSON.stringify(outcome));
  return outcome.sent[0]!;
}
