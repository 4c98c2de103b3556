import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { wantedEffects } from "../effects/runner.ts";
import { event } from "../events.ts";
import {
  at,
  BLUESKY,
  created,
  draft,
  given,
  linkedTo,
  NOW,
  SANDBOX,
  SENT,
  stages,
  WRITING,
} from "../testing.ts";

const postId = "a";
const composed = (events: Parameters<typeof given>, previousReason: string | null) =>
  given(...events).when({ type: "rewrite", postId }).then(event("CompositionRequested", {
    postId,
    connectionId: SANDBOX.connectionId,
    platform: "sandbox",
    brief: "say hello",
    seed: 7,
    previousReason,
  }));

Deno.test("compose, the account: the platform's one, the one that is named, or refused", () => {
  const compose = { type: "compose" as const, platform: "sandbox" as const, brief: "hi" };
  const requested = event("CompositionRequested", {
    postId: "id-1",
    connectionId: SANDBOX.connectionId,
    platform: "sandbox",
    brief: "hi",
    seed: 7,
    previousReason: null,
  });
  given(created, linkedTo(SANDBOX)).when(compose).then(requested);
  given(created, linkedTo(SANDBOX)).when({ ...compose, connectionId: SANDBOX.connectionId }).then(requested);
  given(created, linkedTo(SANDBOX)).when({ ...compose, connectionId: "other" }).refused(
    "no_connection",
    "platform",
  );
  given(created, linkedTo(SANDBOX)).when({ ...compose, platform: "bluesky" }).refused(
    "no_connection",
    "platform",
  );
  given(created).when(compose).refused("no_connection");
  given(created, linkedTo(SANDBOX), event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId }))
    .when(compose).refused("no_connection");
  given(created, linkedTo(SANDBOX)).when({ ...compose, brief: " \n" }).refused("invalid", "brief");
});

Deno.test("rewrite, what was wrong with the draft: said to the writer, but not where there is no draft", () => {
  composed(at("not_written"), null);
  composed(at("pending_review"), "The person asked for another one.");
  const again = { type: "rewrite" as const, postId };
  const blank = given(...at("pending_review")).when({ ...again, reason: "  " }).decision;
  if ("refused" in blank) throw new Error(blank.refused.message);
  strictEqual(
    blank.events[0]?.type === "CompositionRequested" && blank.events[0].data.previousReason,
    "The person asked for another one.",
  );
});

Deno.test("rewrite, a post with a time: the time stays, the approval does not", () => {
  const state = composed(at("scheduled"), "The person asked for another one.");
  strictEqual(state.posts.a?.status, "draft");
  strictEqual(state.posts.a?.approval, null);
  deepStrictEqual(wantedEffects(state).map(({ kind }) => kind), ["compose", "slot"]);
});

Deno.test("submit, while another text is being written: refused, so that the writing is not lost", () => {
  const rewriting = [...at("pending_review"), ...stages().asked];
  given(...rewriting).when({ type: "submit", postId }).refused("wrong_status");
  given(...at("asked")).when({ type: "submit", postId }).refused("wrong_status");
});

Deno.test("begin_writing, twice broken off: the writing has failed and may be asked for again", () => {
  const second = event("CompositionStarted", { postId, attempt: 2 });
  const state = given(...at("writing"), second).when({ type: "begin_writing", postId }).then(
    event("CompositionFailed", {
      postId,
      attempt: 2,
      reason: "crashed",
      detail: "The persona stopped twice while this was written.",
      retryable: true,
      model: "",
      promptRef: null,
      answerRef: null,
    }),
  );
  deepStrictEqual(wantedEffects(state), []);
  composed([...at("writing"), second, ...stages().not_written.slice(-1)], null);
});

const refs = { promptHash: "h", promptRef: "p", answerRef: "r" };
const shared = { model: "m", templateVersion: "1", durationMs: 1 };

Deno.test("written, of an earlier attempt or for a post that was withdrawn: refused", () => {
  const result = {
    kind: "written" as const,
    text: "t",
    inputTokens: 0,
    outputTokens: 0,
    costMicroUsd: null,
    ...shared,
  };
  const command = { type: "written" as const, postId, attempt: 1, result, ...refs };
  given(...at("writing"), event("CompositionStarted", { postId, attempt: 2 })).when(command).refused(
    "wrong_status",
  );
  given(...at("writing"), event("PostWithdrawn", { postId })).when(command).refused("wrong_status");
});

Deno.test("written, nothing usable: the failure with its reason, and where prompt and answer lie", () => {
  const result = {
    kind: "not_written" as const,
    reason: "rate_limited" as const,
    detail: "slow\0 down\ud800",
    retryable: true,
    retryAt: null,
    ...shared,
  };
  given(...at("writing")).when({
    type: "written",
    postId,
    attempt: 1,
    result,
    ...refs,
  })
    .then(event("CompositionFailed", {
      postId,
      attempt: 1,
      reason: "rate_limited",
      detail: "slow down\ufffd",
      retryable: true,
      model: "m",
      promptRef: "p",
      answerRef: "r",
    }));
});

Deno.test("written, a text that breaks a rule: it is a draft with the verdict, not thrown away", () => {
  const text = "This is FORBIDDEN.\0";
  const result = {
    kind: "written" as const,
    text,
    inputTokens: 1,
    outputTokens: 2,
    costMicroUsd: 0,
    ...shared,
  };
  const command = {
    type: "written" as const,
    postId,
    attempt: 1,
    result,
    promptHash: WRITING.promptHash,
    promptRef: "prompt-1",
    answerRef: "answer-1",
  };
  const state = given(...at("writing")).when(command).then(
    event("DraftComposed", {
      ...draft(SANDBOX, "This is FORBIDDEN."),
      writing: { ...WRITING, model: "m", durationMs: 1 },
    }),
    event("PostSubmitted", { postId }),
  );
  strictEqual(state.posts.a?.verdicts.find(({ level }) => level === "block")?.rule, "banned_words");
});

Deno.test("revise, an empty or the same text: refused; of another account the same text is a new one", () => {
  const revise = (text: string) => ({ type: "revise" as const, postId, text });
  given(...at("pending_review")).when(revise(" ")).refused("invalid", "text");
  given(...at("pending_review")).when(revise("Hello out there")).refused("nothing_changed", "text");
  const other = { ...SANDBOX, accountId: "other" };
  given(...at("pending_review"), linkedTo(other)).when(revise("Hello out there"))
    .then(event("DraftRevised", draft(other, "Hello out there")));
  given(...at("pending_review"), event("DraftRevised", draft(SANDBOX, "é"))).when(revise("e\u0301")).refused(
    "nothing_changed",
  );
});

Deno.test("prepared, only for the text that is there, with that text, in a post that still waits", () => {
  const revised = event("DraftRevised", draft(BLUESKY, "@bob hi"));
  const waiting = [...at("not_written", BLUESKY), revised];
  const parts = [{ text: "@bob hi", facets: [] }];
  given(...waiting).when({ type: "prepared", postId, revision: 0, parts }).refused("wrong_status");
  given(...waiting).when({ type: "not_prepared", postId, revision: 2, reason: "r" }).refused("wrong_status");
  const failed = (reason: string) =>
    event("PreparationFailed", { postId, revision: 1, reason, retryAt: NOW + 15_000 });
  for (const other of [[], [{ text: "@bob ho", facets: [] }], [...parts, ...parts]]) {
    given(...waiting).when({ type: "prepared", postId, revision: 1, parts: other })
      .then(failed("The platform gave back another text."));
  }
  const state = given(...waiting).when({ type: "not_prepared", postId, revision: 1, reason: "away\0" }).then(
    failed("away"),
  );
  deepStrictEqual(wantedEffects(state), [{ kind: "prepare", postId, at: NOW + 15_000 }]);
  for (const end of [event("PostWithdrawn", { postId }), event("PostRejected", { postId, reason: "no" })]) {
    given(...waiting, end).when({ type: "prepared", postId, revision: 1, parts }).refused("wrong_status");
    given(...waiting, end).when({ type: "not_prepared", postId, revision: 1, reason: "r" }).refused(
      "wrong_status",
    );
  }
  given(...at("asked", BLUESKY)).when({ type: "not_prepared", postId, revision: 0, reason: "r" }).refused(
    "wrong_status",
  );
});

Deno.test("not prepared, again and again: the tries become rare; a new text begins anew", () => {
  const notPrepared = { type: "not_prepared" as const, postId, revision: 1, reason: "away" };
  let events = [...at("not_written", BLUESKY), event("DraftRevised", draft(BLUESKY, "@bob hi"))];
  const delays: number[] = [];
  for (let failure = 0; failure < 6; failure++) {
    const { decision } = given(...events).when(notPrepared);
    ok("events" in decision);
    const [failed] = decision.events;
    ok(failed?.type === "PreparationFailed");
    delays.push(failed.data.retryAt - NOW);
    events = [...events, failed];
  }
  deepStrictEqual(delays, [15_000, 60_000, 300_000, 600_000, 600_000, 600_000]);
  given(...events, event("DraftRevised", draft(BLUESKY, "@bob ho"))).when({ ...notPrepared, revision: 2 })
    .then(event("PreparationFailed", { postId, revision: 2, reason: "away", retryAt: NOW + 15_000 }));
});

const heard = (sourceHash: string, about: string | null, said = NOW - 5) => ({
  interaction: { kind: "reply" as const, about, at: said },
  sourceHash,
  wordsRef: `words-${sourceHash}`,
});
const received = (id: string, sourceHash: string, post: string | null, saidAt = NOW - 5) =>
  event("InteractionReceived", {
    interactionId: id,
    connectionId: SANDBOX.connectionId,
    kind: "reply",
    postId: post,
    sourceHash,
    wordsRef: `words-${sourceHash}`,
    saidAt,
  });

Deno.test("polled, what others said: each once, with the post that it is about; the cursor only when it moved", () => {
  const { connectionId } = SANDBOX;
  const polled = (cursor: string | null, ...items: ReturnType<typeof heard>[]) => ({
    type: "polled" as const,
    connectionId,
    cursor,
    items,
  });
  given(...at("published")).when(
    polled("7", heard("h1", SENT[0]!.id), heard("h2", "strange"), heard("h1", null)),
  ).then(
    received("id-1", "h1", "a"),
    received("id-2", "h2", null),
    event("PollCompleted", { connectionId, cursor: "7" }),
  );
  const before = [
    ...at("published"),
    received("i", "h1", "a"),
    event("PollCompleted", { connectionId, cursor: "7" }),
  ];
  given(...before).when(polled("7", heard("h1", null))).then();
  given(...before).when(polled(null)).then();
  given(...before).when(polled("x".repeat(20_001))).then();
  given(created).when(polled("7")).refused("no_connection");
});

Deno.test("polled, times that are none or lie ahead: it was said now", () => {
  for (const said of [Number.NaN, Infinity, -1, NOW + 1]) {
    given(...at("published")).when({
      type: "polled",
      connectionId: SANDBOX.connectionId,
      cursor: null,
      items: [heard("h1", null, said)],
    }).then(received("id-1", "h1", null, NOW));
  }
});

Deno.test("write and revise, more than any platform takes: refused before anything is looked for in it", () => {
  const parts = Array.from({ length: 5 }, () => ({ text: "#a ".repeat(6_000) }));
  given(created, linkedTo(SANDBOX)).when({ type: "write", platform: "sandbox", parts }).refused(
    "invalid",
    "parts",
  );
  given(...at("pending_review")).when({ type: "revise", postId: "a", parts }).refused("invalid", "parts");
});

Deno.test("prepared, more links and mentions than an event holds: said, and tried again ever more seldom, not in a circle", () => {
  const text = "@a.example ".repeat(1_800).trim();
  const begun = [created, linkedTo(BLUESKY)];
  const { decision } = given(...begun).when({
    type: "write",
    platform: "bluesky",
    parts: [{ text }],
    postId: "a",
  });
  if ("refused" in decision) throw new Error(decision.refused.message);
  const facets = Array.from({ length: 1_800 }, (_, n) => ({
    kind: "mention" as const,
    start: n * 11,
    end: n * 11 + 10,
    handle: "a.example",
    accountId: `did:plc:${"a".repeat(24)}`,
  }));
  const prepared = given(...begun, ...decision.events).when({
    type: "prepared",
    postId: "a",
    revision: 1,
    parts: [{ text, facets }],
  });
  if ("refused" in prepared.decision) throw new Error(prepared.decision.refused.message);
  deepStrictEqual(prepared.decision.events.map(({ type }) => type), ["PreparationFailed"]);
});
