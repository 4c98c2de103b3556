import assert from "node:assert/strict";
import { loadText } from "../../../actors/persona/platforms/text/platform_text.ts";
import { foldOf, overflow, segments } from "./segments.ts";

Deno.test("a text is too long from the first character on that does not fit, never within an emoji", async () => {
  const { measure } = await loadText("bluesky");
  const family = "👩‍👩‍👧";
  const text = "a".repeat(299) + family + "!";
  assert.equal(overflow(measure, text, false), 299 + family.length);
  assert.equal(overflow(measure, "a".repeat(300), false), Infinity);
  const x = await loadText("x");
  assert.equal(overflow(x.measure, "木".repeat(141), false), 140, "X counts these twice");
});

Deno.test("LinkedIn folds at a word near 210 characters, or after three lines; others do not fold", () => {
  const words = "word ".repeat(100);
  const at = foldOf("linkedin", words);
  assert(at > 180 && at <= 210 && words[at] === " ", String(at));
  assert.equal(foldOf("linkedin", "one\ntwo\nthree\nfour"), "one\ntwo\nthree".length);
  assert.equal(foldOf("linkedin", "short"), Infinity);
  assert.equal(foldOf("bluesky", words), Infinity);
});

Deno.test("segments cut through entities, and lose nothing of the text", () => {
  const text = "see #trees now";
  const facets = [{ kind: "tag" as const, tag: "trees", start: 4, end: 10 }];
  const cut = segments({ text, facets }, { over: 7, fold: Infinity });
  assert.equal(cut.map((one) => one.text).join(""), text);
  assert.deepEqual(cut.map((one) => [one.text, one.facet !== null, one.over]), [
    ["see ", false, false],
    ["#tr", true, false],
    ["ees", true, true],
    [" now", false, true],
  ]);
});
