import assert from "node:assert/strict";
import fc from "fast-check";
import tlds from "tlds" with { type: "json" };
import twitterText from "twitter-text";
import { mayHoldLink } from "./links.ts";

Deno.test("words without a domain hold no link", () => {
  for (const text of ["Hello. World", "3.14 and 1.5x", "wait... what", "a.b", "e.g. this", "v2.0"]) {
    assert.equal(mayHoldLink(text), false, text);
  }
});

Deno.test("wherever X's own library sees a link, there may be one: every top-level domain, and many random texts", () => {
  for (const tld of tlds) {
    const text = `see example.${tld}`;
    if (twitterText.extractUrls(text).length > 0) assert.ok(mayHoldLink(text), text);
  }
  const piece = fc.oneof(
    fc.constantFrom(
      ..."./:-_@#$()字テéÉ، \n".split(""),
      "http://",
      "HTTPS://",
      "www.",
      "example",
      ".com",
      ".co.uk",
      ".jp/a",
    ),
    fc.constantFrom(...tlds.map((tld) => `.${tld}`)),
    fc.string({ maxLength: 4 }),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  let seen = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      if (twitterText.extractUrls(text).length === 0) return;
      seen++;
      assert.ok(mayHoldLink(text), JSON.stringify(text));
    }),
    { numRuns: 5_000, seed: 4 },
  );
  assert.ok(seen > 300, `${seen} texts with links`);
});
