import assert from "node:assert/strict";
import { RichText } from "@atproto/api";
import fc from "fast-check";
import { type Detected, detectFacets } from "./detect.ts";

/** What Bluesky's own client finds. */
function detectedByTheirs(text: string): Detected[] {
  const rich = new RichText({ text });
  rich.detectFacetsWithoutResolution();
  return (rich.facets ?? []).map(({ index, features }) => {
    const span = { start: index.byteStart, end: index.byteEnd };
    const feature = features[0] as { uri?: string; tag?: string; did?: string };
    if (feature.uri !== undefined) return { ...span, kind: "link", uri: feature.uri };
    if (feature.tag !== undefined) return { ...span, kind: "tag", tag: feature.tag };
    // Before it is resolved, theirs holds the handle where the DID belongs.
    return { ...span, kind: "mention", handle: feature.did ?? "" };
  });
}

const oneOf = (words: string) => fc.constantFrom(...words.split(" "));
const maybe = (arbitrary: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 1, arbitrary });

/** What the rules turn on: what stands before a link, a mention or a tag, in it, and behind it. */
const space = fc.constantFrom("", " ", " ", "\n", "\r\n", "\t", "\u2028", "\u00a0", "\ufeff");
const opening = oneOf("( (( [ « x é ☕ .");
const sign = oneOf("@ @ @ @@ # # ## ＃ $ $ $$ http:// https:// https:// HTTPS:// Http:// http ftp://");
const name = oneOf("ada Ada a 7 42 Q4 AAPL TOOLONG bsky example über 東京 𝒳 ﬁ ſ K a-b a_b e\u0301 👩🏽‍🚀 🇵🇹");
const domain = oneOf(".com .com .social .COM .test .Test .co.uk .рф .xn--p1ai .nosuchtld .c . ..");
const rest = oneOf("/ /x ?q=1 & = :8080 #part (x) /(x) [1] - _ -x @ $ /a.b");
const unseen = fc.constantFrom(
  ..."\ufe0f\u20e3\u20e2\u00ad\u200a\u200b\u200c\u200d\u2060\ud800".split(""),
  ..."\udc00\0".split(""),
);
const ending = oneOf(". , ; : ! ? ) ). )) ’s ' \" … 。 x ☕");

/** What chance alone brings together too seldom. */
const rare = oneOf(
  "#\ufe0fada ＃\ufe0f $AAPL’s $AAPL’ #42nd #. #7 @ada.com.b_c @.com http.cat/404 https://a.b/(c) @a--.com.",
);

const word = fc.oneof(
  { weight: 1, arbitrary: fc.tuple(space, rare) },
  {
    weight: 4,
    arbitrary: fc.tuple(
      space,
      maybe(opening),
      fc.oneof(sign, fc.constant("")),
      name,
      maybe(domain),
      maybe(rest),
      maybe(ending),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(space, opening, sign, name, domain, rest, unseen, ending), { maxLength: 6 }),
  },
).map((pieces) => pieces.join(""));

const text = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(word, { minLength: 1, maxLength: 8, size: "max" }).map((words) => words.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 120 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 120 }) },
);

Deno.test("detectFacets finds what Bluesky's own client finds, in any text", () => {
  let facets = 0;
  const property = fc.property(text, (text) => {
    const theirs = detectedByTheirs(text);
    facets += theirs.length;
    assert.deepEqual(detectFacets(text), theirs, JSON.stringify(text));
  });
  const numRuns = 5_000;
  fc.assert(property, { numRuns });
  assert.ok(facets > numRuns / 4, `the texts must hold something to find: ${facets} in ${numRuns}`);
});

Deno.test("detectFacets finds what Bluesky's own client finds at tags of about 64 graphemes", () => {
  for (const letter of ["a", "é", "e\u0301", "🇵🇹"]) {
    for (const length of [63, 64, 65]) {
      for (const text of [`#${letter.repeat(length)}`, `☕ #${letter.repeat(length)}!`]) {
        assert.deepEqual(detectFacets(text), detectedByTheirs(text), text);
        assert.equal(detectFacets(text).length, length > 64 ? 0 : 1, text);
      }
    }
  }
});

Deno.test("detectFacets finds every top-level domain that Bluesky's own client knows", async () => {
  const { default: tlds } = await import("tlds", { with: { type: "json" } });
  for (const tld of tlds) {
    const text = `@fern.${tld} fern.${tld}/a`;
    assert.deepEqual(detectFacets(text), detectedByTheirs(text), text);
  }
});

Deno.test("detectFacets gives offsets in bytes and leaves out what ends a sentence", () => {
  const text =
    "Olá @ada.test, see (https://example.com/a?b=1). #fun! ☕ (example.org) $aapl #42 a@b.com e.g. this";
  const bytes = new TextEncoder().encode(text);
  const found = detectFacets(text).map(({ start, end, ...rest }) => [
    new TextDecoder().decode(bytes.slice(start, end)),
    rest,
  ]);
  assert.deepEqual(found, [
    ["@ada.test", { kind: "mention", handle: "ada.test" }],
    ["https://example.com/a?b=1", { kind: "link", uri: "https://example.com/a?b=1" }],
    ["#fun", { kind: "tag", tag: "fun" }],
    ["example.org", { kind: "link", uri: "https://example.org" }],
    ["$aapl", { kind: "tag", tag: "$AAPL" }],
  ]);
});
