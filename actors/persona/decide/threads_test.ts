import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Command } from "../commands.ts";
import { event } from "../events.ts";
import { wantedEffects } from "../effects/runner.ts";
import { at, BLUESKY, created, folded, given, HOUR, linkedTo, NOW, SANDBOX, SENT, TEXT } from "../testing.ts";

const postId = "a";
const about = { postId, attempt: 1 };
const second = { id: "sent-2", url: "https://sandbox.example/2" };

Deno.test("outcome, a thread of which a part is out: it is kept, and the next attempt begins behind it", () => {
  for (const kind of ["uncertain", "not_sent", "out_of_credit"] as const) {
    const outcome = { kind, reason: "away", parts: SENT };
    const { decision } = given(...at("attempting")).when({ type: "outcome", ...about, outcome });
    if ("refused" in decision) throw new Error(decision.refused.message);
    deepStrictEqual(folded(decision.events, folded(at("attempting"))).posts[postId]?.sent, SENT, kind);
  }
  const fewer = { kind: "uncertain" as const, reason: "away", parts: [] };
  const known = [
    ...at("attempting"),
    event("PublishUncertain", {
      ...about,
      reason: "away",
      checks: 0,
      nextCheckAt: NOW,
      sent: [...SENT, second],
    }),
  ];
  strictEqual(folded(known).posts[postId]?.sent.length, 2);
  const again = [
    ...known,
    event("PublishFoundAbsent", about),
    event("PublishAttempted", { postId, attempt: 2 }),
  ];
  const less = given(...again).when({ type: "outcome", postId, attempt: 2, outcome: fewer });
  if ("refused" in less.decision) throw new Error(less.decision.refused.message);
  strictEqual(
    folded(less.decision.events, folded(again)).posts[postId]?.sent
      .length,
    2,
  );
});

Deno.test("reconcile, absent for the first time: since when is kept, and forgotten when a look says otherwise", () => {
  const absent: Command = { type: "reconciled", ...about, result: { kind: "absent", safeToRepeat: false } };
  const { decision } = given(...at("uncertain")).when(absent);
  if ("refused" in decision) throw new Error(decision.refused.message);
  const once = folded(decision.events, folded(at("uncertain")));
  strictEqual(once.posts[postId]?.publish?.absentSince, NOW);
  const unknown: Command = { type: "reconciled", ...about, result: { kind: "unknown", reason: "502" } };
  const then = given(...at("uncertain"), ...decision.events).when(unknown);
  if ("refused" in then.decision) throw new Error(then.decision.refused.message);
  const twice = folded(then.decision.events, once);
  strictEqual(twice.posts[postId]?.publish?.absentSince, null);
});

Deno.test("reconcile, what may be it: shown with the doubt, at most five", () => {
  const evidence = Array.from({ length: 9 }, (_, n) => ({ id: `e${n}`, url: `https://x.example/${n}` }));
  const result = { kind: "unknown" as const, reason: "alike", evidence };
  const { decision } = given(...at("uncertain")).when({ type: "reconciled", ...about, result });
  if ("refused" in decision) throw new Error(decision.refused.message);
  const [doubt] = decision.events;
  ok(doubt?.type === "PublishUncertain");
  strictEqual(doubt.data.evidence?.length, 5);
});

Deno.test("revise, the parts of a thread: kept one by one; what is out already cannot be changed", () => {
  const parts = ["One.", "Two."].map((text) => ({ text }));
  const { decision } = given(...at("pending_review")).when({ type: "revise", postId, parts });
  if ("refused" in decision) throw new Error(decision.refused.message);
  const state = folded(decision.events, folded(at("pending_review")));
  deepStrictEqual(state.posts[postId]?.content?.parts.map((part) => part.text), ["One.", "Two."]);

  const halfOut = [
    ...at("attempting"),
    event("PublishDeferred", { ...about, until: NOW, reason: "away", sent: SENT }),
    event("PostHeldBack", { postId, reason: "why", verdicts: [] }),
  ];
  given(...halfOut).when({ type: "revise", postId, text: "Another beginning." }).refused("invalid", "text");
  const longer = given(...halfOut).when({
    type: "revise",
    postId,
    parts: [{ text: TEXT }, { text: "More." }],
  });
  ok("events" in longer.decision);
});

Deno.test("revise, neither a text nor parts, or both: refused by name", () => {
  const waiting = given(...at("pending_review"));
  waiting.when({ type: "revise", postId }).refused("invalid", "text");
  waiting.when({ type: "revise", postId, text: "a", parts: [{ text: "b" }] }).refused("invalid", "text");
  waiting.when({ type: "revise", postId, parts: [{ text: "a" }, { text: " " }] }).refused("invalid", "parts");
});

Deno.test("write, a person's own text: waits for review at once, and nobody is asked to write", () => {
  const linked = [created, linkedTo(SANDBOX)];
  const { decision } = given(...linked).when({
    type: "write",
    platform: "sandbox",
    parts: [{ text: "Mine." }],
    postId,
    setId: "set-1",
  });
  if ("refused" in decision) throw new Error(decision.refused.message);
  const state = folded(decision.events, folded(linked));
  strictEqual(state.posts[postId]?.status, "pending_review");
  strictEqual(state.posts[postId]?.setId, "set-1");
  deepStrictEqual(wantedEffects(state), []);
  given(...linked).when({ type: "write", platform: "x", parts: [{ text: "a" }] }).refused(
    "no_connection",
    "platform",
  );
  given(...linked).when({ type: "write", platform: "sandbox", parts: [] }).refused("invalid", "parts");
});

const heard = (more: object = {}) =>
  event("InteractionReceived", {
    interactionId: "i1",
    connectionId: BLUESKY.connectionId,
    kind: "mention",
    postId: null,
    sourceHash: "h1",
    wordsRef: "w1",
    saidAt: NOW,
    authorHash: "author",
    ...more,
  });
const talking = [created, linkedTo(BLUESKY), heard()];

Deno.test("reply, something said: one answer, prepared with what the platform wants named", () => {
  const reply: Command = { type: "reply", interactionId: "i1", parts: [{ text: "Thank you." }], postId };
  const { decision } = given(...talking).when(reply);
  if ("refused" in decision) throw new Error(decision.refused.message);
  const events = [...talking, ...decision.events];
  const state = folded(events);
  strictEqual(state.interactions.i1?.answeredBy, postId);
  deepStrictEqual(state.posts[postId]?.answering, { interactionId: "i1", kind: "mention", wordsRef: "w1" });
  given(...events).when({ ...reply, postId: "b" }).refused("already_answered", "interactionId");
  const found = { id: "at://x", cid: "c", root: { id: "at://r", cid: "d" } };
  const parts = [{ text: "Thank you.", facets: [] }];
  const ready = given(...events).when({ type: "prepared", postId, revision: 1, parts, found });
  if ("refused" in ready.decision) throw new Error(ready.decision.refused.message);
  deepStrictEqual(folded(ready.decision.events, state).posts[postId]?.content?.replyTarget, {
    interactionId: "i1",
    ...found,
  });
  // What answers something is not ready without it.
  const without = given(...events).when({ type: "prepared", postId, revision: 1, parts });
  ok("events" in without.decision && without.decision.events[0]?.type === "PreparationFailed");
});

Deno.test("reply, again after the first answer was rejected: allowed; after it went out: refused", () => {
  const reply: Command = { type: "reply", interactionId: "i1", parts: [{ text: "Thank you." }], postId };
  const { decision } = given(...talking).when(reply);
  if ("refused" in decision) throw new Error(decision.refused.message);
  const rejected = [...talking, ...decision.events, event("PostRejected", { postId, reason: "no" })];
  ok("events" in given(...rejected).when({ ...reply, postId: "b" }).decision);
});

Deno.test("reply, what no program may answer, what is not known, what says nothing: refused", () => {
  const reply: Command = { type: "reply", interactionId: "i1", brief: "thank them" };
  given(created, linkedTo(BLUESKY), heard({ summons: false })).when(reply).refused("no_answer_allowed");
  given(created, linkedTo(BLUESKY), heard({ byBot: true })).when(reply).refused("no_answer_allowed");
  given(...talking).when({ ...reply, interactionId: "constructor" }).refused("not_found", "interactionId");
  given(created, linkedTo(BLUESKY), heard({ kind: "like" })).when(reply).refused("not_found");
  const LINKEDIN = { ...BLUESKY, connectionId: "c-li", platform: "linkedin" as const };
  const there = [created, linkedTo(LINKEDIN), heard({ connectionId: "c-li" })];
  given(...there).when({ type: "reply", interactionId: "i1" }).refused("invalid", "brief");
  ok("events" in given(...there).when(reply).decision);
});

Deno.test("not prepared, what is answered is gone: the answer is rejected, once and for all", () => {
  const reply: Command = { type: "reply", interactionId: "i1", parts: [{ text: "Thank you." }], postId };
  const { decision } = given(...talking).when(reply);
  if ("refused" in decision) throw new Error(decision.refused.message);
  given(...talking, ...decision.events)
    .when({ type: "not_prepared", postId, revision: 1, reason: "gone", final: true })
    .then(event("PostRejected", { postId, reason: "gone" }));
});

Deno.test("delete, a published post: tried again where it failed, ended where the platform refuses", () => {
  const deleting = [...at("published"), event("RemovalRequested", { postId })];
  deepStrictEqual(
    wantedEffects(folded(deleting)).map(({ kind }) => kind).filter((kind) => kind !== "measure"),
    ["remove"],
  );
  const removed = (result: Extract<Command, { type: "removed" }>["result"]): Command => ({
    type: "removed",
    postId,
    result,
  });
  given(...deleting).when({ type: "delete_post", postId }).refused("wrong_status");
  given(...deleting).when(removed({ kind: "removed" })).then(event("PostRemoved", { postId }));
  given(...deleting).when(removed({ kind: "uncertain", reason: "reset" }))
    .then(event("RemovalFailed", { postId, reason: "reset", retryAt: NOW + 2_000 }));
  given(...deleting).when(removed({ kind: "rejected", reason: "no" }))
    .then(event("RemovalFailed", { postId, reason: "no", retryAt: null }));
  strictEqual(folded([...deleting, event("PostRemoved", { postId })]).posts[postId]?.status, "deleted");
});

Deno.test("measure, a published post: asked an hour after it went out, then ever more seldom, then not at all", () => {
  let events = at("published");
  events = [
    ...events.slice(0, -1),
    event("PostPublished", { ...about, sent: SENT, how: "sent", measureAt: NOW }),
  ];
  const measured: Command = { type: "measured", postId, measured: { kind: "counted", metrics: COUNTS } };
  const waits: (number | null)[] = [];
  for (;;) {
    const { decision } = given(...events).when(measured);
    if ("refused" in decision) break;
    const [fact] = decision.events;
    ok(fact?.type === "PostMeasured");
    waits.push(fact.data.nextAt === null ? null : (fact.data.nextAt - NOW) / HOUR);
    events = [...events, fact];
  }
  deepStrictEqual(waits, [5, 18, 48, 96, null]);
});

const COUNTS = {
  likes: 1,
  reposts: 0,
  replies: 2,
  quotes: 0,
  bookmarks: null,
  impressions: null,
  reached: null,
  clicks: null,
};

Deno.test("reconcile, absent again after it was sent again: without keys a person decides, with keys it is sent again", () => {
  const absent = { kind: "absent" as const, safeToRepeat: true };
  const X = { ...SANDBOX, connectionId: "c-x", platform: "x" as const, service: "https://api.x.com" };
  for (const [connection, type] of [[X, "PublishUncertain"], [SANDBOX, "PublishFoundAbsent"]] as const) {
    const twice = [
      ...at("uncertain", connection),
      event("PublishFoundAbsent", about),
      event("PublishAttempted", { postId, attempt: 2 }),
      event("PublishUncertain", { postId, attempt: 2, reason: "reset", checks: 0, nextCheckAt: NOW }),
    ];
    const { decision } = given(...twice).when({ type: "reconciled", postId, attempt: 2, result: absent });
    if ("refused" in decision) throw new Error(decision.refused.message);
    strictEqual(decision.events[0]?.type, type);
  }
});
