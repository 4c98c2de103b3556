import assert from "node:assert/strict";
import type { Fault } from "../../../../tests/bluesky_network/fault_proxy.ts";
import type { Outcome } from "../port.ts";
import { CallFailed, createBlueskyAdapter } from "./adapter.ts";
import { readBotLabel, setBotLabel } from "./bot_label.ts";
import { conversationSteps } from "./conversation_steps.ts";
import { pictureSteps } from "./picture_steps.ts";
import { sessionSteps } from "./session_steps.ts";
import {
  link,
  looking,
  newAccount,
  payload,
  postsSaying,
  type Steps,
  type TestContext,
  withWorld,
  type World,
} from "./testing.ts";
import { threadSteps } from "./thread_steps.ts";

const PUT = "com.atproto.repo.putRecord";
const deadlineMs = 1_500;

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
    const all = { ...steps, ...sessionSteps, ...threadSteps, ...pictureSteps, ...conversationSteps() };
    for (const [name, run] of Object.entries(all)) await test.step(name, () => run(world, linked));
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

  const found = await adapter.reconcile(linked, frozen, looking());
  assert.equal(found.kind, out ? "found" : "absent");
  if (found.kind === "absent") assert.equal(found.safeToRepeat, true);

  const again = await adapter.publish(linked, frozen, []);
  assert.equal(again.kind, "sent");
  assert.equal((await postsSaying(world, name)).length, 1);
  if (found.kind === "found" && again.kind === "sent") assert.deepEqual(again.sent, found.sent);
}

const steps: Steps = {
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
      assert.equal(
        (await createBlueskyAdapter().reconcile(context, payload("nowhere"), looking())).kind,
        "unknown",
      );
    }
  },

  "publish: another post under the key is rejected, and left as it is": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const [mine, other] = [payload("the first"), payload("the second")];
    assert.equal((await adapter.publish(linked, mine, [])).kind, "sent");
    const outcome = await adapter.publish(linked, { ...other, keys: mine.keys }, []);
    assert.deepEqual(outcome, { kind: "rejected", reason: "another post is stored under this key" });
    assert.equal((await adapter.reconcile(linked, { ...other, keys: mine.keys }, looking())).kind, "unknown");
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
