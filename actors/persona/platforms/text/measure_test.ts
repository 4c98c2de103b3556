import assert from "node:assert/strict";
import { measure } from "./measure.ts";
import { loadText } from "./platform_text.ts";

const x = await loadText("x");
const family = "👨‍👩‍👧‍👦";

Deno.test("a part on X weighs what X says: letters, CJK, links of any length, emoji, NFC", () => {
  const weights: [string, number][] = [
    ["a".repeat(280), 280],
    ["字".repeat(140), 280],
    ["https://example.com", 23],
    [`https://example.com/${"long/".repeat(100)}`, 23],
    ["example.com", 23],
    ["see example.com now", 31],
    ["e\u0301", 1],
    ["가", 2],
    ["\u1100\u1161", 2],
    [family, 2],
    ["👍🏽", 2],
    ["🇵🇹", 2],
    ["…", 2],
    ["€", 2],
    ["ö", 1],
    ["سلام", 4],
    ["a\nb", 3],
    ["", 0],
  ];
  for (const [text, count] of weights) assert.equal(x.measure(text).count, count, JSON.stringify(text));
});

Deno.test("a part fits up to its platform's limit, and not one unit further", () => {
  const cases: [Parameters<typeof measure>[0], string, number, string][] = [
    ["sandbox", "graphemes", 500, family],
    ["sandbox", "graphemes", 500, "a"],
    ["bluesky", "graphemes", 300, "e\u0301"],
    ["linkedin", "characters", 3_000, "#"],
    ["linkedin", "characters", 3_000, "ß"],
  ];
  for (const [platform, unit, limit, letter] of cases) {
    const { problems, ...full } = measure(platform, letter.repeat(limit));
    assert.deepEqual(full, { unit, count: limit, limit, fits: true }, platform);
    assert.deepEqual(problems, [], platform);
    const over = measure(platform, letter.repeat(limit + 1));
    assert.equal(over.fits, false, platform);
    assert.deepEqual(over.problems, [`It is 1 over the limit of ${limit}.`], platform);
  }
  const { problems, ...full } = x.measure("a".repeat(280));
  assert.deepEqual(full, { unit: "weighted", count: 280, limit: 280, fits: true });
  assert.deepEqual(problems, []);
  assert.equal(x.measure("a".repeat(281)).fits, false);
  assert.equal(x.measure("字".repeat(140) + "a").fits, false);
});

Deno.test("a part on Bluesky may also have 3,000 bytes, which compound emoji reach before 300 graphemes", () => {
  const bytes = new TextEncoder().encode(family).length;
  const most = Math.floor(3_000 / bytes);
  assert.ok(most < 300);
  assert.equal(measure("bluesky", family.repeat(most)).fits, true);
  const { count, fits, problems } = measure("bluesky", family.repeat(most + 1));
  assert.deepEqual([count, fits], [most + 1, false]);
  assert.deepEqual(problems, [
    `It takes ${(most + 1) * bytes} bytes, and Bluesky allows 3000: use fewer compound emoji.`,
  ]);
});

Deno.test("a comment on LinkedIn has a limit of its own, an answer elsewhere has not", () => {
  assert.equal(measure("linkedin", "a".repeat(1_250), { reply: true }).fits, true);
  assert.equal(measure("linkedin", "a".repeat(1_251), { reply: true }).fits, false);
  assert.equal(measure("linkedin", "a".repeat(1_251)).fits, true);
  assert.equal(measure("linkedin", "👍".repeat(10)).count, 20);
  assert.equal(measure("bluesky", "a", { reply: true }).limit, 300);
  assert.equal(x.measure("a", { reply: true }).limit, 280);
});

Deno.test("what no platform takes is a problem, though it fits", () => {
  for (const platform of ["sandbox", "bluesky", "linkedin"] as const) {
    assert.deepEqual(measure(platform, " \n").problems, ["It has no words yet."]);
    assert.deepEqual(measure(platform, "a\ud83d").problems, ["It holds half of a character."]);
    assert.equal(measure(platform, "a\ud83d").fits, true);
  }
  assert.deepEqual(x.measure("").problems, ["It has no words yet."]);
  assert.deepEqual(x.measure("a\ufffeb").problems, ["It holds a character that X does not take."]);
});
