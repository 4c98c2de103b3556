import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Command } from "../commands.ts";
import { contentHash } from "../content.ts";
import { decide } from "../decide.ts";
import { wantedEffects } from "../effects/runner.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { doubted } from "./doubts.ts";
import type { Outcome } from "../platforms/port.ts";
import { checkContent } from "../policy/policy.ts";
import {
  at,
  BLUESKY,
  content,
  created,
  DAY,
  folded,
  given,
  HOUR,
  IDENTITY,
  linkedTo,
  NOW,
  POLICY,
  SANDBOX,
  SENT,
  SLOT,
  testContext,
  TEXT,
} from "../testing.ts";

const postId = "a";
const about = { postId, attempt: 1 };
const outcome = (outcome: Outcome, attempt = 1): Command => ({ type: "outcome", postId, attempt, outcome });
const deferred = (until: number, reason: string) => event("PublishDeferred", { ...about, until, reason });
const uncertain = (checks: number, nextCheckAt: number, reason: string) =>
  event("PublishUncertain", { ...about, reason, checks, nextCheckAt });

Deno.test("outcome, each kind: the event that it becomes", () => {
  const cases: [Outcome, PersonaEvent[]][] = [
    [{ kind: "sent", sent: SENT }, [
      event("PostPublished", { ...about, sent: SENT, how: "sent", measureAt: NOW + HOUR }),
    ]],
    [{ kind: "rejected", reason: "too long" }, [event("PublishRejected", { ...about, reason: "too long" })]],
    [{ kind: "uncertain", reason: "reset" }, [uncertain(0, NOW, "reset")]],
    [{ kind: "not_sent", reason: "refused" }, [deferred(NOW + 1_000, "refused")]],
    [{ kind: "out_of_credit", reason: "402" }, [deferred(NOW + HOUR, "402")]],
    [{ kind: "rate_limited", until: NOW + 5_000, reason: "429" }, [deferred(NOW + 5_000, "429")]],
    [{ kind: "auth_dead", reason: "401" }, [
      event("ConnectionLost", { connectionId: SANDBOX.connectionId, reason: "401" }),
      deferred(NOW, "401"),
    ]],
  ];
  for (const [said, events] of cases) given(...at("attempting")).when(outcome(said)).then(...events);
});

Deno.test("outcome, hostile words and times of a platform: stored all the same, bounded", () => {
  const attempting = given(...at("attempting"));
  attempting.when(outcome({ kind: "rejected", reason: "a\0b\ud800" + "x".repeat(5_000) }))
    .then(event("PublishRejected", { ...about, reason: "ab\ufffd" + "x".repeat(997) }));
  attempting.when(outcome({ kind: "sent", sent: [{ id: "a\0\ud800", url: "u\0" }] }))
    .then(
      event("PostPublished", {
        ...about,
        sent: [{ id: "a\ufffd", url: "u" }],
        how: "sent",
        measureAt: NOW + HOUR,
      }),
    );
  const times: [number, number][] = [
    [Number.NaN, NOW + 30_000],
    [Infinity, NOW + 30_000],
    [0, NOW + 1_000],
    [9e15, NOW + DAY],
    [NOW + 5_000.5, NOW + 5_001],
  ];
  for (const [until, expected] of times) {
    attempting.when(outcome({ kind: "rate_limited", until, reason: "r" })).then(deferred(expected, "r"));
  }
});

Deno.test("outcome, of an attempt that is not open: refused, whatever it says", () => {
  given(...at("attempting")).when(outcome({ kind: "sent", sent: SENT }, 2)).refused("wrong_status");
  given(...at("attempting")).when(outcome({ kind: "sent", sent: SENT }, 0)).refused("wrong_status");
  given(...at("attempting"), deferred(NOW, "r")).when(outcome({ kind: "sent", sent: SENT })).refused(
    "wrong_status",
  );
  given(...at("publishing")).when(outcome({ kind: "sent", sent: SENT }, 0)).refused("wrong_status");
});

Deno.test("attempts that do not leave: the wait grows, each attempt has its number, none begins too early", () => {
  let events = at("publishing");
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 7; attempt++) {
    events = [...events, event("PublishAttempted", { postId, attempt })];
    const { decision } = given(...events).when(outcome({ kind: "not_sent", reason: "r" }, attempt));
    if ("refused" in decision) throw new Error(decision.refused.message);
    const [wait] = decision.events;
    if (wait?.type !== "PublishDeferred") throw new Error(wait?.type);
    waits.push(wait.data.until - NOW);
    events = [...events, wait];
    const waiting = given(...events);
    waiting.when({ type: "begin_attempt", postId }, { now: wait.data.until - 1 }).refused("wrong_status");
    waiting.when({ type: "begin_attempt", postId }, { now: wait.data.until })
      .then(event("PublishAttempted", { postId, attempt: attempt + 1 }));
  }
  deepStrictEqual(waits, [1_000, 5_000, 30_000, 120_000, 600_000, 600_000, 600_000]);
});

Deno.test("dead credentials: the connection is lost, nothing is tried until it is linked again, then it goes on", () => {
  const dead = given(...at("attempting")).when(outcome({ kind: "auth_dead", reason: "401" })).then(
    event("ConnectionLost", { connectionId: SANDBOX.connectionId, reason: "401" }),
    deferred(NOW, "401"),
  );
  strictEqual(dead.connections[SANDBOX.connectionId]?.health, "lost");
  deepStrictEqual(wantedEffects(dead), []);
  const events = [
    ...at("attempting"),
    event("ConnectionLost", { connectionId: SANDBOX.connectionId, reason: "401" }),
    deferred(NOW, "401"),
  ];
  given(...events).when({ type: "begin_attempt", postId }).refused("no_connection");
  given(...events).when({ type: "link", connection: SANDBOX }).then(linkedTo(SANDBOX));
  const again = given(...events, linkedTo(SANDBOX));
  deepStrictEqual(wantedEffects(again.state), [{ kind: "publish", postId, at: NOW }]);
  again.when({ type: "begin_attempt", postId }).then(event("PublishAttempted", { postId, attempt: 2 }));
});

Deno.test("a time that was missed while the account did not work: a person sees it again, as with any time missed", () => {
  const scheduled = at("scheduled");
  const gone = given(...scheduled).when({ type: "go_out", postId }, { now: SLOT });
  const [intent] = "refused" in gone.decision ? [] : gone.decision.events;
  if (intent?.type !== "PublishRequested") throw new Error("it was to go out");
  const lost = event("ConnectionLost", { connectionId: SANDBOX.connectionId, reason: "401" });
  const waiting = given(...scheduled, intent, lost, linkedTo(SANDBOX));
  const begin = { type: "begin_attempt", postId } as const;
  waiting.when(begin, { now: SLOT + HOUR }).then(event("PublishAttempted", { postId, attempt: 1 }));
  const { decision } = waiting.when(begin, { now: SLOT + HOUR + 60_000 });
  const [held] = "refused" in decision ? [] : decision.events;
  strictEqual(held?.type, "PostHeldBack");
  match(JSON.stringify(held), /could not go out for 61 minutes after its time/);

  // Half a thread is not left standing.
  const partly = event("PublishDeferred", {
    postId,
    attempt: 1,
    until: SLOT,
    reason: "r",
    sent: [{ id: "1", url: "https://s.example/1" }],
  });
  given(...scheduled, intent, event("PublishAttempted", { postId, attempt: 1 }), partly)
    .when(begin, { now: SLOT + 2 * HOUR }).then(event("PublishAttempted", { postId, attempt: 2 }));
});

Deno.test("an unlinked account: what waits to be sent waits, and may be withdrawn", () => {
  const unlinked = event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId });
  const waiting = given(...at("publishing"), unlinked);
  deepStrictEqual(wantedEffects(waiting.state), []);
  waiting.when({ type: "begin_attempt", postId }).refused("no_connection");
  waiting.when({ type: "withdraw", postId }).then(event("PostWithdrawn", { postId }));
});

Deno.test("a doubtful post: looked for again and again, ever later, until it is found or surely absent", () => {
  let events = at("uncertain");
  const waits: number[] = [];
  for (let checks = 1; checks <= 8; checks++) {
    const { decision } = given(...events).when({
      type: "reconciled",
      postId,
      attempt: 1,
      result: { kind: "unknown", reason: "timeout" },
    });
    if ("refused" in decision) throw new Error(decision.refused.message);
    const [again] = decision.events;
    if (again?.type !== "PublishUncertain") throw new Error(again?.type);
    strictEqual(again.data.checks, checks);
    waits.push(again.data.nextCheckAt - NOW);
    events = [...events, again];
  }
  deepStrictEqual(waits, [2_000, 10_000, 60_000, 300_000, 1_800_000, 3_600_000, 3_600_000, 3_600_000]);
  given(...events).when({
    type: "reconciled",
    postId,
    attempt: 1,
    result: { kind: "absent", safeToRepeat: false },
  })
    .then(event("PublishUncertain", {
      ...about,
      reason: "It is not there so far.",
      checks: 9,
      // A second look that finds nothing proves it, so it comes soon.
      nextCheckAt: NOW + 61_000,
      absentSince: NOW,
    }));
  const absent = event("PublishFoundAbsent", about);
  given(...events).when({
    type: "reconciled",
    postId,
    attempt: 1,
    result: { kind: "absent", safeToRepeat: true },
  }).then(absent);
  const after = given(...events, absent);
  after.when({ type: "begin_attempt", postId }).then(event("PublishAttempted", { postId, attempt: 2 }));
  after.when({ type: "reconciled", postId, attempt: 1, result: { kind: "found", sent: SENT } }).refused(
    "wrong_status",
  );
});

Deno.test("resolve, a person gives the address: it is kept with the post, which is measured where it says which one", () => {
  const said = (url: string) =>
    given(...at("uncertain")).when({ type: "resolve", postId, outcome: "went_out", url });
  const published = (id: string, url: string) =>
    event("PostPublished", { ...about, sent: [{ id, url }], how: "said_by_person" });
  const url = "https://example.org/post";
  said(url).then(published(url, url));
  const named = "https://personas.example/sandbox?thread=t1#said-p1";
  const known = published("p1", named);
  said(named).then({ ...known, data: { ...known.data, measureAt: NOW + HOUR } } as PersonaEvent);
});

Deno.test("doubt, a time that had come without an intent: a person decides, and nothing else touches it", () => {
  const doubted = event("PublishUncertain", {
    postId,
    attempt: 0,
    reason: "copy",
    checks: 0,
    nextCheckAt: 0,
  });
  const doubtful = given(...at("scheduled"), doubted);
  strictEqual(doubtful.state.posts.a?.slot, null);
  deepStrictEqual(wantedEffects(doubtful.state), []);
  doubtful.when({ type: "resolve", postId, outcome: "went_out" })
    .then(event("PostPublished", { postId, attempt: 0, sent: [], how: "said_by_person" }));
  const verdicts = checkContent(content(SANDBOX, TEXT), IDENTITY, SANDBOX, POLICY);
  doubtful.when({ type: "resolve", postId, outcome: "did_not" })
    .then(event("PostHeldBack", { postId, reason: "A person says that it did not go out.", verdicts }));
  given(...at("scheduled"), doubted, event("PersonaRetired", {}))
    .when({ type: "resolve", postId, outcome: "did_not" }).then(event("PostWithdrawn", { postId }));
});

Deno.test("publish on Bluesky: the whole record and its key are in the intent", () => {
  const { decision } = given(...at("approved", BLUESKY)).when({ type: "publish", postId });
  if ("refused" in decision) throw new Error(decision.refused.message);
  const [intent] = decision.events;
  if (intent?.type !== "PublishRequested") throw new Error(intent?.type);
  deepStrictEqual(intent.data.payload.records, [{
    $type: "app.bsky.feed.post",
    text: TEXT,
    langs: ["en"],
    createdAt: "2026-11-22T09:00:00.000Z",
  }]);
  strictEqual(intent.data.payload.keys.length, 1);
  const state = folded([...at("approved", BLUESKY), intent]);
  deepStrictEqual(state.posts.a?.publish?.payload, intent.data.payload);
});

Deno.test("doubt, a copy of the database: what was to go out by now may be out, the rest is not touched", () => {
  const now = SLOT;
  const doubtOf = (stage: Parameters<typeof at>[0]) => doubted(folded(at(stage)), "copy", now);
  const uncertain = (attempt: number, nextCheckAt: number) =>
    event("PublishUncertain", { postId, attempt, reason: "copy", checks: 0, nextCheckAt });
  deepStrictEqual(doubtOf("publishing"), [uncertain(0, now)]);
  deepStrictEqual(doubtOf("attempting"), [uncertain(1, now)]);
  deepStrictEqual(doubtOf("scheduled"), [uncertain(0, 0)]);
  deepStrictEqual(doubted(folded(at("scheduled")), "copy", now - 1), []);
  for (const stage of ["draft", "pending_review", "approved", "published", "uncertain"] as const) {
    deepStrictEqual(doubtOf(stage), [], stage);
  }
});

Deno.test("publish, what the rules let pass and its platform cannot be given: refused, and at its time held back", () => {
  const heard = event("InteractionReceived", {
    interactionId: "i1",
    connectionId: BLUESKY.connectionId,
    kind: "mention",
    postId: null,
    sourceHash: "h1",
    wordsRef: "w1",
    saidAt: NOW,
  });
  const parts = [{ text: "Thank you.", facets: [] }];
  const replyTarget = { interactionId: "i1", id: "at://theirs" };
  const talking = folded([created, linkedTo(BLUESKY), heard]);
  const decision = decide(talking, { type: "reply", interactionId: "i1", parts, postId: "a" }, testContext());
  ok("events" in decision);
  const begun = [created, linkedTo(BLUESKY), heard, ...decision.events];
  const draft = folded(begun).posts.a?.content;
  ok(draft);
  const hash = contentHash({ ...draft, replyTarget });
  const ready = [
    ...begun,
    event("DraftPrepared", { postId: "a", revision: 1, parts, replyTarget, contentHash: hash, verdicts: [] }),
  ];
  given(...ready).when({ type: "approve", postId: "a", contentHash: hash, then: { kind: "publish" } })
    .refused("invalid");
  const scheduled = [
    ...ready,
    event("PostApproved", { postId: "a", contentHash: hash, via: "session", expiresAt: NOW + DAY }),
    event("PostScheduled", { postId: "a", at: NOW, zone: "UTC", local: "2026-11-22T09:00" }),
  ];
  const slot = given(...scheduled).when({ type: "go_out", postId: "a" });
  ok("events" in slot.decision && slot.decision.events[0]?.type === "PostHeldBack");
});
