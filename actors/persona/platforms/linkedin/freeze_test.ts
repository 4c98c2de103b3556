import assert from "node:assert/strict";
import { findFacets } from "./facets.ts";
import { freezeLinkedIn, type FreezeOptions } from "./freeze.ts";
import type { MediaRef, Part, ReplyTarget } from "../port.ts";
import { linkedInRefusal, MAX_COMMENT, MAX_POST } from "./rules.ts";
import { pictureOf } from "./testing.ts";

const options: FreezeOptions = {
  key: "k1",
  author: "urn:li:organization:77001",
  frozenAt: 7,
  approval: { by: "user:ada", via: "session" },
  replyTarget: null,
};
const bodyOf = (text: string, change: Partial<FreezeOptions> = {}) =>
  JSON.parse(String(freezeLinkedIn([findFacets(text)], { ...options, ...change }).records[0]?.body));

Deno.test("a post is frozen escaped, with its tags and its link as an article", () => {
  assert.deepEqual(bodyOf("Low tide (6:40), see https://www.example.org/tides?d=1. #Été_2026 #1"), {
    author: "urn:li:organization:77001",
    commentary: "Low tide \\(6:40\\), see https://www.example.org/tides?d=1. {hashtag|\\#|Été\\_2026} \\#1",
    visibility: "PUBLIC",
    distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
    content: { article: { source: "https://www.example.org/tides?d=1", title: "example.org/tides" } },
    lifecycleState: "PUBLISHED",
    isReshareDisabledByAuthor: false,
  });
});

Deno.test("a comment is frozen in plain text, on the post or under the comment that it answers", () => {
  assert.deepEqual(bodyOf("Yes (we do)", { replyTarget: { interactionId: "i1", id: "urn:li:activity:5" } }), {
    actor: "urn:li:organization:77001",
    object: "urn:li:activity:5",
    message: { text: "Yes (we do)" },
  });
  assert.deepEqual(
    bodyOf("Yes", { replyTarget: { interactionId: "i1", id: "urn:li:comment:(urn:li:activity:5,6)" } }),
    {
      actor: "urn:li:organization:77001",
      object: "urn:li:activity:5",
      message: { text: "Yes" },
      parentComment: "urn:li:comment:(urn:li:activity:5,6)",
    },
  );
});

Deno.test("the same content is frozen to the same bytes, and is plain data", () => {
  const one = freezeLinkedIn([findFacets("Same #words")], options);
  assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
  assert.equal(one.records[0]?.body, freezeLinkedIn([findFacets("Same #words")], options).records[0]?.body);
});

Deno.test("a post with pictures is frozen with their hashes, and without an article", () => {
  const part = { ...findFacets("See https://example.org/a"), media: [pictureOf("One"), pictureOf("")] };
  const [record] = freezeLinkedIn([part], options).records;
  assert.deepEqual(record?.media, [
    { sha256: pictureOf("One").sha256, mime: "image/png", alt: "One" },
    { sha256: pictureOf("").sha256, mime: "image/png", alt: "" },
  ]);
  assert.equal(JSON.parse(String(record?.body)).content, undefined);
});

Deno.test("without a person's approval in a session, and for a page's connections, nothing is frozen", () => {
  const freeze = (change: Partial<FreezeOptions>) => () => bodyOf("x", change);
  assert.throws(freeze({ approval: { by: "token:ci", via: "token" } }), /a person must approve/);
  assert.throws(freeze({ approval: { by: "", via: "session" } }), /a person must approve/);
  assert.throws(freeze({ visibility: "CONNECTIONS" }), /no connections/);
});

Deno.test("what a rule refuses is not frozen, for the same reason; what it lets pass is", () => {
  const on = (id: string) => ({ interactionId: "i1", id });
  const post = on("urn:li:share:1");
  const page = options.author;
  const long = (length: number) => [findFacets("x".repeat(length))];
  const shown = (...media: MediaRef[]) => [{ ...findFacets("x"), media }];
  const picture = pictureOf("One");
  const refused: [RegExp, Part[], ReplyTarget | null, string][] = [
    [/neither a person nor a page/, long(1), null, "urn:li:share:1"],
    [/is empty/, [], null, page],
    [/is empty/, [findFacets(" \n")], null, page],
    [/no threads/, [findFacets("a"), findFacets("b")], null, page],
    [/3001 of at most 3000/, long(MAX_POST + 1), null, page],
    [/1251 of at most 1250/, long(MAX_COMMENT + 1), post, page],
    [/neither a post nor a comment/, long(1), on("urn:li:person:a"), page],
    [/no picture in a comment/, shown(picture), post, page],
    [/5 of at most 4 pictures/, shown(picture, picture, picture, picture, picture), null, page],
    [/JPEG, PNG or GIF/, shown({ ...picture, mime: "image/webp" }), null, page],
    [/more pixels/, shown({ ...picture, width: 10_000, height: 10_000 }), null, page],
    [/more than 5 MB/, shown({ ...picture, bytes: 5_000_001 }), null, page],
    [/4087 of at most 4086/, shown({ ...picture, alt: "x".repeat(4_087) }), null, page],
  ];
  for (const [reason, parts, replyTarget, author] of refused) {
    const said = linkedInRefusal({ accountId: author, parts, replyTarget });
    assert.match(said ?? "", reason);
    assert.throws(() => freezeLinkedIn(parts, { ...options, author, replyTarget }), {
      name: "RangeError",
      message: said ?? "",
    });
  }
  const fine: [Part[], ReplyTarget | null][] = [
    // What is escaped counts once.
    [[findFacets("(".repeat(MAX_POST))], null],
    [long(MAX_COMMENT), post],
    [shown(picture, picture, picture, picture), null],
  ];
  for (const [parts, replyTarget] of fine) {
    assert.equal(linkedInRefusal({ accountId: page, parts, replyTarget }), null);
    assert.equal(freezeLinkedIn(parts, { ...options, replyTarget }).records.length, 1);
  }
});
