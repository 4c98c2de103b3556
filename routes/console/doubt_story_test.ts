import assert from "node:assert/strict";
import type { EventData, EventType } from "../../actors/persona/events.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import type { PostRead } from "../../db/read/posts.ts";
import { afterDidNot, profileOf, storyOf } from "./doubt_story.ts";

const START = Date.parse("2026-11-22T12:00:00Z");
const users = new Map([["u1", "Ann"]]);

function happened(
  ...steps: { type: EventType; data: Partial<EventData[EventType]>; by?: string }[]
): StoredEvent[] {
  return steps.map(({ type, data, by = "actor:p" }, index) => ({
    position: index + 1,
    id: String(index),
    stream: "p",
    version: index + 1,
    type,
    schema: 1,
    at: new Date(START + index * 60_000).toISOString(),
    by,
    cause: null,
    correlation: null,
    data: JSON.parse(JSON.stringify({ postId: "post", ...data })),
  }));
}

const doubt = (over: Partial<EventData["PublishUncertain"]>, by?: string) => ({
  type: "PublishUncertain" as const,
  data: { attempt: 1, reason: "It is not there so far.", checks: 1, nextCheckAt: START, ...over },
  by,
});

function post(over: Partial<PostRead> = {}): PostRead {
  return {
    persona: "p",
    id: "post",
    platform: "x",
    attempts: 1,
    sent: [],
    content: { accountId: "7", parts: [{ text: "Bark.", facets: [] }] },
    approval: { expiresAt: new Date(START + 1_000).toISOString() },
    account: { accountId: "7", handle: "@ada", linked: true, health: "ok" },
    ...over,
  } as PostRead;
}

Deno.test("a doubt's story tells what was sent, what came back and what was found, looks that came to the same as one", () => {
  const events = happened(
    { type: "PublishRequested", data: {} },
    { type: "PublishAttempted", data: { attempt: 1 } },
    doubt({ reason: "No answer in 30 s.", checks: 0, sent: [{ id: "1", url: "https://x.com/1" }] }),
    doubt({ checks: 1 }),
    doubt({ checks: 2 }),
    doubt({ checks: 3, reason: "Two are alike.", evidence: [{ id: "2", url: "u" }, { id: "3", url: "v" }] }),
    doubt({ checks: 3, nextCheckAt: START + 600_000 }, "user:u1"),
  );
  const { steps, nextAt, canLook } = storyOf(post(), events, users);
  assert.deepEqual(steps.map(({ kind, title, detail, times }) => [kind, title, detail, times]), [
    ["sent", "Sent to X", "", 1],
    ["doubt", "Whether it went out is not known", "No answer in 30 s. Part 1 is out.", 1],
    ["look", "Looked for it", "It is not there so far.", 2],
    ["look", "Looked for it", "Two are alike. 2 posts there may be it.", 1],
    ["asked", "Ann had it looked for again", "", 1],
  ]);
  assert.deepEqual([steps[2]?.at, steps[2]?.until], [events[3]?.at, events[4]?.at]);
  assert.deepEqual([nextAt, canLook], [new Date(START + 600_000).toISOString(), true]);
});

Deno.test("a post that was only due when its database was copied is looked for by nobody", () => {
  const events = happened(
    doubt({ attempt: 0, checks: 0, reason: "This is a copy.", nextCheckAt: 0 }, "system"),
  );
  const story = storyOf(post({ attempts: 0 }), events, users);
  assert.deepEqual([story.nextAt, story.canLook, story.steps[0]?.kind], [null, false, "doubt"]);
});

Deno.test("what follows a no is said before it is given", () => {
  const events = happened({ type: "PublishRequested", data: {} });
  const standing = { events, life: "active", stops: [], now: START };
  const after = (over: Partial<PostRead>, more = {}) => afterDidNot(post(over), { ...standing, ...more });
  assert.equal(after({}).what, "again");
  assert.match(after({}).says, /^It is sent again to X, exactly as it stands here, at once\./);
  assert.match(after({ sent: [{ id: "1", url: "" }] }).says, /^What is missing of it is sent again/);
  assert.match(after({}, { life: "paused" }).says, /once the persona is resumed/);
  const stop = { scope: { kind: "platform", platform: "x" }, by: "user:u1", why: "", since: "" };
  assert.match(after({}, { stops: [stop] }).says, /once its posting is not stopped any more/);
  const elsewhere = { ...stop, scope: { kind: "platform", platform: "bluesky" } };
  assert.match(after({}, { stops: [elsewhere] }).says, /at once/);
  const lost = { ...post().account, health: "lost" } as PostRead["account"];
  assert.match(after({ account: lost }).says, /once the account is connected again/);
  assert.equal(after({ approval: null }).what, "review");
  assert.match(after({}, { now: START + 1_000 }).says, /approval has run out/);
  const other = { ...post().account, accountId: "8" } as PostRead["account"];
  assert.match(after({ account: other }).says, /another account now/);
  assert.equal(after({ attempts: 0 }, { events: [] }).what, "review");
  assert.equal(after({}, { life: "retired" }).what, "withdrawn");
});

Deno.test("where to look by hand is the account's own page, whatever its handle holds", () => {
  const at = (platform: PostRead["platform"], handle: string, accountId = "7") =>
    profileOf({ platform, account: { ...post().account, handle, accountId } as PostRead["account"] });
  assert.equal(at("x", "@ada/../evil"), "https://x.com/ada%2F..%2Fevil");
  assert.equal(at("bluesky", "ada.example", "did:plc:abc"), "https://bsky.app/profile/did%3Aplc%3Aabc");
  assert.equal(
    at("linkedin", "Arb", "urn:li:organization:4711"),
    "https://www.linkedin.com/company/4711/posts/",
  );
  assert.match(at("linkedin", "Ada", "urn:li:person:x") ?? "", /recent-activity/);
  assert.equal(at("sandbox", "ada.sandbox"), "/sandbox?account=ada.sandbox");
  assert.equal(profileOf({ platform: "x", account: null }), null);
});
