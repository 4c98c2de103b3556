import assert from "node:assert/strict";
import type { Part } from "../port.ts";
import { freezeBluesky } from "./freeze.ts";
import { tid } from "./tid.ts";

const createdAt = "2026-11-22T10:00:00.000Z";
const part = (text: string, facets: Part["facets"] = []): Part => ({ text, facets });
const keys = (count: number) => Array.from({ length: count }, (_, i) => tid(1_790_000_000_000_000 + i, 7));

Deno.test("freezeBluesky makes a complete record of a plain text", () => {
  const [key] = keys(1);
  assert.deepEqual(freezeBluesky([part("Good morning")], { createdAt, language: "en", tids: [key!] }), {
    keys: [key],
    records: [{ $type: "app.bsky.feed.post", text: "Good morning", langs: ["en"], createdAt }],
  });
});

Deno.test("freezeBluesky writes each kind of facet as the lexicon has it", () => {
  const frozen = freezeBluesky([part("@b.test https://a.example #x", [
    { kind: "mention", handle: "b.test", accountId: "did:plc:b", start: 0, end: 7 },
    { kind: "link", uri: "https://a.example", start: 8, end: 25 },
    { kind: "tag", tag: "x", start: 26, end: 28 },
  ])], { createdAt, language: "pt", tids: keys(1) });
  const facets = frozen.records[0]!.facets as { index: unknown; features: unknown[] }[];
  assert.deepEqual(facets.map(({ index, features }) => [index, ...features]), [
    [{ byteStart: 0, byteEnd: 7 }, { $type: "app.bsky.richtext.facet#mention", did: "did:plc:b" }],
    [{ byteStart: 8, byteEnd: 25 }, { $type: "app.bsky.richtext.facet#link", uri: "https://a.example" }],
    [{ byteStart: 26, byteEnd: 28 }, { $type: "app.bsky.richtext.facet#tag", tag: "x" }],
  ]);
});

Deno.test("freezeBluesky gives a thread one record and one key a part", () => {
  const tids = keys(3);
  const frozen = freezeBluesky(["a", "b", "c"].map((text) => part(text)), {
    createdAt,
    language: "en",
    tids,
  });
  assert.deepEqual(frozen.keys, tids);
  assert.deepEqual(frozen.records.map((record) => record.text), ["a", "b", "c"]);
});

Deno.test("freezeBluesky gives the same bytes for the same input", () => {
  const once = () => JSON.stringify(freezeBluesky([part("x")], { createdAt, language: "en", tids: keys(1) }));
  assert.equal(once(), once());
});

Deno.test("freezeBluesky refuses what cannot be sent and names it", () => {
  const options = { createdAt, language: "en", tids: keys(1) };
  assert.throws(() => freezeBluesky([], options), /needs a part/);
  assert.throws(() => freezeBluesky([part("a"), part("b")], options), /one a part, 2, not 1/);
  assert.throws(() => freezeBluesky([part("a")], { ...options, tids: ["../x"] }), /not "\.\.\/x"/);
  assert.throws(
    () => freezeBluesky([part("a"), part("b")], { ...options, tids: [keys(1)[0]!, keys(1)[0]!] }),
    /must all differ/,
  );
});
