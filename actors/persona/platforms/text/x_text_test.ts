import assert from "node:assert/strict";
import fc from "fast-check";
import twitterText from "twitter-text";
import { facetsX, measureX } from "./x_text.ts";

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      "http://",
      "HTTPS://",
      "www.",
      "example",
      ".com",
      ".co.uk",
      ".jp/a",
      "/a?b=1",
      "(x)",
      ".рф",
      ".museum",
    ],
    ...[
      "@ada",
      "@ada/list",
      "＠ada",
      "#trees",
      "＃木",
      "#42",
      " $AAPL",
      "\n$tsla,",
      "$a",
      "👨‍👩‍👧‍👦",
      "👍🏽",
      "🇵🇹",
      "é",
      "e\u0301",
    ],
    ..."./:-_@#$()字テ가عא،… \n\t\u200d\ufe0f".split(""),
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
const texts = fc.array(piece, { maxLength: 14, size: "max" }).map((pieces) => pieces.join(""));

interface Entity {
  indices: [number, number];
  url?: string;
  screenName?: string;
  listSlug?: string;
  hashtag?: string;
  cashtag?: string;
}

Deno.test("X's weights and entities are those of X's own library, in any text", () => {
  const seen = { link: 0, mention: 0, tag: 0, cashtag: 0 };
  const decoder = new TextDecoder();
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(measureX(text).count, twitterText.parseTweet(text).weightedLength);
      const bytes = new TextEncoder().encode(text);
      const ours = facetsX(text).map((facet) => {
        seen[facet.kind]++;
        return [facet.kind, decoder.decode(bytes.slice(facet.start, facet.end))];
      });
      const theirs = (twitterText.extractEntitiesWithIndices(text) as Entity[])
        .filter(({ listSlug = "" }) => listSlug === "")
        .sort((one, other) => one.indices[0] - other.indices[0])
        .map(({ url, screenName, hashtag, indices }) => [
          url !== undefined
            ? "link"
            : screenName !== undefined
            ? "mention"
            : hashtag !== undefined
            ? "tag"
            : "cashtag",
          text.slice(...indices).toWellFormed(),
        ]);
      assert.deepEqual(ours, theirs, JSON.stringify(text));
    }),
    { numRuns: 2_000, seed: 4 },
  );
  for (const [kind, count] of Object.entries(seen)) assert.ok(count > 50, `${kind}: ${count}`);
});

Deno.test("X's entities: bare domains lead somewhere, mentions have no account yet, a list is no mention", () => {
  const text = "Olá @Ada_1, 👩🏽‍🚀 example.com/a and https://example.org. #árvores $AAPL @ada/list a@b.com 3.14";
  const bytes = new TextEncoder().encode(text);
  const found = facetsX(text).map(({ start, end, ...rest }) => [
    new TextDecoder().decode(bytes.slice(start, end)),
    rest,
  ]);
  assert.deepEqual(found, [
    ["@Ada_1", { kind: "mention", handle: "Ada_1", accountId: "" }],
    ["example.com/a", { kind: "link", uri: "http://example.com/a" }],
    ["https://example.org", { kind: "link", uri: "https://example.org" }],
    ["#árvores", { kind: "tag", tag: "árvores" }],
    ["$AAPL", { kind: "cashtag", tag: "AAPL" }],
  ]);
});

Deno.test("X's library is loaded without a word on stderr", async () => {
  const file = new URL("./x_text.ts", import.meta.url).href;
  const { stderr, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", `await import("${file}"); console.log(process.noDeprecation);`],
  }).output();
  assert.deepEqual([stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)), ["false\n", ""]);
});
