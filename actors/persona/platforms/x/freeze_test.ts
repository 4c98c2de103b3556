import assert from "node:assert/strict";
import { freezeX, idAt, timeOf } from "./freeze.ts";

const AT = Date.UTC(2026, 10, 3, 12);

Deno.test("a text is frozen the same each time, in NFC, with an id that its post must be newer than", () => {
  const options = { createdAt: AT, replyTarget: { id: "42" }, madeWithAi: true };
  const media = [{ sha256: "ab", mime: "image/png", width: 3, height: 2, bytes: 60, alt: "A dot" }];
  const parts = [{ text: "Cafe\u0301" }, { text: "two", media }, { text: "three", media: [] }];
  const one = freezeX(parts, options);
  assert.equal(JSON.stringify(freezeX(parts, options)), JSON.stringify(one));
  assert.deepEqual(one.records, [
    { text: "Café", made_with_ai: true, reply: { in_reply_to_tweet_id: "42" } },
    { text: "two", made_with_ai: true, media: [{ sha256: "ab", mime: "image/png", alt: "A dot" }] },
    { text: "three", made_with_ai: true },
  ]);
  assert.deepEqual(one.keys.map(timeOf), [AT - 60_000, AT - 60_000, AT - 60_000]);
});

Deno.test("nothing and white space cannot be frozen", () => {
  const options = { createdAt: AT, replyTarget: null, madeWithAi: false };
  assert.throws(() => freezeX([], options), RangeError);
  assert.throws(() => freezeX([{ text: "a" }, { text: " \n" }], options), RangeError);
});

Deno.test("an id says when it was made, and ids of a moment sort by it", () => {
  // The id and time (to the second) of an example in X's documents.
  assert.equal(Math.floor(timeOf("1460323737035677698") / 1000), Date.UTC(2021, 10, 15, 19, 8, 5) / 1000);
  assert.equal(timeOf(idAt(AT)), AT);
  assert.ok(BigInt(idAt(AT + 1)) > BigInt(idAt(AT)));
  assert.equal(idAt(0), "0");
});
