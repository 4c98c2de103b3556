import assert from "node:assert/strict";
import { describeX } from "./describe.ts";
import { freezeX } from "./freeze.ts";
import { publish } from "./publish.ts";
import { NOON, withX } from "./testing.ts";

Deno.test("the price that is shown is the price that X takes", async () => {
  await withX(async ({ x, session, context }) => {
    const { id } = x.control.say({ by: "jo", text: "@marisol_ink ?" });
    const posts: [string[], string | null][] = [
      [["plain"], null],
      [["with example.org"], null],
      [["one", "two https://example.org", "three"], null],
      [["an answer", "and more"], id],
    ];
    for (const [texts, replyTo] of posts) {
      const { price } = describeX(texts, replyTo !== null);
      const before = x.control.spentMicroUsd();
      await publish(session, context, freezeX(texts, { createdAt: NOON, replyTo, madeWithAi: false }), []);
      assert.equal(x.control.spentMicroUsd() - before, price.microUsd, texts.join());
    }
    assert.equal(describeX(["plain"], false).price.asOf, "2026-11");
  });
});
