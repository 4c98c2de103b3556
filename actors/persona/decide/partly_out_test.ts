/** Threads of which a part is out already: whatever happens then, the rest hangs below it, and nothing wrong is called sent. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Command } from "../commands.ts";
import { wantedEffects } from "../effects/runner.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { tidSource } from "../platforms/bluesky/tid_source.ts";
import type { Payload } from "../platforms/port.ts";
import type { PersonaState } from "../state.ts";
import { at, BLUESKY, created, DAY, folded, given, HOUR, linkedTo, NOW, SANDBOX } from "../testing.ts";

const postId = "a";
const first = { id: "at://did:plc:ada/app.bsky.feed.post/one", url: "https://bsky.example/one" };
const second = { id: "at://did:plc:ada/app.bsky.feed.post/two", url: "https://bsky.example/two" };
const OTHER = { ...BLUESKY, accountId: "did:plc:bob", handle: "bob.example" };

const newTid = tidSource(() => NOW, () => 0);

/** Plays commands, each of which must be taken. */
function after(events: PersonaEvent[], commands: Command[], now = NOW): PersonaEvent[] {
  return commands.reduce((all, command) => {
    const { decision } = given(...all).when(command, { now, newTid });
    if ("refused" in decision) throw new Error(`${command.type}: ${decision.refused.message}`);
    return [...all, ...decision.events];
  }, events);
}

const posted = (events: PersonaEvent[]) => {
  const post = folded(events).posts[postId];
  ok(post);
  return post;
};
const approval = (events: PersonaEvent[]): Command => ({
  type: "approve",
  postId,
  contentHash: posted(events).contentHash ?? "",
  then: { kind: "publish" },
});
const intent = (events: PersonaEvent[]): Payload => {
  const last = events.findLast((one) => one.type === "PublishRequested");
  if (last?.type !== "PublishRequested") throw new Error("there is no intent");
  return last.data.payload;
};

/** A thread of three on Bluesky, approved, with an open attempt. */
function attempting(): PersonaEvent[] {
  const parts = ["One.", "Two.", "Three."].map((text) => ({ text }));
  let events = after([created, linkedTo(BLUESKY)], [{ type: "write", platform: "bluesky", parts, postId }]);
  events = after(events, [{
    type: "prepared",
    postId,
    revision: 1,
    parts: parts.map(({ text }) => ({ text, facets: [] })),
  }]);
  events = after(events, [approval(events)]);
  return after(events, [{ type: "begin_attempt", postId }]);
}
const firstOut = (): PersonaEvent[] =>
  after(attempting(), [{
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "not_sent", reason: "away", parts: [first] },
  }]);
/** The approval ended between two parts: a person looks at it again. */
const heldBack = (out = firstOut()): PersonaEvent[] =>
  after(out, [{ type: "begin_attempt", postId }], NOW + 8 * DAY);

Deno.test("a thread held back with its first part out, approved again: the new intent begins with what is out, as it was sent", () => {
  const out = firstOut();
  const before = intent(out);
  let events = heldBack(out);
  strictEqual(posted(events).status, "pending_review");
  deepStrictEqual(posted(events).sent, [first]);
  events = after(events, [approval(events)], NOW + 8 * DAY);
  const again = intent(events);
  strictEqual(again.keys.length, 3);
  deepStrictEqual([again.keys[0], again.records[0]], [before.keys[0], before.records[0]]);
  strictEqual(
    again.keys[1],
    before.keys[1],
    "what was tried keeps its key: a late request cannot stand beside it",
  );
  deepStrictEqual(again.records.map(({ text }) => text), ["One.", "Two.", "Three."]);

  // And once more, with another part out.
  events = after(events, [
    { type: "begin_attempt", postId },
    {
      type: "outcome",
      postId,
      attempt: 1,
      outcome: { kind: "not_sent", reason: "away", parts: [first, second] },
    },
  ], NOW + 8 * DAY);
  events = after(events, [{ type: "begin_attempt", postId }], NOW + 16 * DAY);
  events = after(events, [approval(events)], NOW + 16 * DAY);
  deepStrictEqual(intent(events).keys.slice(0, 2), again.keys.slice(0, 2));
  deepStrictEqual(intent(events).records.slice(0, 2), again.records.slice(0, 2));
});

Deno.test("a thread held back before anything was out: the new intent has its keys, and nothing else of it", () => {
  let events = after(attempting(), [
    { type: "outcome", postId, attempt: 1, outcome: { kind: "not_sent", reason: "away" } },
  ]);
  const before = intent(events);
  events = after(events, [{ type: "begin_attempt", postId }], NOW + 8 * DAY);
  events = after(events, [approval(events)], NOW + 8 * DAY);
  deepStrictEqual(intent(events).keys, before.keys);
});

Deno.test("rewrite, a post of which a part is out: refused, another text would be called sent that never was", () => {
  given(...heldBack()).when({ type: "rewrite", postId }).refused("wrong_status");
});

Deno.test("a thread of which a part is out, another account: the rest cannot go out there, whatever is edited or submitted", () => {
  const moved = after(heldBack(), [{ type: "link", connection: OTHER }], NOW + 8 * DAY);
  const revise: Command = {
    type: "revise",
    postId,
    parts: ["One.", "Two.", "Another."].map((text) => ({ text })),
  };
  given(...moved).when(revise).refused("no_connection");
  given(...moved).when(approval(moved)).refused("no_connection");
  const expired = [...moved, event("ApprovalExpired", { postId })];
  given(...expired).when({ type: "submit", postId }).refused("no_connection");
  // It can be ended, and once its account is back, what is out of it be deleted.
  const ended = after(moved, [{ type: "withdraw", postId }]);
  given(...ended).when({ type: "delete_post", postId }).refused("no_connection");
  const back = after(ended, [{ type: "link", connection: BLUESKY }, { type: "delete_post", postId }]);
  deepStrictEqual(wantedEffects(folded(back)).map(({ kind }) => kind), ["remove"]);
});

Deno.test("an account that others spoke to, replaced by another one: its answers are not given from there", () => {
  const heard = event("InteractionReceived", {
    interactionId: "i1",
    connectionId: BLUESKY.connectionId,
    kind: "mention",
    postId: null,
    sourceHash: "h1",
    wordsRef: "w1",
    saidAt: NOW,
  });
  const talking = [created, linkedTo(BLUESKY), heard];
  const reply: Command = { type: "reply", interactionId: "i1", parts: [{ text: "Thank you." }], postId };
  const same = after(talking, [{ type: "link", connection: { ...BLUESKY, handle: "ada2.example" } }]);
  ok("events" in given(...same).when(reply).decision, "the same account with another name");
  const moved = after(talking, [{ type: "link", connection: OTHER }]);
  given(...moved).when(reply).refused("not_found", "interactionId");
  const answered = after(after(talking, [reply]), [{ type: "link", connection: OTHER }]);
  given(...answered).when({ type: "revise", postId, text: "Thanks." }).refused("no_connection");
  given(...answered).when({ type: "rewrite", postId }).refused("no_connection");
});

Deno.test("reply, again after the platform refused the first answer for good: allowed, unless something of it is out", () => {
  const talking = [
    created,
    linkedTo(SANDBOX),
    event("InteractionReceived", {
      interactionId: "i1",
      connectionId: SANDBOX.connectionId,
      kind: "mention",
      postId: null,
      sourceHash: "h1",
      wordsRef: "w1",
      saidAt: NOW,
    }),
  ];
  const reply: Command = { type: "reply", interactionId: "i1", parts: [{ text: "Thank you." }], postId };
  const failed = (more: object) => [
    ...after(talking, [reply]),
    event("PublishRejected", { postId, attempt: 1, reason: "no", ...more }),
  ];
  ok("events" in given(...failed({})).when({ ...reply, postId: "b" }).decision);
  given(...failed({ sent: [first] })).when({ ...reply, postId: "b" }).refused("already_answered");
});

const uncertain = (): PersonaEvent[] =>
  after(attempting(), [
    { type: "outcome", postId, attempt: 1, outcome: { kind: "uncertain", reason: "reset" } },
  ]);
const look = (parts: typeof first[]): Command => ({
  type: "reconciled",
  postId,
  attempt: 1,
  result: { kind: "absent", safeToRepeat: false, parts },
});
const absentSince = (state: PersonaState) => state.posts[postId]?.publish?.absentSince;

Deno.test("reconcile, a part that only now came to be seen: since when the next one is absent begins anew", () => {
  const none = after(uncertain(), [look([])], NOW);
  strictEqual(absentSince(folded(none)), NOW);
  const later = NOW + 61_000;
  const one = after(none, [look([first])], later);
  deepStrictEqual(posted(one).sent, [first]);
  strictEqual(absentSince(folded(one)), later, "its list lagged: so may that of the next part");
  const still = after(one, [look([first])], later + 61_000);
  strictEqual(absentSince(folded(still)), later);
});

Deno.test("reconcile, a clock that was set back: what is absent is not absent since a time to come", () => {
  const none = after(uncertain(), [look([])], NOW);
  const earlier = after(none, [look([])], NOW - HOUR);
  strictEqual(absentSince(folded(earlier)), NOW - HOUR);
});

Deno.test("an attempt cut short after its first part: looked for, found, and gone on with behind it", () => {
  const cut = after(attempting(), [{
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "uncertain", reason: "The persona stopped while this was being sent." },
  }]);
  const found = after(cut, [{
    type: "reconciled",
    postId,
    attempt: 1,
    result: { kind: "absent", safeToRepeat: true, parts: [first] },
  }]);
  deepStrictEqual([posted(found).status, posted(found).sent], ["publishing", [first]]);
  deepStrictEqual(wantedEffects(folded(found)).map(({ kind }) => kind), ["publish"]);
});

Deno.test("resolve, two of three parts are known to be out: they stay known, whatever address a person gives", () => {
  const doubt = after(attempting(), [{
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "uncertain", reason: "reset", parts: [first, second] },
  }]);
  const url = "https://bsky.app/profile/ada.example/post/three";
  const third = { id: "at://did:plc:ada/app.bsky.feed.post/three", url };
  const wentOut: Command = { type: "resolve", postId, outcome: "went_out" };
  deepStrictEqual(posted(after(doubt, [{ ...wentOut, url }])).sent, [first, second, third]);
  deepStrictEqual(posted(after(doubt, [{ ...wentOut, url: first.url }])).sent, [first, second]);
  deepStrictEqual(posted(after(doubt, [wentOut])).sent, [first, second]);
  const did = after(doubt, [{ type: "resolve", postId, outcome: "did_not" }]);
  deepStrictEqual([posted(did).status, posted(did).sent], ["publishing", [first, second]]);
});

Deno.test("a thread that ended half-way, refused or withdrawn: what is out of it can be deleted", () => {
  const refused = after(attempting(), [{
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "rejected", reason: "part 2: no", parts: [first] },
  }]);
  const withdrawn = after(firstOut(), [{ type: "withdraw", postId }]);
  const retired = after(firstOut(), [{ type: "retire" }]);
  for (const ended of [refused, withdrawn, retired]) {
    const deleting = after(ended, [{ type: "delete_post", postId }]);
    deepStrictEqual(wantedEffects(folded(deleting)).map(({ kind }) => kind), ["remove"]);
    const gone = after(deleting, [{ type: "removed", postId, result: { kind: "removed" } }]);
    strictEqual(posted(gone).status, "deleted");
    given(...gone).when({ type: "delete_post", postId }).refused("wrong_status");
  }
  given(...at("withdrawn")).when({ type: "delete_post", postId }).refused("wrong_status");
});

Deno.test("delete, a thread that a person says is out, of which one part was found: refused, the others would stay", () => {
  const resolved = after(uncertain(), [look([first]), { type: "resolve", postId, outcome: "went_out" }]);
  deepStrictEqual([posted(resolved).status, posted(resolved).sent], ["published", [first]]);
  given(...resolved).when({ type: "delete_post", postId }).refused("wrong_status");
});

Deno.test("delete, an account that is gone: refused at once, nothing would ever come of it", () => {
  const gone = [...at("published"), event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId })];
  given(...gone).when({ type: "delete_post", postId }).refused("no_connection");
  const lost = [
    ...at("published"),
    event("ConnectionLost", { connectionId: SANDBOX.connectionId, reason: "r" }),
  ];
  ok(
    "events" in given(...lost).when({ type: "delete_post", postId }).decision,
    "it waits until it is mended",
  );
});

Deno.test("delete, a platform that asks to wait for ever: it is asked again within a day", () => {
  const deleting = [...at("published"), event("RemovalRequested", { postId })];
  for (const until of [Infinity, Number.NaN, Date.UTC(9999, 1), -1]) {
    const { decision } = given(...deleting).when({
      type: "removed",
      postId,
      result: { kind: "rate_limited", until, reason: "later" },
    });
    ok("events" in decision);
    const [failed] = decision.events;
    ok(failed?.type === "RemovalFailed");
    const { retryAt } = failed.data;
    ok(retryAt !== null && retryAt > NOW && retryAt <= NOW + DAY, `${until} → ${retryAt}`);
  }
});

Deno.test("retry, what was put aside of an attempt of an earlier intent: it says nothing of the one that there is now", () => {
  const letter = (id: string, command: Command) =>
    event("CommandDeadLettered", {
      deadLetterId: id,
      commandId: id,
      type: command.type,
      command,
      by: "actor:p1",
      cause: null,
      reason: "it threw",
      crashes: 2,
    });
  const notSent: Command = {
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "not_sent", reason: "away" },
  };
  const absent: Command = {
    type: "reconciled",
    postId,
    attempt: 1,
    result: { kind: "absent", safeToRepeat: true },
  };
  const doubtful: Command = {
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "uncertain", reason: "reset" },
  };
  const early = [...attempting(), letter("l1", notSent), letter("l2", absent)];
  let events = after(early, [doubtful, absent]);
  events = after(events, [{ type: "begin_attempt", postId }], NOW + 8 * DAY);
  events = after(events, [approval(events), { type: "begin_attempt", postId }, doubtful], NOW + 8 * DAY);
  strictEqual(posted(events).status, "uncertain");
  for (const deadLetterId of ["l1", "l2"]) {
    given(...events).when({ type: "retry_dead_letter", deadLetterId }).refused("wrong_status");
  }
  // Of this one it does.
  const own = [...events, letter("l3", absent)];
  ok("events" in given(...own).when({ type: "retry_dead_letter", deadLetterId: "l3" }).decision);
});

/** Sent again since nothing of it was found, and refused then. */
const refusedLate = (): PersonaEvent[] =>
  after(uncertain(), [
    { type: "reconciled", postId, attempt: 1, result: { kind: "absent", safeToRepeat: true } },
    { type: "begin_attempt", postId },
    { type: "outcome", postId, attempt: 2, outcome: { kind: "rejected", reason: "too long" } },
  ]);
const lookLate = (result: Extract<Command, { type: "reconciled" }>["result"]): Command => ({
  type: "reconciled",
  postId,
  attempt: 2,
  result,
});

Deno.test("refused after an attempt whose end was not known: that one may still arrive, so it is looked for once more", () => {
  const doubt = refusedLate();
  strictEqual(posted(doubt).status, "uncertain");
  strictEqual(posted(doubt).publish?.refused, "too long");
  deepStrictEqual(wantedEffects(folded(doubt)), [{ kind: "reconcile", postId, at: NOW + 60_000 }]);

  const absent = after(doubt, [lookLate({ kind: "absent", safeToRepeat: true, parts: [] })]);
  deepStrictEqual(absent.at(-1), event("PublishRejected", { postId, attempt: 2, reason: "too long" }));
  const late = after(doubt, [lookLate({ kind: "found", sent: [first] })]);
  strictEqual(posted(late).status, "published");
  // A look that fails forgets nothing.
  const unknown = after(doubt, [lookLate({ kind: "unknown", reason: "timeout" })]);
  strictEqual(posted(unknown).publish?.refused, "too long");
  const then = after(unknown, [lookLate({ kind: "absent", safeToRepeat: true, parts: [first] })]);
  deepStrictEqual([posted(then).status, posted(then).sent], ["failed", [first]]);
});

Deno.test("refused after an attempt whose end was not known: a person who says that nothing is out ends it", () => {
  const said = after(refusedLate(), [{ type: "resolve", postId, outcome: "did_not" }]);
  deepStrictEqual(said.at(-1), event("PublishRejected", { postId, attempt: 2, reason: "too long" }));
});

Deno.test("reconcile, a part is there and the next is in doubt: it is known from now on", () => {
  const doubt = after(uncertain(), [
    {
      type: "reconciled",
      postId,
      attempt: 1,
      result: { kind: "unknown", reason: "alike", parts: [first], evidence: [second] },
    },
  ]);
  deepStrictEqual([posted(doubt).status, posted(doubt).sent], ["uncertain", [first]]);
});

Deno.test("resolve, only the next part of a thread is out: the rest hangs below it; without its address nothing can", () => {
  const url = "https://bsky.app/profile/ada.example/post/one";
  const only: Command = { type: "resolve", postId, outcome: "part_went_out" };
  const part = { id: "at://did:plc:ada/app.bsky.feed.post/one", url };
  const going = after(uncertain(), [{ ...only, url }]);
  deepStrictEqual([posted(going).status, posted(going).sent], ["publishing", [part]]);
  deepStrictEqual(wantedEffects(folded(going)).map(({ kind }) => kind), ["publish"]);
  given(...uncertain()).when(only).refused("invalid");
  given(...uncertain()).when({ ...only, url: "https://bsky.app/profile/ada.example" }).refused("invalid");

  // Of the last one in doubt it is said whether it went out.
  const last = after(attempting(), [{
    type: "outcome",
    postId,
    attempt: 1,
    outcome: { kind: "uncertain", reason: "reset", parts: [first, second] },
  }]);
  given(...last).when({ ...only, url: "https://bsky.app/profile/ada.example/post/three" }).refused("invalid");
});
