import assert from "node:assert/strict";
import fc from "fast-check";
import { cutsOf } from "./cuts.ts";
import { spansOf } from "./offsets.ts";
import { loadText, type PlatformText } from "./platform_text.ts";
import { splitThread } from "./split.ts";

const x = await loadText("x");
const bluesky = await loadText("bluesky");
const sandbox = await loadText("sandbox");
const linkedin = await loadText("linkedin");
const threaded = [x, bluesky, sandbox];

const family = "👨‍👩‍👧‍👦";
/** A sentence of so many characters. */
const sentence = (length: number) =>
  `${"Lorem ipsum dolor sit amet ".repeat(99).slice(0, length - 2).trim()}n.`;
const squeezed = (text: string) => text.replace(/\s+/g, "");
const fills = ({ measure }: PlatformText, parts: string[]) =>
  parts.map((part) => measure(part).count / measure(part).limit);

Deno.test("a text that fits is one part, to the character", () => {
  for (const platformText of [...threaded, linkedin]) {
    for (const text of ["", "Hello.", " Two\n\nparagraphs. ", "a".repeat(280), "a -- b"]) {
      assert.deepEqual(splitThread(platformText, text), [text]);
      assert.deepEqual(splitThread(platformText, text, { numbered: true }), [text]);
    }
  }
});

Deno.test("a line of dashes is a cut, also in a text that would fit", () => {
  for (const platformText of threaded) {
    assert.deepEqual(splitThread(platformText, "One.\n---\nTwo.\n\n-----\n\n\n---\nThree.\n---"), [
      "One.",
      "Two.",
      "Three.",
    ]);
  }
  const parts = splitThread(bluesky, `Short.\n---\n${sentence(200)} ${sentence(250)}`);
  assert.deepEqual(parts, ["Short.", sentence(200), sentence(250)]);
});

Deno.test("LinkedIn has no threads: a text is one part, however long, without the lines of dashes", () => {
  const long = `${sentence(200)} `.repeat(40);
  assert.equal(splitThread(linkedin, long, { numbered: true }).length, 1);
  assert.deepEqual(splitThread(linkedin, "One.\n---\nTwo."), ["One.\n\nTwo."]);
});

Deno.test("a long text is cut at the best place: paragraph, line, sentence, word, character", () => {
  const [a, b, c] = [sentence(120), sentence(90), sentence(150)];
  for (const platformText of [x, bluesky]) {
    const split = (text: string) => splitThread(platformText, text);
    assert.deepEqual(split(`${a} ${b}\n\n${c}\n${b}`), [`${a} ${b}`, `${c}\n${b}`]);
    assert.deepEqual(split(`${a}\n${b} ${c}`), [`${a}\n${b}`, c]);
    assert.deepEqual(split(`${a} ${b} ${c}`), [`${a} ${b}`, c]);
    const words = split("lindens and aphids ".repeat(30).trim());
    assert.ok(words.every((part) => /^(?:lindens|and|aphids)\b.*\b(?:lindens|and|aphids)$/.test(part)));
  }
  assert.deepEqual(splitThread(bluesky, "a".repeat(650)).map((part) => part.length), [300, 175, 175]);
});

Deno.test("a paragraph that is too short for a part is filled up at the next best cut", () => {
  const [first, ...rest] = splitThread(bluesky, `Hello.\n\n${sentence(200)} ${sentence(250)}`);
  assert.equal(first, `Hello.\n\n${sentence(200)}`);
  assert.deepEqual(rest, [sentence(250)]);
});

Deno.test("a sentence ends where it does in the language that is given", () => {
  const text = `${"これは長い文です。".repeat(20)}次の文はここから始まります。`;
  const parts = splitThread(x, text, { language: "ja" });
  assert.ok(parts.length > 1);
  assert.ok(parts.every((part) => part.endsWith("。")));
  const words = splitThread(x, `abc${"東京大学で勉強しています".repeat(20)}`, { language: "ja" });
  assert.ok(words.length > 1);
  assert.ok(words.every((part) => !/[東大勉てま]$/.test(part)), words.join("\n"));
});

Deno.test("no line may be broken at a no-break space, and no part ends there", () => {
  const parts = splitThread(bluesky, "10\u00a00000 ".repeat(60));
  assert.ok(parts.length > 1);
  assert.ok(parts.every((part) => /^(?:10\u00a00000 ?)+$/.test(part)), parts.join("\n"));
});

Deno.test("nothing that belongs together is cut: links, mentions, tags, compound emoji, marks", () => {
  const whole = [
    "https://example.com/a?b=1&c=2",
    "@ada.test",
    "#trees",
    "example.org/x",
    family,
    "🇵🇹",
    "👍🏽",
    "क्षि",
    "e\u0301\u0323",
  ];
  for (const platformText of threaded) {
    for (const thing of whole) {
      for (let before = 0; before < 12; before += 4) {
        const text = `${"a".repeat(before)} ${`${thing} `.repeat(160)}`.trim();
        const parts = splitThread(platformText, text, { maxParts: 99 });
        const things = parts.join(" ").split(" ").filter((word) => !/^a*$/.test(word));
        assert.ok(things.every((one) => one === thing), `${platformText.platform} ${thing}`);
      }
    }
    const emoji = splitThread(platformText, family.repeat(700));
    assert.ok(emoji.every((part) => part.replaceAll(family, "") === ""), platformText.platform);
  }
});

Deno.test("a link longer than a part stays whole, alone, and is shown not to fit", () => {
  const link = `https://example.com/${"a".repeat(400)}`;
  const parts = splitThread(bluesky, `Look at this:\n\n${link}\n\nThat was it.`);
  assert.deepEqual(parts, ["Look at this:", link, "That was it."]);
  assert.deepEqual(parts.map((part) => bluesky.measure(part).fits), [true, false, true]);
  assert.equal(splitThread(x, `Look at this:\n\n${link}\n\nThat was it.`).length, 1);
});

Deno.test("a last part that would be tiny takes words from the one before it, so that both fill a third", () => {
  for (const platformText of threaded) {
    const { limit } = platformText.measure("");
    for (
      const text of [
        `${"lindens drip ".repeat(60).slice(0, limit - 10).trim()} and bees know it.`,
        `${sentence(limit - 20)} Thanks for reading this.`,
        "a".repeat(limit + 3),
        `${`${"lindens drip ".repeat(60).slice(0, limit - 2).trim()}\n\n`.repeat(4)}Thanks.`,
      ]
    ) {
      const filled = fills(platformText, splitThread(platformText, text));
      assert.ok(filled.length > 1);
      assert.ok(filled.every((one) => one >= 1 / 3 && one <= 1), `${platformText.platform} ${filled}`);
    }
  }
  // A last part that is large enough stays as it is, and so does one that only a cut in a word could help.
  const [p, q] = [sentence(290), sentence(110)];
  assert.deepEqual(splitThread(bluesky, `${p}\n\n${q}`), [p, q]);
  assert.deepEqual(splitThread(bluesky, `${"a".repeat(299)} Bye.`), ["a".repeat(299), "Bye."]);
});

Deno.test("numbers of the parts count in their length, also when there are ten and more", () => {
  for (const platformText of threaded) {
    const { limit } = platformText.measure("");
    for (const length of [limit + 30, limit * 3, limit * 9, limit * 12]) {
      const parts = splitThread(platformText, "lindens drip ".repeat(length / 13), { numbered: true });
      parts.forEach((part, index) => {
        assert.ok(part.endsWith(`\n\n${index + 1}/${parts.length}`), part);
        assert.ok(platformText.measure(part).fits, part);
      });
    }
    assert.deepEqual(splitThread(platformText, "One.\n---\nTwo.", { numbered: true }), [
      "One.\n\n1/2",
      "Two.\n\n2/2",
    ]);
    // One that is too long only for the white space around it is one part, and has no number.
    const full = "a".repeat(limit);
    assert.deepEqual(splitThread(platformText, `${full}\n \n`, { numbered: true }), [full]);
  }
});

Deno.test("where the parts are not enough, the last one holds the rest and does not fit", () => {
  const text = Array.from({ length: 400 }, (_, index) => `word${index}`).join(" ");
  const parts = splitThread(bluesky, `${text}\n---\nThe end.`, { maxParts: 3 });
  assert.equal(parts.length, 3);
  assert.deepEqual(parts.map((part) => bluesky.measure(part).fits), [true, true, false]);
  assert.equal(parts.join(" "), `${text}\n\nThe end.`);
  assert.equal(splitThread(bluesky, "a ".repeat(9_000)).length, 25);
});

Deno.test("options that mean nothing are refused", () => {
  for (const maxParts of [0, 1.5, 100, NaN]) {
    assert.throws(() => splitThread(x, "a", { maxParts }), { name: "RangeError", message: /maxParts/ });
  }
  assert.throws(() => splitThread(x, "a ".repeat(300), { language: "no language" }), RangeError);
});

const word = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(..."Lindens drip. aphids (bees) sap, “why?” No! e.g. 3.14 ".split(" ")),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("東京の夏は暑いです。", "とても、", "「木」", "ต้นไม้สูงมาก", "나무가 있다."),
  },
  { weight: 2, arbitrary: fc.constantFrom(family, "👍🏽", "🇵🇹🇮🇹", "❤️", "😀😀") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "مرحبا بالعالم.",
      "שָׁלוֹם",
      "\u202bعربي\u202c",
      "क्षत्रिय",
      "e\u0301\u0323a\u0308",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("#trees", "@ada.test", "$AAPL", "example.com/a", "木example.com木"),
  },
  { weight: 1, arbitrary: fc.nat(250).map((length) => `https://example.com/${"path/".repeat(length / 5)}`) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("x".repeat(5_000), "字".repeat(400), "a.".repeat(200), "ab-".repeat(150)),
  },
);
const space = fc.oneof(
  { weight: 12, arbitrary: fc.constant(" ") },
  { weight: 3, arbitrary: fc.constantFrom("\n", "\n\n", "", "\u00a0", "  \n \n", "\t", "\r\n", "\u3000") },
);
const texts = fc.array(fc.tuple(word, space), { minLength: 1, maxLength: 90, size: "max" })
  .map((words) => words.flat().join("").toWellFormed())
  .filter((text) => !/^[ \t]*\\*[ \t]*-{3,}/m.test(text));

for (const platformText of threaded) {
  Deno.test(`any text on ${platformText.platform}: parts fit, nothing is lost, nothing is cut that belongs together`, () => {
    let threads = 0;
    fc.assert(
      fc.property(texts, fc.boolean(), (text, numbered) => {
        const parts = splitThread(platformText, text, { numbered });
        const last = parts.length - 1;
        parts.forEach((part, index) => {
          const { fits, problems } = platformText.measure(part);
          assert.ok(fits || (index === last && parts.length === 25), `${problems}: ${JSON.stringify(part)}`);
        });
        const bare = parts.map((part, index) =>
          numbered && last > 0 ? part.slice(0, part.lastIndexOf(`\n\n${index + 1}/${parts.length}`)) : part
        );
        assert.ok(bare.every((part) => squeezed(part) !== "" || squeezed(text) === ""));
        assert.equal(squeezed(bare.join("")), squeezed(text));
        if (last > 0) threads++;
        // Each cut is one of those that keep together what belongs together.
        const trimmed = text.trim();
        const cuts = cutsOf(trimmed, spansOf(trimmed, platformText.facets(trimmed)), "en");
        const letters = [0];
        for (const unit of trimmed.split("")) letters.push((letters.at(-1) ?? 0) + (/\s/.test(unit) ? 0 : 1));
        const allowed = new Set(cuts.map(({ at }) => letters[at]));
        let length = 0;
        for (const part of bare) {
          assert.ok(allowed.has(length += squeezed(part).length), JSON.stringify(part));
        }
      }),
      { numRuns: 60, seed: 4 },
    );
    assert.ok(threads > 30, `${threads} threads`);
  });
}

Deno.test("two links, each longer than a part, one below the other: no part between them is empty", () => {
  const link = `https://example.org/${"a/".repeat(200)}`;
  for (const text of [`${link}\n${link}`, `${link.slice(0, 312)} ${link}\n@ada.test`]) {
    const parts = splitThread(bluesky, text);
    assert.ok(parts.every((part) => part.trim() !== ""), JSON.stringify(parts.map(({ length }) => length)));
    assert.equal(squeezed(parts.join("")), squeezed(text));
  }
});
