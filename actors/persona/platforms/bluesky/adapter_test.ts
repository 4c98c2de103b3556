import assert from "node:assert/strict";
import type { Fault } from "../../../../tests/bluesky_network/fault_proxy.ts";
import type { AdapterContext, Outcome } from "../port.ts";
import { CallFailed, createBlueskyAdapter } from "./adapter.ts";
import { readBotLabel, setBotLabel } from "./bot_label.ts";
import {
  eventually,
  link,
  newAccount,
  payload,
  postsSaying,
  type TestContext,
  withWorld,
  type World,
} from "./testing.ts";

const PUT = "com.atproto.repo.putRecord";
const deadlineMs = 1500;
const EXPIRED: Fault = { kind: "answer", when: "before", status: 400, body: { error: "ExpiredToken" } };
const UNAUTHORIZED: Fault = {
  kind: "answer",
  when: "before",
  status: 401,
  body: { error: "AuthenticationRequired" },
};

const faults: { name: string; fault: Fault; out: boolean; outcome: Outcome["kind"] }[] = [
  {
    name: "dropped before it arrives",
    fault: { kind: "drop", when: "before" },
    out: false,
    outcome: "uncertain",
  },
  {
    name: "accepted but not answered",
    fault: { kind: "drop", when: "after" },
    out: true,
    outcome: "uncertain",
  },
  {
    name: "never answered, not arrived",
    fault: { kind: "stall", when: "before" },
    out: false,
    outcome: "uncertain",
  },
  {
    name: "accepted but answered too late",
    fault: { kind: "stall", when: "after" },
    out: true,
    outcome: "uncertain",
  },
  { name: "accepted with half an answer", fault: { kind: "half" }, out: true, outcome: "uncertain" },
  {
    name: "500 after it was accepted",
    fault: { kind: "answer", when: "after", status: 500 },
    out: true,
    outcome: "uncertain",
  },
  {
    name: "502 before it arrived",
    fault: { kind: "answer", when: "before", status: 502 },
    out: false,
    outcome: "uncertain",
  },
  {
    name: "200 that names no post",
    fault: { kind: "answer", when: "after", status: 200 },
    out: true,
    outcome: "uncertain",
  },
  {
    name: "a redirect",
    fault: { kind: "answer", when: "before", status: 307, headers: { location: "http://127.0.0.1:9/" } },
    out: false,
    outcome: "uncertain",
  },
  {
    name: "a refusal",
    fault: { kind: "answer", when: "before", status: 400, body: { error: "InvalidRequest" } },
    out: false,
    outcome: "rejected",
  },
  {
    name: "429",
    fault: { kind: "answer", when: "before", status: 429 },
    out: false,
    outcome: "rate_limited",
  },
  {
    name: "a suspended account",
    fault: { kind: "answer", when: "before", status: 400, body: { error: "AccountTakedown" } },
    out: false,
    outcome: "auth_dead",
  },
];

Deno.test("blueskyAdapter on a real network", async (test) => {
  await withWorld(test, async (world) => {
    const linked = await link(world.network, world, world.proxy.url);
    for (const each of faults) {
      await test.step(`publish: ${each.name} is ${each.outcome}, and the post is out once at most`, async () => {
        await provesOneFault(world, linked, each);
      });
    }
    for (const [name, run] of Object.entries(steps)) await test.step(name, () => run(world, linked));
  });
});

async function provesOneFault(
  world: World,
  linked: TestContext,
  { name, fault, out, outcome }: typeof faults[number],
) {
  const adapter = createBlueskyAdapter({ deadlineMs });
  const frozen = payload(name);
  const sendings = world.proxy.count(PUT).received;
  world.proxy.inject(PUT, fault);
  assert.equal((await adapter.publish(linked, frozen, [])).kind, outcome);
  assert.equal(world.proxy.count(PUT).received, sendings + 1, "it must not be repeated blindly");
  assert.equal((await postsSaying(world, name)).length, out ? 1 : 0);

  const found = await adapter.reconcile(linked, frozen);
  assert.equal(found.kind, out ? "found" : "absent");
  if (found.kind === "absent") assert.equal(found.safeToRepeat, true);

  const again = await adapter.publish(linked, frozen, []);
  assert.equal(again.kind, "sent");
  assert.equal((await postsSaying(world, name)).length, 1);
  if (found.kind === "found" && again.kind === "sent") assert.deepEqual(again.sent, found.sent);
}

const steps: Record<string, (world: World, linked: TestContext) => Promise<void>> = {
  "publish: the address that it gives opens and shows the post": async (world, linked) => {
    const outcome = await createBlueskyAdapter().publish(linked, payload("open me"), []);
    assert.equal(outcome.kind, "sent");
    if (outcome.kind !== "sent") return;
    const [sent] = outcome.sent;
    assert.match(sent!.id, new RegExp(`^at://${world.did}/app.bsky.feed.post/`));
    assert.equal((await (await fetch(sent!.url)).json()).value.text, "open me");
  },

  "publish: a refused connection and an unknown name are not_sent": async (_world, linked) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    for (const service of [`http://127.0.0.1:${port}`, "http://127.0.0.1:9", "https://nobody.invalid"]) {
      const context = { ...linked, account: { ...linked.account, service } };
      const outcome = await createBlueskyAdapter().publish(context, payload("nowhere"), []);
      assert.equal(outcome.kind, "not_sent", service);
      assert.equal((await createBlueskyAdapter().reconcile(context, payload("nowhere"))).kind, "unknown");
    }
  },

  "publish: another post under the key is rejected, and left as it is": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const [mine, other] = [payload("the first"), payload("the second")];
    assert.equal((await adapter.publish(linked, mine, [])).kind, "sent");
    const outcome = await adapter.publish(linked, { ...other, keys: mine.keys }, []);
    assert.deepEqual(outcome, { kind: "rejected", reason: "another post is stored under this key" });
    assert.equal((await adapter.reconcile(linked, { ...other, keys: mine.keys })).kind, "unknown");
    assert.equal((await postsSaying(world, "the first")).length, 1);
  },

  "publish: eight attempts at once make one post": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const frozen = payload("all at once");
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => adapter.publish(linked, frozen, [])));
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(["sent"]));
    assert.equal((await postsSaying(world, "all at once")).length, 1);
  },

  "publish: rate_limited says until when, as the server does": async (world, linked) => {
    const now = Date.UTC(2026, 10, 22);
    const cases: [Record<string, string>, number][] = [
      [{ "ratelimit-reset": String(now / 1000 + 90) }, now + 90_000],
      [{ "retry-after": "30" }, now + 30_000],
      [{ "ratelimit-reset": "nonsense" }, now + 60_000],
      [{ "ratelimit-reset": "99999999999" }, now + 24 * 3600_000],
    ];
    for (const [headers, until] of cases) {
      world.proxy.inject(PUT, { kind: "answer", when: "before", status: 429, headers });
      const outcome = await createBlueskyAdapter({ now: () => now }).publish(linked, payload("wait"), []);
      assert.equal(outcome.kind === "rate_limited" && outcome.until, until);
    }
  },

  "publish: a call that was aborted before is not_sent": async (_world, linked) => {
    const outcome = await createBlueskyAdapter().publish(
      { ...linked, signal: AbortSignal.abort() },
      payload("x"),
      [],
    );
    assert.equal(outcome.kind, "not_sent");
  },

  "publish: a thread hangs together, and goes on at the part that is missing": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const frozen = payload("thread 1", "thread 2", "thread 3");
    const first = { ...frozen, keys: frozen.keys.slice(0, 1), records: frozen.records.slice(0, 1) };
    const begun = await adapter.publish(linked, first, []);
    assert.equal(begun.kind, "sent");
    world.proxy.inject(PUT, { kind: "answer", when: "before", status: 429 });
    const before = begun.kind === "sent" ? begun.sent : [];
    assert.equal((await adapter.publish(linked, frozen, before)).kind, "rate_limited");
    assert.deepEqual(await adapter.reconcile(linked, frozen), { kind: "absent", safeToRepeat: true });
    const ended = await adapter.publish(linked, frozen, before);
    assert.equal(ended.kind === "sent" && ended.sent.length, 3);
    const again = await adapter.publish(linked, frozen, []);
    assert.deepEqual(again, ended);
    assert.deepEqual(await adapter.reconcile(linked, frozen), { ...ended, kind: "found" });
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map(async (n) => (await postsSaying(world, `thread ${n}`))[0]!),
    );
    const ref = ({ uri, cid }: { uri: string; cid: string }) => ({ uri, cid });
    assert.deepEqual(two!.value.reply, { root: ref(one!), parent: ref(one!) });
    assert.deepEqual(three!.value.reply, { root: ref(one!), parent: ref(two!) });
  },

  "prepare: finds links, tags and mentions, and leaves an unknown handle as text": async (world, linked) => {
    const text = "Olá @ada.test and @nobody.test, see https://example.com/a?b=1. #fun ☕ (example.org)";
    const [part] = await createBlueskyAdapter().prepare(linked, [text]);
    const bytes = new TextEncoder().encode(text);
    const spans = part!.facets.map((
      { start, end, ...rest },
    ) => [new TextDecoder().decode(bytes.slice(start, end)), rest]);
    assert.deepEqual(spans, [
      ["@ada.test", { kind: "mention", handle: "ada.test", accountId: world.did }],
      ["https://example.com/a?b=1", { kind: "link", uri: "https://example.com/a?b=1" }],
      ["#fun", { kind: "tag", tag: "fun" }],
      ["example.org", { kind: "link", uri: "https://example.org" }],
    ]);
  },

  "prepare: fails rather than lose a mention when the server cannot be asked": async (world, linked) => {
    world.proxy.inject("com.atproto.identity.resolveHandle", { kind: "drop", when: "before" });
    await assert.rejects(createBlueskyAdapter().prepare(linked, ["@ada.test"]), CallFailed);
  },

  "session: an expired access token is renewed once for all calls, and kept before it is used": async (
    world,
    linked,
  ) => {
    for (let call = 0; call < 5; call++) world.proxy.inject(PUT, EXPIRED);
    const renewals = () => world.proxy.count("com.atproto.server.refreshSession").received;
    const [before, puts] = [renewals(), world.proxy.count(PUT).forwarded];
    const kept: string[] = [];
    const context: AdapterContext = {
      ...linked,
      keepSecret: (value) => {
        assert.equal(world.proxy.count(PUT).forwarded, puts, "kept before it is used");
        kept.push(value);
        return Promise.resolve();
      },
    };
    const adapter = createBlueskyAdapter();
    const posts = [1, 2, 3, 4, 5].map((n) => adapter.publish(context, payload(`renewed ${n}`), []));
    for (const outcome of await Promise.all(posts)) assert.equal(outcome.kind, "sent");
    assert.equal(renewals(), before + 1);
    assert.equal(kept.length, 1);
    const [old, fresh] = [JSON.parse(linked.secret), JSON.parse(kept[0]!)];
    assert.equal(fresh.password, old.password);
    assert.notEqual(fresh.session.refreshJwt, old.session.refreshJwt);
    assert.equal(
      (await adapter.publish({ ...context, secret: kept[0]! }, payload("renewed 6"), [])).kind,
      "sent",
    );
    assert.equal(renewals(), before + 1);
  },

  "session: a renewed token that could not be kept is not used": async (world, linked) => {
    world.proxy.inject(PUT, EXPIRED);
    const puts = world.proxy.count(PUT).received;
    const context = { ...linked, keepSecret: () => Promise.reject(new Error("vault is down")) };
    const outcome = await createBlueskyAdapter().publish(context, payload("not kept"), []);
    assert.equal(outcome.kind, "not_sent");
    assert.equal(world.proxy.count(PUT).received, puts + 1);
  },

  "session: a dead refresh token falls back to the password, once": async (world) => {
    const own = await link(world.network, world, world.proxy.url);
    const secret = JSON.parse(own.secret);
    secret.session = { accessJwt: "x.y.z", refreshJwt: "x.y.z" };
    const signIns = () => world.proxy.count("com.atproto.server.createSession").received;
    const before = signIns();
    const context = { ...own, secret: JSON.stringify(secret) };
    assert.equal(
      (await createBlueskyAdapter().publish(context, payload("signed in again"), [])).kind,
      "sent",
    );
    assert.equal(signIns(), before + 1);
    assert.equal(own.kept.length, 1);
  },

  "session: a changed password is auth_dead, and nothing is kept": async (world) => {
    const own = await link(world.network, world, world.proxy.url);
    const secret = {
      ...JSON.parse(own.secret),
      password: "another",
      session: { accessJwt: "x.y.z", refreshJwt: "x.y.z" },
    };
    const outcome = await createBlueskyAdapter().publish(
      { ...own, secret: JSON.stringify(secret) },
      payload("no"),
      [],
    );
    assert.equal(outcome.kind, "auth_dead");
    assert.equal(JSON.stringify(outcome).includes("another"), false);
    assert.deepEqual(own.kept, []);
  },

  "session: empty tokens, another account, or no answer at renewal never replace the secret": async (
    world,
  ) => {
    const REFRESH = "com.atproto.server.refreshSession";
    const session = { accessJwt: "a.b.c", refreshJwt: "d.e.f", did: "did:plc:somebodyelse" };
    const answers: [Fault, Outcome["kind"]][] = [
      [{ kind: "answer", when: "before", status: 200, body: { ...session, accessJwt: "" } }, "not_sent"],
      [{ kind: "answer", when: "before", status: 200, body: session }, "auth_dead"],
      [{ kind: "drop", when: "after" }, "not_sent"],
      [{ kind: "answer", when: "before", status: 429 }, "rate_limited"],
    ];
    for (const [fault, kind] of answers) {
      const own = await link(world.network, world, world.proxy.url);
      world.proxy.inject(PUT, UNAUTHORIZED);
      world.proxy.inject(REFRESH, fault);
      assert.equal((await createBlueskyAdapter().publish(own, payload("no"), [])).kind, kind);
      assert.deepEqual(own.kept, []);
    }
  },

  "poll: hands out each interaction once, with what it is about": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const mine = await adapter.publish(linked, payload("answer me"), []);
    if (mine.kind !== "sent") throw new Error("unreachable");
    const start = await adapter.poll(linked, null);
    const fan = await newAccount(world.network, "fan.test");
    const theirs = await link(world.network, fan);
    const parent = (await postsSaying(world, "answer me"))[0]!;
    const ref = { uri: parent.uri, cid: parent.cid };
    const reply = payload("a reply");
    reply.records[0]!.reply = { root: ref, parent: ref };
    await adapter.publish(theirs, reply, []);
    const [mention] = await adapter.prepare(theirs, ["hello @ada.test"]);
    const said = payload(mention!.text);
    said.records[0]!.facets = [{
      index: { byteStart: mention!.facets[0]!.start, byteEnd: mention!.facets[0]!.end },
      features: [{ $type: "app.bsky.richtext.facet#mention", did: world.did }],
    }];
    await adapter.publish(theirs, said, []);

    const got: Awaited<ReturnType<typeof adapter.poll>>["interactions"] = [];
    let cursor = start.cursor;
    await eventually(async () => {
      const polled = await adapter.poll(linked, cursor);
      cursor = polled.cursor;
      got.push(...polled.interactions);
      return got.length >= 2 ? true : null;
    });
    assert.deepEqual((await adapter.poll(linked, cursor)).interactions, []);
    const brief = got.map(({ kind, text, about, authorId, authorHandle }) => ({
      kind,
      text,
      about,
      authorId,
      authorHandle,
    }));
    const by = { authorId: fan.did, authorHandle: "fan.test" };
    assert.deepEqual(
      new Set(brief),
      new Set(
        [
          { kind: "reply", text: "a reply", about: mine.sent[0]!.id, ...by },
          { kind: "mention", text: "hello @ada.test", about: null, ...by },
        ] as typeof brief,
      ),
    );
  },

  "worker: with net for its PDS alone the adapter prepares and posts, and reaches nothing else": async (
    world,
  ) => {
    const { account, secret } = await link(world.network, world);
    const worker = new Worker(new URL("./worker_fixture.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { net: [new URL(account.service).host] } },
    });
    try {
      const answer = new Promise<Record<string, unknown>>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (error) => {
          error.preventDefault();
          reject(new Error(error.message));
        };
      });
      const createdAt = "2026-11-22T10:00:00.000Z";
      const text = "from a worker, to @ada.test";
      const elsewhere = world.network.plcUrl;
      worker.postMessage({
        context: { account, secret },
        text,
        createdAt,
        tid: payload("").keys[0],
        elsewhere,
      });
      const said = await answer;
      if (Deno.env.get("MEASURE") === "1") console.log("measured in the worker", said.steps, said.prepareMs);
      assert.equal((said.outcome as Outcome).kind, "sent", JSON.stringify(said.outcome));
      assert.equal(said.facets, 1);
      assert.equal(said.elsewhere, "NotCapable");
      assert.equal((await postsSaying(world, text)).length, 1);
    } finally {
      worker.terminate();
    }
  },

  "bot label: is set once and keeps the rest of the profile": async (world) => {
    const own = await link(world.network, world);
    assert.equal(await readBotLabel(own), false);
    assert.equal(await setBotLabel(own), true);
    assert.equal(await readBotLabel(own), true);
    assert.equal(await setBotLabel(own), false);
    const fan = await link(world.network, await newAccount(world.network, "painter.test"));
    const profile = { $type: "app.bsky.actor.profile", displayName: "Painter", description: "I paint" };
    const session = JSON.parse(fan.secret).session;
    const labels = { $type: "com.atproto.label.defs#selfLabels", values: [{ val: "!no-unauthenticated" }] };
    const stored = await fetch(`${world.network.pdsUrl}/xrpc/${PUT}`, {
      method: "POST",
      headers: { authorization: `Bearer ${session.accessJwt}`, "content-type": "application/json" },
      body: JSON.stringify({
        repo: fan.account.accountId,
        collection: profile.$type,
        rkey: "self",
        record: { ...profile, labels },
      }),
    });
    assert.equal(stored.status, 200, await stored.text());
    assert.equal(await setBotLabel(fan), true);
    const query = new URLSearchParams({
      repo: fan.account.accountId,
      collection: profile.$type,
      rkey: "self",
    });
    const { value } = await (await fetch(`${world.network.pdsUrl}/xrpc/com.atproto.repo.getRecord?${query}`))
      .json();
    assert.deepEqual(value, {
      ...profile,
      labels: { ...labels, values: [...labels.values, { val: "bot" }] },
    });
  },
};
