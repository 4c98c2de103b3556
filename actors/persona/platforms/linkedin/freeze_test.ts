import assert from "node:assert/strict";
import { findFacets } from "./facets.ts";
import { freezeLinkedIn, type FreezeOptions, MAX_COMMENT, MAX_POST } from "./freeze.ts";

const options: FreezeOptions = {
  key: "k1",
  author: "urn:li:organization:77001",
  frozenAt: 7,
  approval: { by: "user:ada", via: "session" },
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
  assert.deepEqual(bodyOf("Yes (we do)", { replyTarget: "urn:li:activity:5" }), {
    actor: "urn:li:organization:77001",
    object: "urn:li:activity:5",
    message: { text: "Yes (we do)" },
  });
  assert.deepEqual(bodyOf("Yes", { replyTarget: "urn:li:comment:(urn:li:activity:5,6)" }), {
    actor: "urn:li:organization:77001",
    object: "urn:li:activity:5",
    message: { text: "Yes" },
    parentComment: "urn:li:comment:(urn:li:activity:5,6)",
  });
});

Deno.test("the same content is frozen to the same bytes, and is plain data", () => {
  const one = freezeLinkedIn([findFacets("Same #words")], options);
  assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
  assert.equal(one.records[0]?.body, freezeLinkedIn([findFacets("Same #words")], options).records[0]?.body);
});

Deno.test("what cannot go out on LinkedIn is not frozen", () => {
  const freeze = (text: string, change: Partial<FreezeOptions> = {}) => () => bodyOf(text, change);
  assert.throws(freeze("x", { approval: { by: "token:ci", via: "token" } }), /a person must approve/);
  assert.throws(freeze("x", { approval: { by: "", via: "session" } }), /a person must approve/);
  assert.throws(freeze(" \n"), /needs words/);
  assert.throws(freeze("x", { visibility: "CONNECTIONS" }), /no connections/);
  assert.throws(freeze("x", { author: "urn:li:share:1" }), /person or page/);
  assert.throws(freeze("x", { replyTarget: "urn:li:person:a" }), /post or comment/);
  assert.throws(freeze("x".repeat(MAX_POST + 1)), /at most 3000/);
  assert.throws(freeze("x".repeat(MAX_COMMENT + 1), { replyTarget: "urn:li:share:1" }), /at most 1250/);
  assert.throws(() => freezeLinkedIn([], options), /no threads/);
  assert.throws(() => freezeLinkedIn([findFacets("a"), findFacets("b")], options), /no threads/);
  assert.equal(bodyOf("(".repeat(MAX_POST)).commentary.length, 2 * MAX_POST);
});
