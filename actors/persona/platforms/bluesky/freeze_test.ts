import assert from "node:assert/strict";
import type { MediaRef, Part, ReplyTarget } from "../port.ts";
import { cidOf } from "./blob.ts";
import { freezeBluesky } from "./freeze.ts";
import { tid } from "./tid.ts";

const plain = { createdAt: "2026-11-22T10:00:00.000Z", replyTarget: null };
const { createdAt } = plain;
const part = (text: string, facets: Part["facets"] = []): Part => ({ text, facets });
const keys = (count: number) => Array.from({ length: count }, (_, i) => tid(1_790_000_000_000_000 + i, 7));

Deno.test("freezeBluesky makes a complete record of a plain text", () => {
  const [key] = keys(1);
  assert.deepEqual(freezeBluesky([part("Good morning")], { ...plain, language: "en", tids: [key!] }), {
    keys: [key],
    records: [{ $type: "app.bsky.feed.post", text: "Good morning", langs: ["en"], createdAt }],
  });
});

Deno.test("freezeBluesky writes each kind of facet as the lexicon has it", () => {
  const frozen = freezeBluesky([part("@b.test https://a.example #x", [
    { kind: "mention", handle: "b.test", accountId: "did:plc:b", start: 0, end: 7 },
    { kind: "link", uri: "https://a.example", start: 8, end: 25 },
    { kind: "tag", tag: "x", start: 26, end: 28 },
  ])], { ...plain, language: "pt", tids: keys(1) });
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
    ...plain,
    language: "en",
    tids,
  });
  assert.deepEqual(frozen.keys, tids);
  assert.deepEqual(frozen.records.map((record) => record.text), ["a", "b", "c"]);
});

Deno.test("freezeBluesky leaves a cashtag as text: Bluesky's own apps link it by themselves", () => {
  const cashtag = { kind: "cashtag" as const, tag: "ABC", start: 0, end: 4 };
  const frozen = freezeBluesky([part("$ABC", [cashtag])], { ...plain, language: "en", tids: keys(1) });
  assert.equal("facets" in frozen.records[0]!, false);
});

Deno.test("freezeBluesky names what a reply answers, and where that began, in the first part alone", () => {
  const found = { interactionId: "i", id: "at://did:plc:b/app.bsky.feed.post/k", cid: "bafyreib" };
  const root = { id: "at://did:plc:c/app.bsky.feed.post/r", cid: "bafyreic" };
  const parent = { uri: found.id, cid: found.cid };
  const replies = (replyTarget: ReplyTarget) =>
    freezeBluesky([part("a"), part("b")], { ...plain, language: "en", tids: keys(2), replyTarget })
      .records.map(({ reply }) => reply);
  assert.deepEqual(replies({ ...found, root }), [
    { root: { uri: root.id, cid: root.cid }, parent },
    undefined,
  ]);
  assert.deepEqual(replies(found), [{ root: parent, parent }, undefined]);
  assert.throws(() => replies({ interactionId: "i", id: found.id }), /must have a `cid`/);
});

Deno.test("freezeBluesky writes each picture with its hash as a CID, its alt text and its shape", () => {
  const one = { sha256: "0".repeat(64), mime: "image/png", width: 3, height: 2, bytes: 7, alt: "a cat" };
  const freeze = (media: MediaRef[]) =>
    freezeBluesky([{ ...part("x"), media }], { ...plain, language: "en", tids: keys(1) }).records[0]!;
  const image = { $type: "blob", ref: { $link: cidOf(one.sha256) }, mimeType: "image/png", size: 7 };
  const written = { image, alt: "a cat", aspectRatio: { width: 3, height: 2 } };
  assert.deepEqual(freeze([one, one]).embed, { $type: "app.bsky.embed.images", images: [written, written] });
  assert.equal("embed" in freeze([]), false);
  assert.throws(() => freeze([one, one, one, one, one]), /at most 4 pictures, not 5/);
});

Deno.test("freezeBluesky gives the same bytes for the same input", () => {
  const once = () => JSON.stringify(freezeBluesky([part("x")], { ...plain, language: "en", tids: keys(1) }));
  assert.equal(once(), once());
});

Deno.test("freezeBluesky refuses what cannot be sent and names it", () => {
  const options = { ...plain, language: "en", tids: keys(1) };
  assert.throws(() => freezeBluesky([], options), /needs a part/);
  assert.throws(() => freezeBluesky([part("a"), part("b")], options), /one a part, 2, not 1/);
  assert.throws(() => freezeBluesky([part("a")], { ...options, tids: ["../x"] }), /not "\.\.\/x"/);
  assert.throws(
    () => freezeBluesky([part("a"), part("b")], { ...options, tids: [keys(1)[0]!, keys(1)[0]!] }),
    /must all differ/,
  );
});
