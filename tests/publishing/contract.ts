/** What every platform's adapter has to keep, asked of the real one against its stand-in or server. */
import assert from "node:assert/strict";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { Pictures } from "./pictures.ts";
import { cut, frozen, LATER_MS, listen, looked, looks, publish, type Step } from "./scene.ts";

/** By what must hold; each has an account and a world of its own. */
export const CONTRACT: Record<string, Step> = {
  "a post goes out once, as it is, and is found again": async (scene) => {
    const { adapter, context, stage } = scene;
    const payload = frozen(scene, [{ text: "One & only" }]);
    const sent = await publish(scene, payload);
    const [made, ...more] = await stage.said("One & only");
    assert.deepEqual(more, []);
    assert.ok(made?.visible && sent[0]?.id.includes(made.id), JSON.stringify([made, sent]));
    assert.match(sent[0]?.url ?? "", /^https?:\/\//);
    // All of it is known to be out: nothing is sent.
    assert.deepEqual(await adapter.publish(context, payload, sent), { kind: "sent", sent });
    assert.equal((await stage.said("One & only")).length, 1);
    await looks(scene, payload, "found", sent);
  },
  "what was never sent is absent, and another post is not taken for it": async (scene) => {
    const payload = frozen(scene, [{ text: "Never said" }]);
    await publish(scene, frozen(scene, [{ text: "Something else" }]));
    await looks(scene, payload, "absent");
  },
  "of two posts with the same words, one that is the persona's other one is not taken": async (scene) => {
    const { adapter, context, can } = scene;
    if (!can.readsBack) return;
    const first = await publish(scene, frozen(scene, [{ text: "Twice meant" }]));
    const payload = frozen(scene, [{ text: "Twice meant" }]);
    const others = new Set(first.map(({ id }) => id));
    scene.pass(LATER_MS);
    const seen = await adapter.reconcile(context, payload, { before: [], absentSince: null, others });
    assert.notEqual(seen.kind, "found", JSON.stringify(seen));
  },
  "a thread goes out part by part, each below the one before": async (scene) => {
    const { can, adapter, stage } = scene;
    assert.equal(adapter.describe(scene.context).limits.maxParts > 1, can.threads);
    if (!can.threads) return;
    const texts = ["Part one", "Part two", "Part three"];
    const payload = frozen(scene, texts.map((text) => ({ text })));
    const sent = await publish(scene, payload);
    assert.equal(sent.length, 3);
    const made = (await Promise.all(texts.map((text) => stage.said(text)))).flat();
    assert.deepEqual(made.map(({ answers }) => answers), [null, made[0]?.id, made[1]?.id]);
    await looks(scene, payload, "found", sent);
  },
  "a thread that is out in part is found so": async (scene) => {
    const { can, adapter, context } = scene;
    if (!can.threads) return;
    const payload = frozen(scene, [{ text: "Is out" }, { text: "Is not out" }]);
    const sent = await publish(scene, cut(payload, 1));
    scene.pass(LATER_MS);
    const seen = await adapter.reconcile(context, payload, looked());
    assert.equal(seen.kind, "absent", JSON.stringify(seen));
    if (seen.kind === "absent") assert.deepEqual(seen.parts, sent);
  },
  "pictures go out in their order, with their descriptions": async (scene) => {
    const { pictures, stage } = scene;
    const media = ["first & foremost", "second"].map((alt) => pictures.make(`picture ${alt}`, alt));
    const sent = await publish(scene, frozen(scene, [{ text: "Look at these", media }]));
    assert.equal(sent.length, 1);
    assert.deepEqual((await stage.said("Look at these"))[0]?.alts, ["first & foremost", "second"]);
  },
  "without leave to send nothing with pictures goes out": async (scene) => {
    const { adapter, context, pictures, stage } = scene;
    const payload = frozen(scene, [{ text: "Stopped", media: [pictures.make("stopped", "stopped")] }]);
    const stopped = { ...context, leave: () => Promise.resolve("posting is stopped") };
    const outcome = await adapter.publish(stopped, payload, []);
    assert.ok(outcome.kind === "not_sent" && outcome.reason.includes("stopped"), JSON.stringify(outcome));
    assert.deepEqual(await stage.said("Stopped"), []);
  },
  "a picture that is not kept any more is no post without it": async (scene) => {
    const { adapter, context, stage } = scene;
    const media = [new Pictures().make("lost", "lost")];
    const payload = frozen(scene, [{ text: "Without a picture", media }]);
    const outcome = await adapter.publish(context, payload, []);
    assert.notEqual(outcome.kind, "sent");
    assert.ok(outcome.kind !== "sent" && outcome.reason !== "");
    assert.deepEqual(await stage.said("Without a picture"), []);
  },
  "what is said to it is heard once, and can be answered": async (scene) => {
    const { adapter, context, can, stage } = scene;
    assert.equal(adapter.describe(context).may.read, can.hears);
    if (stage.speakTo === null) {
      assert.deepEqual(await adapter.poll(context, null), { interactions: [], cursor: null });
      return;
    }
    const first = await adapter.poll(context, null);
    await stage.speakTo("what is that?");
    scene.pass(LATER_MS);
    const heard = await listen(scene, first.cursor);
    assert.ok(["mention", "reply"].includes(heard.kind) && heard.text.includes("what is that?"));
    assert.ok(heard.summons !== false);
    const found = await adapter.findTarget(context, heard.id);
    assert.ok(found !== null);
    const payload = frozen(scene, [{ text: "That is an ash tree" }], { interactionId: "i", ...found });
    await publish(scene, payload);
    const [made] = await stage.said("That is an ash tree");
    assert.ok(
      made?.answers !== null && heard.id.includes(String(made?.answers)),
      JSON.stringify([made, heard]),
    );
    const again = await adapter.poll(context, heard.cursor);
    assert.deepEqual(again.interactions.filter(({ id }) => id === heard.id), [], "heard once");
  },
  "how a post does is told for each id, and one that was deleted is gone": async (scene) => {
    const { adapter, context, can } = scene;
    const [one] = await publish(scene, frozen(scene, [{ text: "Counted" }]));
    const [other] = await publish(scene, frozen(scene, [{ text: "Deleted" }]));
    const ids = [one?.id ?? "", other?.id ?? ""];
    assert.deepEqual(await adapter.remove(context, ids[1] ?? ""), { kind: "removed" });
    scene.pass(LATER_MS);
    await scene.stage.caughtUp?.();
    const measured = await adapter.metrics(context, ids);
    assert.deepEqual([...measured.keys()], ids);
    assert.equal(measured.get(ids[0] ?? "")?.kind, can.measures ? "counted" : "not_allowed");
    assert.equal(measured.get(ids[1] ?? "")?.kind, can.readsBack ? "gone" : "not_allowed");
  },
  "to delete twice is harmless": async (scene) => {
    const { adapter, context, stage } = scene;
    const [sent] = await publish(scene, frozen(scene, [{ text: "Soon gone" }]));
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(await adapter.remove(context, sent?.id ?? ""), { kind: "removed" });
    }
    assert.equal((await stage.said("Soon gone")).some(({ visible }) => visible), false);
    const refused = await adapter.remove(context, "no id of anything");
    assert.ok(refused.kind !== "removed" && refused.reason !== "");
  },
  "credentials that work are fresh, and those that do not are dead": async (scene) => {
    const { adapter, context, stage } = scene;
    assert.deepEqual(await adapter.refresh(context), { kind: "fresh" });
    await stage.kill();
    const newer = stage.newAdapter();
    const dead = await newer.refresh(context);
    assert.equal(dead.kind, "auth_dead", JSON.stringify(dead));
    const outcome = await newer.publish(context, frozen(scene, [{ text: "Too late" }]), []);
    assert.equal(outcome.kind, "auth_dead", JSON.stringify(outcome));
    assert.deepEqual(await stage.said("Too late"), []);
    const { text } = { text: JSON.stringify([dead, outcome]) };
    for (const secret of stage.secrets()) assert.ok(!text.includes(secret), "a reason holds no secret");
  },
  "it is described from its secret alone, as the table has it": (scene) => {
    const { adapter, context, can } = scene;
    const described = adapter.describe(context);
    assert.deepEqual(adapter.describe(context), described);
    const { account, secret } = context;
    assert.deepEqual(scene.stage.newAdapter().describe({ account, secret }), described);
    const { maxLength, unit, maxParts, maxImages } = limitsOf(account.platform);
    const { maxImageBytes, ...limits } = described.limits;
    assert.deepEqual(limits, { maxLength, unit, maxParts, maxImages });
    assert.ok(maxImageBytes > 0);
    assert.equal(described.promise, can.promise);
    assert.equal(described.may.readBack, can.readsBack);
    assert.equal(described.may.measure, can.measures);
    assert.equal(described.prices !== null, can.priced);
    assert.equal(limitsOf(account.platform).keyedWrites, can.keyed);
    return Promise.resolve();
  },
  "links and tags are found in each text, at their bytes; a name that is nobody's stays text": async (
    scene,
  ) => {
    const { adapter, context } = scene;
    const texts = [
      "Schöne Linden: https://example.org/linden?a=1 #baum",
      "plain words",
      "@nobody_has_this_1 says",
    ];
    const parts = await adapter.prepare(context, texts);
    assert.deepEqual(parts.map(({ text }) => text), texts);
    const bytes = new TextEncoder().encode(texts[0]);
    const found = (parts[0]?.facets ?? []).map((one) => [
      one.kind,
      new TextDecoder().decode(bytes.subarray(one.start, one.end)),
      one.kind === "link" ? one.uri : one.kind === "tag" ? one.tag : "",
    ]);
    const link = "https://example.org/linden?a=1";
    assert.deepEqual(found, [["link", link, link], ["tag", "#baum", "baum"]]);
    assert.deepEqual(parts.slice(1).map(({ facets }) => facets), [[], []]);
  },
  "the same payload sent again": async (scene) => {
    const { adapter, context, can, stage } = scene;
    const payload = frozen(scene, [{ text: "Again" }]);
    const sent = await publish(scene, payload);
    const again = await stage.newAdapter().publish(context, payload, []);
    assert.equal((await stage.said("Again")).length, 1);
    // Without keys a platform can only refuse it, and that says nothing of which post is there.
    if (can.keyed) assert.deepEqual(again, { kind: "sent", sent });
    else assert.ok(again.kind === "uncertain" && again.reason !== "", JSON.stringify(again));
    assert.equal(adapter.describe(context).promise === "exactly_once", can.keyed);
  },
  "its calls are noted: how they went, and what they cost": async (scene) => {
    const { noted } = scene;
    await publish(scene, frozen(scene, [{ text: "Noted words" }]));
    assert.ok(noted.some(({ call }) => call?.ok === true));
    const posts = noted.flatMap(({ spent = [] }) => spent).filter(({ what }) => what === "post");
    assert.equal(posts.reduce((sum, { count }) => sum + count, 0), 1);
    assert.equal(posts.some(({ microUsd }) => microUsd > 0), scene.can.priced);
    assert.ok(!JSON.stringify(noted).includes("Noted words"), "no text is noted");
  },
};
