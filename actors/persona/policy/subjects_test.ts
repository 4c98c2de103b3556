import { deepStrictEqual } from "node:assert/strict";
import { authorHash } from "../content.ts";
import type { Facet } from "../platforms/port.ts";
import { subjectsOf, whoKey } from "./subjects.ts";
import { mention } from "./testing.ts";

const one = (text: string, facets: Facet[] = []) => ({ parts: [{ text, facets }], replyTarget: null });

Deno.test("subjects, a text of the sandbox: found in the text itself, which is not prepared", () => {
  const { keys, leads, named } = subjectsOf("sandbox", one("see https://example.org/a #Trees @ben.fern"));
  deepStrictEqual(keys, ["link example.org/a", "tag trees", "who @ben.fern"]);
  deepStrictEqual(leads, [{ key: "link example.org/a", account: null }]);
  deepStrictEqual(named, [{ handle: "ben.fern", accountId: null }]);
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

Deno.test("subjects, one post: linked by any of its addresses, or answered, it is the same thing", () => {
  const link = (uri: string): Facet => ({ kind: "link", uri, start: 0, end: 1 });
  const posts = [
    subjectsOf("bluesky", one("t", [link("https://bsky.app/profile/did:plc:zoe/post/3k")])),
    subjectsOf("x", one("t", [link("https://bsky.app/profile/zoe.example/post/3k?ref=x")])),
    subjectsOf("bluesky", {
      ...one("t"),
      replyTarget: { interactionId: "i", id: "at://did:plc:zoe/app.bsky.feed.post/3k" },
    }),
  ];
  for (const { keys } of posts) deepStrictEqual(keys, ["post bluesky 3k"]);
});
