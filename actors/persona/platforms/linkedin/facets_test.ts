import assert from "node:assert/strict";
import fc from "fast-check";
import type { Facet } from "../port.ts";
import { findFacets, toPieces } from "./facets.ts";
import { visibleText, writePieces } from "./little_text.ts";

const shown = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return findFacets(text).facets.map(({ kind, start, end }) => [
    kind,
    new TextDecoder().decode(bytes.subarray(start, end)),
  ]);
};

Deno.test("links and tags are found where they are, in bytes", () => {
  assert.deepEqual(shown("Été #été_2026, (see https://example.org/a?b=c#d). #1 a#b #ü https://x"), [
    ["tag", "#été_2026"],
    ["link", "https://example.org/a?b=c#d"],
    ["tag", "#ü"],
    ["link", "https://x"],
  ]);
  assert.deepEqual(shown("# nothing @here http:// ##"), []);
});

Deno.test("whatever the facets, readers see the text as it was approved", () => {
  const word = fc.constantFrom(
    "#tide",
    "#a_b",
    "(x)",
    "https://a.org/#b",
    "@[Tide]",
    "é",
    " ",
    "\\",
    "{hashtag|#|x}",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const text = words.join("");
      assert.equal(visibleText(writePieces(toPieces(findFacets(text)))), text);
    }),
    { numRuns: 1_000, seed: 6 },
  );
});

Deno.test("a mention is one by its account, and what lies across another facet stays text", () => {
  const mention: Facet = {
    kind: "mention",
    start: 3,
    end: 16,
    handle: "tide",
    accountId: "urn:li:organization:77001",
  };
  const text = "Hi @Tide & Table!";
  assert.deepEqual(toPieces({ text, facets: [mention, { kind: "tag", tag: "x", start: 4, end: 6 }] }), [
    { kind: "text", text: "Hi " },
    { kind: "mention", name: "Tide & Table", urn: "urn:li:organization:77001" },
    { kind: "text", text: "!" },
  ]);
  assert.deepEqual(toPieces({ text, facets: [{ ...mention, accountId: "did:plc:x" }] }), [{
    kind: "text",
    text,
  }]);
});
