import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { authorHash } from "../content.ts";
import type { Facet } from "../platforms/port.ts";
import { plainLink, subjectsOf, whoKey } from "./subjects.ts";
import { mention } from "./testing.ts";

const one = (text: string, facets: Facet[] = []) => ({ parts: [{ text, facets }], replyTarget: null });

Deno.test("subjects, links: the same page is the same, whoever shared it; another page is not", () => {
  const plain = plainLink("https://example.org/trees");
  for (
    const same of [
      "http://www.Example.org/trees/",
      "https://example.org/trees?utm_source=ada&utm_medium=x",
      "https://example.org/trees#roots",
      "https://example.org/trees?fbclid=1",
    ]
  ) strictEqual(plainLink(same), plain, same);
  for (
    const other of [
      "https://example.org/Trees",
      "https://example.org/trees?page=2",
      "https://example.com/trees",
    ]
  ) {
    notStrictEqual(plainLink(other), plain, other);
  }
  strictEqual(plainLink("https://a.example/?b=2&a=1"), plainLink("https://a.example/?a=1&b=2"));
  strictEqual(plainLink("no url"), "no url");
});

Deno.test("subjects, a text of the sandbox: found in the text itself, which is not prepared", () => {
  const { keys, links, named } = subjectsOf("sandbox", one("see https://example.org/a #Trees @ben.fern"));
  deepStrictEqual(keys, ["link example.org/a", "tag trees", "who @ben.fern"]);
  deepStrictEqual([links, named], [["https://example.org/a"], [{ handle: "ben.fern", accountId: null }]]);
});

Deno.test("subjects, a prepared text: its facets, people by their account", () => {
  const facets: Facet[] = [
    mention("bob", "did:plc:bob"),
    { kind: "tag", tag: "TREES", start: 2, end: 3 },
    { kind: "cashtag", tag: "ABC", start: 4, end: 5 },
  ];
  const { keys } = subjectsOf("bluesky", one("#not #a #facet", facets));
  deepStrictEqual(keys, [whoKey(authorHash("bluesky", "did:plc:bob")), "tag trees", "cashtag abc"]);
});

Deno.test("subjects, an answer: what it answers is one, on its own platform", () => {
  const replyTarget = { interactionId: "i", id: "post-1" };
  deepStrictEqual(subjectsOf("x", { ...one("t"), replyTarget }).keys, ["post x post-1"]);
});
