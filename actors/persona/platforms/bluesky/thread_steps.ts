import assert from "node:assert/strict";
import type { Fault } from "../../../../tests/bluesky_network/fault_proxy.ts";
import type { Outcome, Payload, Sent } from "../port.ts";
import { createBlueskyAdapter } from "./adapter.ts";
import {
  cut,
  eventually,
  frozen,
  link,
  looking,
  newAccount,
  payload,
  picture,
  postsSaying,
  type Steps,
  type TestContext,
  type World,
} from "./testing.ts";

const PUT = "com.atproto.repo.putRecord";
const GET = "com.atproto.repo.getRecord";
const deadlineMs = 1_500;
const PARTS = 3;

/** `out`: whether the part is on the server when the attempt has ended. */
const faults: Record<string, { fault: Fault; out: boolean; outcome: Outcome["kind"] }> = {
  "dropped before": { fault: { kind: "drop", when: "before" }, out: false, outcome: "uncertain" },
  "dropped after": { fault: { kind: "drop", when: "after" }, out: true, outcome: "uncertain" },
  "stalled after": { fault: { kind: "stall", when: "after" }, out: true, outcome: "uncertain" },
  "half an answer": { fault: { kind: "half" }, out: true, outcome: "uncertain" },
  "delayed": { fault: { kind: "delay", ms: 100 }, out: true, outcome: "sent" },
  "repeated": { fault: { kind: "repeat" }, out: true, outcome: "sent" },
  "late": { fault: { kind: "late" }, out: true, outcome: "uncertain" },
  "500 after": { fault: { kind: "answer", when: "after", status: 500 }, out: true, outcome: "uncertain" },
  "429": { fault: { kind: "answer", when: "before", status: 429 }, out: false, outcome: "rate_limited" },
  "refused": {
    fault: { kind: "answer", when: "before", status: 400, body: { error: "InvalidRequest" } },
    out: false,
    outcome: "rejected",
  },
};

async function provesOneFault(world: World, linked: TestContext, name: string) {
  const { fault, out, outcome: expected } = faults[name]!;
  const adapter = createBlueskyAdapter({ deadlineMs });
  const whole = payload(...Array.from({ length: PARTS }, (_, part) => `${name}, part ${part}`));
  let before: Sent[] = [];
  for (let part = 0; part < PARTS; part++) {
    world.proxy.inject(PUT, fault);
    const outcome = await adapter.publish(linked, cut(whole, before), before);
    await world.proxy.settled();
    assert.equal(outcome.kind, expected);
    if (outcome.kind !== "sent") {
      // What is out, and no more than that, is told, of one part as of several.
      assert.deepEqual(outcome.parts ?? [], before);
      const looked = await adapter.reconcile(linked, cut(whole, before), looking(before));
      assert.equal(looked.kind, out ? "found" : "absent");
      if (looked.kind === "absent") assert.deepEqual([looked.safeToRepeat, looked.parts], [true, before]);
      assert.deepEqual(await adapter.reconcile(linked, cut(whole, before), looking()), looked);
    }
    const again = await adapter.publish(linked, cut(whole, before), before);
    assert.equal(again.kind, "sent");
    before = again.kind === "sent" ? again.sent : before;
  }
  await hangsTogether(world, whole, before);
}

/** Every part is there once, each below the one before it. */
async function hangsTogether(world: World, { records }: Payload, sent: Sent[]) {
  const answered = records[0]!.reply as { root: unknown } | undefined;
  const refs: { uri: string; cid: string }[] = [];
  for (const [part, record] of records.entries()) {
    const there = await postsSaying(world, String(record.text));
    assert.equal(there.length, 1);
    const { uri, cid, value } = there[0]!;
    assert.equal(uri, sent[part]!.id);
    const root = answered?.root ?? refs[0];
    assert.deepEqual(value.reply, part === 0 ? answered : { root, parent: refs.at(-1) });
    refs.push({ uri, cid });
  }
}

/** Threads: each fault at each part, and what they hang under. */
export const threadSteps: Steps = {
  ...Object.fromEntries(
    Object.keys(faults).map((name) => [
      `thread, each part ${name}: it goes on there, and every part is out once`,
      (world: World, linked: TestContext) => provesOneFault(world, linked, name),
    ]),
  ),

  "a whole thread at once: what is out is told at a failure in the middle, and it goes on there": async (
    world,
    linked,
  ) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const whole = payload("at once 1", "at once 2", "at once 3");
    world.proxy.inject(PUT, { kind: "delay", ms: 1 });
    world.proxy.inject(PUT, { kind: "answer", when: "before", status: 429 });
    const stopped = await adapter.publish(linked, whole, []);
    assert.equal(stopped.kind, "rate_limited");
    const parts = "parts" in stopped ? stopped.parts ?? [] : [];
    assert.equal(parts.length, 1);
    assert.deepEqual(await adapter.reconcile(linked, whole, looking()), {
      kind: "absent",
      safeToRepeat: true,
      parts,
    });
    const ended = await adapter.publish(linked, whole, parts);
    assert.equal(ended.kind === "sent" && ended.sent.length, 3);
    assert.deepEqual(await adapter.publish(linked, whole, []), ended);
    assert.deepEqual(await adapter.reconcile(linked, whole, looking()), { ...ended, kind: "found" });
    await hangsTogether(world, whole, ended.kind === "sent" ? ended.sent : []);
  },

  "reconcile: parts that are known to be out cost two questions at most": async (world, linked) => {
    const adapter = createBlueskyAdapter();
    const whole = payload("long 1", "long 2", "long 3", "long 4", "long 5");
    const ended = await adapter.publish(linked, whole, []);
    const sent = ended.kind === "sent" ? ended.sent : [];
    const asked = async (before: Sent[]) => {
      const from = world.proxy.count(GET).received;
      const looked = await adapter.reconcile(linked, whole, looking(before));
      assert.deepEqual(looked, { kind: "found", sent });
      return world.proxy.count(GET).received - from;
    };
    assert.deepEqual([await asked([]), await asked(sent.slice(0, 4)), await asked(sent)], [5, 3, 2]);
  },

  "a part that the account's owner deleted is not brought back by reconcile or the next part": async (
    world,
    linked,
  ) => {
    const adapter = createBlueskyAdapter();
    const whole = payload("deleted 1", "deleted 2", "deleted 3");
    const first = await adapter.publish(linked, cut(whole, []), []);
    const before = first.kind === "sent" ? first.sent : [];
    assert.equal((await adapter.remove(linked, before[0]!.id)).kind, "removed");
    const looked = await adapter.reconcile(linked, whole, looking(before));
    assert.deepEqual(looked, {
      kind: "unknown",
      reason: "an earlier part of this thread was deleted",
      evidence: before,
    });
    const outcome = await adapter.publish(linked, cut(whole, before), before);
    assert.equal(outcome.kind, "rejected");
    assert.equal((await postsSaying(world, "deleted 2")).length, 0);
  },

  "a look at what is out that fails is not_sent: nothing was written": async (world, linked) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const whole = payload("looked 1", "looked 2");
    const first = await adapter.publish(linked, cut(whole, []), []);
    const before = first.kind === "sent" ? first.sent : [];
    for (const fault of [{ kind: "drop", when: "before" }, { kind: "half" }, { kind: "late" }] as Fault[]) {
      world.proxy.inject(GET, fault);
      const puts = world.proxy.count(PUT).received;
      const outcome = await adapter.publish(linked, cut(whole, before), before);
      assert.deepEqual([outcome.kind, "parts" in outcome && outcome.parts], ["not_sent", before]);
      assert.equal(world.proxy.count(PUT).received, puts);
      world.proxy.inject(GET, fault);
      const looked = await adapter.reconcile(linked, whole, looking(before));
      assert.equal(looked.kind, "unknown");
    }
    await world.proxy.settled();
  },

  "a thread that answers somebody hangs under the root of their conversation, pictures and all": async (
    world,
    linked,
  ) => {
    const adapter = createBlueskyAdapter({ deadlineMs });
    const fan = await link(world.network, await newAccount(world.network, "thread-fan.test"));
    const talk = payload("fan 1", "fan 2", "fan 3");
    const theirs = await adapter.publish(fan, talk, []);
    const [root, , last] = theirs.kind === "sent" ? theirs.sent : [];
    const target = await eventuallyFound(world, linked, last!.id);
    assert.equal(target.root?.id, root!.id);
    const media = [picture(linked, "one"), picture(linked, "two")];
    const whole = frozen([{ text: "answer 1", facets: [] }, { text: "answer 2", facets: [], media }, {
      text: "answer 3",
      facets: [],
    }], target);
    let before: Sent[] = [];
    for (let part = 0; part < 3; part++) {
      world.proxy.inject(PUT, { kind: "drop", when: "after" });
      assert.equal((await adapter.publish(linked, cut(whole, before), before)).kind, "uncertain");
      const looked = await adapter.reconcile(linked, cut(whole, before), looking(before));
      assert.equal(looked.kind, "found");
      before = looked.kind === "found" ? looked.sent : before;
    }
    await hangsTogether(world, whole, before);
    assert.deepEqual((await postsSaying(world, "answer 2"))[0]!.value.embed, whole.records[1]!.embed);
  },
};

/** The AppView hears of a post a moment after its server. */
async function eventuallyFound(world: World, linked: TestContext, id: string) {
  const direct = { ...linked, account: { ...linked.account, service: world.network.pdsUrl } };
  const adapter = createBlueskyAdapter();
  return await eventually(() => adapter.findTarget(direct, id));
}
