import assert from "node:assert/strict";
import { likeness, readable, type Shown } from "./same_text.ts";

const link = (short: string, expanded: string, isMedia = false) => ({ short, expanded, isMedia });
const T1 = "https://t.co/aaaaaaaaaa";
const T2 = "https://t.co/bbbbbbbbbb";

const cases: [string, string, Partial<Shown> & { text: string }, ReturnType<typeof likeness>][] = [
  ["the same words", "Hello", { text: "Hello" }, "same"],
  ["other words", "Hello", { text: "Hello!" }, "other"],
  ["escaped signs", "a & b < c &amp; d", { text: "a &amp; b &lt; c &amp;amp; d" }, "same"],
  ["decomposed letters", "Cafe\u0301", { text: "Café" }, "same"],
  ["white space", " a\n\nb ", { text: "a b" }, "same"],
  ["a link", "see https://example.org/a?b=1&c=2.", {
    text: `see ${T1}.`,
    links: [link(T1, "https://example.org/a?b=1&c=2")],
  }, "same"],
  [
    "a bare domain",
    "see example.org",
    { text: `see ${T1}`, links: [link(T1, "http://example.org")] },
    "same",
  ],
  ["a link that leads elsewhere", "see example.org", {
    text: `see ${T1}`,
    links: [link(T1, "https://example.org/moved")],
  }, "alike"],
  ["other words around a link", "look example.org", {
    text: `see ${T1}`,
    links: [link(T1, "http://example.org")],
  }, "other"],
  ["two links", "a.org and b.org", {
    text: `${T1} and ${T2}`,
    links: [link(T1, "http://a.org"), link(T2, "http://b.org")],
  }, "same"],
  ["media at the end", "Look", {
    text: `Look ${T1}`,
    links: [link(T1, "https://x.com/me/status/1/photo/1", true)],
  }, "same"],
  ["a name before a reply", "Thanks", { text: "@jo Thanks", isReply: true }, "same"],
  ["two names before a reply", "@ed Thanks", { text: "@jo @ed Thanks", isReply: true }, "same"],
  ["a name before no reply", "Thanks", { text: "@jo Thanks" }, "other"],
];

for (const [what, ours, shown, expected] of cases) {
  Deno.test(`likeness of a text, ${what}: ${expected}`, () => {
    assert.equal(likeness(ours, { links: [], isReply: false, ...shown }), expected);
  });
}

Deno.test("a readable text has links as they were, whatever signs are in them", () => {
  assert.equal(
    readable(`&gt; ${T1}`, [link(T1, "https://e.org/$&?a=1&lt=2")]),
    "> https://e.org/$&?a=1&lt=2",
  );
});
