import assert from "node:assert/strict";
import type { Noted, Spent } from "../port.ts";
import { priceOf } from "./prices.ts";
import { frozen, picture, withX } from "./testing.ts";

function spentIn(noted: Noted[]): Spent[] {
  return noted.flatMap(({ spent = [] }) => spent);
}

function sum(spent: Spent[]): number {
  return spent.reduce((total, { microUsd }) => total + microUsd, 0);
}

Deno.test("the price that is shown is the price that X takes, and the one that is noted", async () => {
  await withX(async ({ x, adapter, context, noted, media }) => {
    const { id } = x.control.say({ by: "jo", text: "@marisol_ink ?" });
    const posts: [string[], string | null][] = [
      [["plain"], null],
      [["with example.org"], null],
      [["one", "two https://example.org", "three"], null],
      [["an answer", "and more"], id],
    ];
    for (const [texts, replyTo] of posts) {
      const before = x.control.spentMicroUsd();
      noted.length = 0;
      const parts = texts.map((text) => ({ text, media: [picture(media, 1)] }));
      assert.equal((await adapter.publish(context, frozen(parts, { replyTo }), [])).kind, "sent");
      const price = priceOf(texts, replyTo !== null);
      assert.equal(x.control.spentMicroUsd() - before, price, texts.join());
      assert.equal(sum(spentIn(noted)), price, texts.join());
    }
    const whats = spentIn(noted).map(({ what }) => what);
    assert.deepEqual(whats, ["reply", "post"], "the picture was uploaded with the first post");
  });
});

Deno.test("what is read, deleted or refused is noted as X charges it", async () => {
  await withX(async ({ x, adapter, context, noted }) => {
    const { id: own } = x.control.say({ by: "marisol_ink", text: "Mine" });
    x.control.say({ by: "jo", text: "@marisol_ink one" });
    x.control.say({ by: "jo", text: "@marisol_ink two" });
    const charged = async (act: () => Promise<unknown>) => {
      const before = x.control.spentMicroUsd();
      noted.length = 0;
      await act();
      const spent = spentIn(noted);
      assert.equal(sum(spent), x.control.spentMicroUsd() - before);
      return spent.map(({ what, count }) => `${count} ${what}`);
    };
    assert.deepEqual(await charged(() => adapter.poll(context, null)), ["3 read"], "two posts, one account");
    assert.deepEqual(await charged(() => adapter.metrics(context, [own])), ["1 read"]);
    assert.deepEqual(await charged(() => adapter.findTarget(context, own)), ["1 read"]);
    assert.deepEqual(await charged(() => adapter.refresh(context)), ["1 read"]);
    assert.deepEqual(await charged(() => adapter.prepare(context, ["@jo and @nobody"])), ["1 read"]);
    assert.deepEqual(await charged(() => adapter.prepare(context, ["@Jo again"])), []);
    assert.deepEqual(await charged(() => adapter.remove(context, own)), ["1 delete"]);
    assert.deepEqual(await charged(() => adapter.remove(context, own)), []);
    const alone = frozen(["Nobody asked"], { replyTo: x.control.say({ by: "ed", text: "Hm" }).id });
    assert.deepEqual(await charged(() => adapter.publish(context, alone, [])), []);
  });
});

Deno.test("a post whose answer was lost is counted when it is found, once", async () => {
  await withX(async ({ x, adapter, context, noted }) => {
    const payload = frozen(["Lost"]);
    x.control.fault("no_id", { operation: "createPost" });
    const outcome = await adapter.publish(context, payload, []);
    assert.deepEqual([outcome.kind, spentIn(noted)], ["uncertain", []]);
    await adapter.reconcile(context, payload, { before: [], absentSince: null, others: new Set() });
    assert.equal(sum(spentIn(noted)), x.control.spentMicroUsd());
  });
});
