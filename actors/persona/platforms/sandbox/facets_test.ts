import { deepStrictEqual } from "node:assert/strict";
import { detectFacets, mentionedHandles } from "./facets.ts";

Deno.test("mentions: not within words, addresses or links, without what ends a sentence, at most ten", () => {
  const cases: [string, string[]][] = [
    ["@ada", ["ada"]],
    ["(@ada.fern), @Bo_Reed. @x-2!", ["ada.fern", "bo_reed", "x-2"]],
    ["mail@ada.example a@b @@c https://a.example/@d", []],
    ["@ada @ADA @ada", ["ada"]],
    ["@ @. @-", []],
    [
      Array.from({ length: 12 }, (_, index) => `@p${index}`).join(" "),
      Array.from({ length: 10 }, (_, index) => `p${index}`),
    ],
  ];
  for (const [text, handles] of cases) deepStrictEqual(mentionedHandles(text), handles, text);
});

Deno.test("links and tags: their spans in bytes, without the mark that ends the sentence", () => {
  deepStrictEqual(detectFacets("é (https://a.example/b?c=1), #tag, #1 #é!"), [
    { kind: "link", uri: "https://a.example/b?c=1", start: 4, end: 27 },
    { kind: "tag", tag: "tag", start: 30, end: 34 },
    { kind: "tag", tag: "é", start: 39, end: 42 },
  ]);
});
