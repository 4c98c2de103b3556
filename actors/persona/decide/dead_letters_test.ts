import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Command, InternalCommand } from "../commands.ts";
import { INTERNAL_COMMANDS } from "../commands.ts";
import { decide } from "../decide.ts";
import { wantedEffects } from "../effects/runner.ts";
import type { EventData, PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import type { Outcome } from "../platforms/port.ts";
import { DEAD_LETTER_CHARACTERS, DEAD_LETTERS, type PersonaState } from "../state.ts";
import {
  ANN,
  APPROVED_UNTIL,
  at,
  BLUESKY,
  created,
  DAY,
  draft,
  folded,
  given,
  HOUR,
  linkedTo,
  NOW,
  SANDBOX,
  SENT,
  SLOT,
  type Stage,
  STAGES,
  testContext,
  TEXT,
  WRITING,
} from "../testing.ts";
import { canBeRetried, putAside, TRY_AGAIN_MS } from "./dead_letters.ts";

const postId = "a";
const L1 = "letter-1";
const WHY = "It made the persona stop twice: it threw";

/** What is appended when `command` made the persona stop twice. */
function fails(state: PersonaState, command: Command, now = NOW, by = "actor:p1"): PersonaEvent[] {
  let ids = 0;
  const failed = { commandId: "c1", command, by, cause: "e1", reason: "it threw", crashes: 2 };
  return putAside(state, failed, { now, newId: () => `letter-${++ids}` });
}

/** The state of `events` after `command` failed twice. */
const after = (events: PersonaEvent[], command: Command, now = NOW): PersonaEvent[] => [
  ...events,
  ...fails(folded(events), command, now),
];

const letter = (command: Command, more: Partial<EventData["CommandDeadLettered"]> = {}) =>
  event("CommandDeadLettered", {
    deadLetterId: L1,
    commandId: "c1",
    type: command.type,
    command,
    by: "actor:p1",
    cause: "e1",
    reason: "it threw",
    crashes: 2,
    ...more,
  });

const retry: Command = { type: "retry_dead_letter", deadLetterId: L1 };
const drop: Command = { type: "drop_dead_letter", deadLetterId: L1 };
const retried = event("DeadLetterRetried", { deadLetterId: L1 });
const dropped = event("DeadLetterDropped", { deadLetterId: L1 });

const outcome = (of: Outcome, attempt = 1): Command => ({ type: "outcome", postId, attempt, outcome: of });
const sent = outcome({ kind: "sent", sent: SENT });
const found: Command = {
  type: "reconciled",
  postId,
  attempt: 1,
  result: { kind: "found", sent: SENT },
};
const written: Command = {
  type: "written",
  postId,
  attempt: 1,
  result: {
    kind: "written",
    text: TEXT,
    model: "offline",
    templateVersion: "1",
    inputTokens: 1,
    outputTokens: 2,
    costMicroUsd: 0,
    durationMs: 3,
  },
  promptHash: WRITING.promptHash,
  promptRef: WRITING.promptRef,
  answerRef: WRITING.answerRef,
};
const polled: Extract<Command, { type: "polled" }> = {
  type: "polled",
  connectionId: SANDBOX.connectionId,
  cursor: "2",
  items: [{ interaction: { kind: "reply", about: null, at: NOW }, sourceHash: "h1", wordsRef: "w1" }],
};
const asked = [...at("published"), event("MeasureRequested", { postId })];
const unprepared = [...at("pending_review", BLUESKY), event("DraftRevised", draft(BLUESKY, "@bob"))];
const prepared: Command = {
  type: "prepared",
  postId,
  revision: 2,
  parts: [{ text: "@bob", facets: [] }],
};

const crashed = (attempt: number, refs = {}) =>
  event("CompositionFailed", {
    postId,
    attempt,
    reason: "crashed",
    detail: WHY,
    retryable: true,
    model: "",
    promptRef: null,
    answerRef: null,
    ...refs,
  });
const inDoubt = (checks: number, nextCheckAt: number) =>
  event("PublishUncertain", { postId, attempt: 1, reason: WHY, checks, nextCheckAt });

/** Each command of effects where it is waited for: what is recorded in its place. */
const INSTEAD: { command: InternalCommand; events: PersonaEvent[]; now?: number; instead: PersonaEvent[] }[] =
  [
    { command: { type: "begin_writing", postId }, events: at("asked"), instead: [crashed(0)] },
    { command: { type: "begin_writing", postId }, events: at("writing"), instead: [crashed(1)] },
    {
      command: written as InternalCommand,
      events: at("writing"),
      instead: [crashed(1, { model: "offline", promptRef: "prompt-1", answerRef: "answer-1" })],
    },
    {
      command: prepared as InternalCommand,
      events: unprepared,
      instead: [
        event("PreparationFailed", { postId, revision: 2, reason: WHY, retryAt: NOW + TRY_AGAIN_MS }),
      ],
    },
    {
      command: { type: "not_prepared", postId, revision: 2, reason: "away" },
      events: unprepared,
      instead: [
        event("PreparationFailed", { postId, revision: 2, reason: WHY, retryAt: NOW + TRY_AGAIN_MS }),
      ],
    },
    {
      command: { type: "begin_attempt", postId },
      events: at("publishing"),
      instead: [
        event("PostHeldBack", { postId, reason: WHY, verdicts: draft(SANDBOX, TEXT).verdicts }),
      ],
    },
    { command: sent as InternalCommand, events: at("attempting"), instead: [inDoubt(0, NOW)] },
    { command: found as InternalCommand, events: at("uncertain"), instead: [inDoubt(1, 0)] },
    {
      command: { type: "hold_back", postId, attempt: 1, verdicts: [] },
      events: at("attempting"),
      instead: [
        event("PostHeldBack", { postId, reason: WHY, verdicts: draft(SANDBOX, TEXT).verdicts }),
      ],
    },
    {
      command: { type: "hold_back", postId, attempt: 1, verdicts: [], sent: SENT },
      events: at("attempting"),
      instead: [
        event("PostHeldBack", {
          postId,
          reason: WHY,
          verdicts: draft(SANDBOX, TEXT).verdicts,
          sent: SENT,
        }),
      ],
    },
    {
      command: { type: "removed", postId, result: { kind: "removed" } },
      events: [...at("published"), event("RemovalRequested", { postId })],
      instead: [event("RemovalFailed", { postId, reason: WHY, retryAt: null })],
    },
    {
      command: { type: "measured", postId, measured: { kind: "gone" } },
      events: asked,
      instead: [event("PostMeasured", { postId, measured: null, nextAt: null })],
    },
    {
      command: { type: "not_measured", postId, reason: "away" },
      events: asked,
      instead: [event("PostMeasured", { postId, measured: null, nextAt: null })],
    },
    {
      command: { type: "checked", connectionId: SANDBOX.connectionId, ok: true, reason: "" },
      events: [...at("published"), event("ConnectionCheckRequested", { connectionId: SANDBOX.connectionId })],
      instead: [
        event("ConnectionChecked", { connectionId: SANDBOX.connectionId, ok: false, reason: WHY }),
      ],
    },
    {
      command: { type: "go_out", postId },
      events: at("scheduled"),
      now: SLOT,
      instead: [event("SlotMissed", { postId, reason: WHY })],
    },
    {
      command: { type: "expire", postId },
      events: at("approved"),
      now: APPROVED_UNTIL,
      instead: [event("ApprovalExpired", { postId })],
    },
    {
      command: { type: "lost", connectionId: SANDBOX.connectionId, reason: "401" },
      events: at("published"),
      instead: [event("ConnectionLost", { connectionId: SANDBOX.connectionId, reason: "401" })],
    },
    {
      command: polled,
      events: at("published"),
      instead: [
        event("ListeningPaused", {
          connectionId: SANDBOX.connectionId,
          until: NOW + TRY_AGAIN_MS,
          reason: WHY,
        }),
      ],
    },
  ];

Deno.test("put aside, each command of effects: it is kept, what waited for it is settled, and nothing wants the same again at once", () => {
  for (const { command, events, now = NOW, instead } of INSTEAD) {
    const before = folded(events);
    deepStrictEqual(fails(before, command, now), [letter(command), ...instead], command.type);
    const state = folded([letter(command), ...instead], before);
    deepStrictEqual(state.deadLetters, {
      [L1]: { id: L1, command, crashes: 2, ordinal: before.version + 1 },
    });
    const dueBefore = wantedEffects(before).filter((one) => one.at <= now).map((one) => one.kind);
    const due = wantedEffects(state).filter((one) => one.at <= now).map((one) => one.kind);
    // A post in doubt is looked for: once, until that fails twice as well.
    deepStrictEqual(due.filter((kind) => dueBefore.includes(kind)), [], command.type);
  }
  const covered = new Set<string>(INSTEAD.map(({ command }) => command.type));
  deepStrictEqual([...INTERNAL_COMMANDS].filter((type) => !covered.has(type)), []);
});

Deno.test("put aside, a command of effects that came too late anyway: it is kept and changes nothing", () => {
  const meant: [Command, Stage[]][] = [
    [{ type: "begin_writing", postId }, ["asked", "writing"]],
    [written, ["writing"]],
    [{ type: "begin_attempt", postId }, ["publishing"]],
    [sent, ["attempting"]],
    [found, ["uncertain"]],
    [{ type: "go_out", postId }, ["scheduled"]],
    [{ type: "expire", postId }, ["approved", "scheduled"]],
    [{ type: "prepared", postId, revision: 1, parts: [] }, []],
    [outcome({ kind: "sent", sent: SENT }, 2), []],
    [{ ...found, attempt: 2 } as Command, []],
    [{ ...polled, connectionId: "none" }, []],
    [{ type: "lost", connectionId: "constructor", reason: "401" }, []],
    [{ type: "begin_writing", postId: "constructor" }, []],
  ];
  for (const [command, taken] of meant) {
    for (const stage of STAGES) {
      const events = fails(folded(at(stage)), command, APPROVED_UNTIL);
      strictEqual(events.length, taken.includes(stage) ? 2 : 1, `${command.type} of one that is ${stage}`);
    }
  }
});

Deno.test("put aside, what a person asked for: it is kept with who asked, and nothing else happens", () => {
  const command: Command = { type: "revise", postId, text: "Other" };
  deepStrictEqual(fails(folded(at("pending_review")), command, NOW, ANN), [letter(command, { by: ANN })]);
});

Deno.test("put aside, hostile reasons: bounded, without what cannot be stored", () => {
  const failed = { commandId: "c", command: sent, by: "b", cause: null, crashes: 2 };
  const [event] = putAside(folded(at("attempting")), { ...failed, reason: "x\0\ud800".repeat(5_000) }, {
    now: NOW,
    newId: () => L1,
  });
  ok(event?.type === "CommandDeadLettered");
  ok(event.data.reason.length <= 1_000 && event.data.reason.isWellFormed() && !/\0/.test(event.data.reason));
});

Deno.test("put aside, the same step again: the same letter with its count, what it holds is the newer", () => {
  const once = after(at("published"), polled);
  const again = { ...polled, cursor: "3" };
  const [second] = fails(folded(once), again);
  deepStrictEqual(second, letter(again));
  const state = folded([...once, ...fails(folded(once), again)]);
  deepStrictEqual(
    Object.values(state.deadLetters).map(({ id, command, crashes }) => [id, command, crashes]),
    [
      [L1, again, 4],
    ],
  );
  // What people ask twice is two things.
  const pause: Command = { type: "pause" };
  const [asked] = fails(folded([letter(pause, { deadLetterId: "letter-0" })]), pause, NOW, ANN);
  deepStrictEqual(asked, letter(pause, { by: ANN }));
});

Deno.test("put aside, more than the state keeps: the oldest make room, and the log says so", () => {
  let state = folded([created, linkedTo(SANDBOX)]);
  const gone: string[] = [];
  for (let index = 0; index < DEAD_LETTERS + 3; index++) {
    const failed = { commandId: "c", by: ANN, cause: null, reason: "r", crashes: 2 };
    const events = putAside(state, { ...failed, command: { type: "pause" } }, {
      now: NOW,
      newId: () => `letter-${index}`,
    });
    for (const { type, data } of events) {
      if (type === "DeadLetterDropped") gone.push(data.deadLetterId);
    }
    state = folded(events, state);
  }
  deepStrictEqual(gone, ["letter-0", "letter-1", "letter-2"]);
  strictEqual(Object.keys(state.deadLetters).length, DEAD_LETTERS);
  const forgotten = decide(state, { type: "retry_dead_letter", deadLetterId: "letter-0" }, testContext());
  ok("refused" in forgotten && forgotten.refused.code === "not_found");

  const long: Command = { type: "revise", postId, text: "x".repeat(DEAD_LETTER_CHARACTERS * 0.6) };
  state = folded(fails(state, long), state);
  deepStrictEqual(Object.values(state.deadLetters).some(({ command }) => command?.type === "revise"), true);
  const next = putAside(state, {
    commandId: "c",
    by: ANN,
    cause: null,
    reason: "r",
    crashes: 2,
    command: long,
  }, {
    now: NOW,
    newId: () => "long-2",
  });
  state = folded(next, state);
  deepStrictEqual(Object.keys(state.deadLetters), ["long-2"], "two of that size do not fit together");
});

Deno.test("retry, what a person asked for: judged as if the one who retries asked now, in one append", () => {
  const command: Command = { type: "approve", postId, contentHash: draft(SANDBOX, TEXT).contentHash };
  const state = given(...after(at("pending_review"), command)).when(retry, { by: "user:bob", now: NOW + DAY })
    .then(
      retried,
      event("PostApproved", {
        postId,
        contentHash: command.contentHash,
        via: "session",
        expiresAt: APPROVED_UNTIL + DAY,
      }),
    );
  deepStrictEqual(state.deadLetters, {});
  strictEqual(state.posts[postId]?.status, "approved");
});

Deno.test("retry, what would be refused now: that refusal, and the letter stays", () => {
  const revise: Command = { type: "revise", postId, text: "Other" };
  given(...after(at("pending_review"), revise), event("PostWithdrawn", { postId })).when(retry)
    .refused("wrong_status", "postId");
  given(...after(at("approved"), { type: "publish", postId }), event("PersonaPaused", {})).when(retry)
    .refused("persona_paused");
  given(...after(at("approved"), revise), event("PersonaRetired", {})).when(retry).refused("persona_retired");
  given(...after(at("approved"), { ...revise, postId: "constructor" })).when(retry).refused("not_found");
});

Deno.test("retry, an outcome: the post in doubt is settled by it; once it was settled otherwise it is refused", () => {
  const doubted = after(at("attempting"), sent);
  strictEqual(folded(doubted).posts[postId]?.status, "uncertain");
  given(...doubted).when(retry).then(
    retried,
    event("PostPublished", { postId, attempt: 1, sent: SENT, how: "sent", measureAt: NOW + HOUR }),
  );
  const refusedBy = outcome({ kind: "rejected", reason: "no" });
  const failed = given(...after(at("attempting"), refusedBy)).when(retry).then(
    retried,
    event("PublishRejected", { postId, attempt: 1, reason: "no" }),
  );
  strictEqual(failed.posts[postId]?.status, "failed");
  const deferred = given(...after(at("attempting"), outcome({ kind: "not_sent", reason: "refused" })))
    .when(retry).then(
      retried,
      event("PublishDeferred", { postId, attempt: 1, until: NOW + 1_000, reason: "refused" }),
    );
  strictEqual(deferred.posts[postId]?.status, "publishing");

  const said = { postId, attempt: 1 };
  for (
    const settled of [
      event("PostPublished", { ...said, sent: [], how: "said_by_person" }),
      event("PublishFoundAbsent", said),
    ]
  ) {
    given(...doubted, settled).when(retry).refused("wrong_status");
  }
  given(...doubted, event("PublishFoundAbsent", said), event("PublishAttempted", { postId, attempt: 2 }))
    .when(retry).refused("wrong_status");
});

Deno.test("retry, an outcome of dead credentials: it did not go out; whether the account works now is found out anew", () => {
  given(...after(at("attempting"), outcome({ kind: "auth_dead", reason: "401" }))).when(retry).then(
    retried,
    event("PublishDeferred", { postId, attempt: 1, until: NOW + 1_000, reason: "401" }),
  );
});

Deno.test("retry, whether a post was found: taken as long as the post is in doubt", () => {
  const doubted = after(at("uncertain"), found);
  deepStrictEqual(wantedEffects(folded(doubted)), [], "nobody looks again by himself");
  given(...doubted).when(retry).then(
    retried,
    event("PostPublished", { postId, attempt: 1, sent: SENT, how: "reconciled", measureAt: NOW + HOUR }),
  );
  given(...doubted).when({ type: "resolve", postId, outcome: "did_not" }).then(
    event("PublishFoundAbsent", { postId, attempt: 1 }),
  );
});

Deno.test("retry, a draft: it is taken without another model call, unless it is being written anew", () => {
  const failed = after(at("writing"), written);
  given(...failed).when(retry).then(
    retried,
    event("DraftComposed", { ...draft(SANDBOX, TEXT), writing: WRITING }),
    event("PostSubmitted", { postId }),
  );
  const anew = event("CompositionRequested", {
    postId,
    connectionId: SANDBOX.connectionId,
    platform: "sandbox",
    brief: "say hello",
    seed: 7,
    previousReason: null,
  });
  given(...failed, anew, event("CompositionStarted", { postId, attempt: 1 })).when(retry)
    .refused("wrong_status");
});

Deno.test("retry, links and mentions of a text: taken as long as it is that text", () => {
  const failed = after(unprepared, prepared);
  const { decision } = given(...failed).when(retry);
  ok("events" in decision);
  deepStrictEqual(decision.events.map(({ type }) => type), ["DeadLetterRetried", "DraftPrepared"]);
  given(...failed, event("DraftRevised", draft(BLUESKY, "Other"))).when(retry).refused("wrong_status");
});

Deno.test("retry, what was heard: taken in once, and listening goes on behind it", () => {
  const quiet = after(at("published"), polled);
  strictEqual(folded(quiet).connections[SANDBOX.connectionId]?.quietUntil, NOW + TRY_AGAIN_MS);
  const received = event("InteractionReceived", {
    interactionId: "id-1",
    connectionId: SANDBOX.connectionId,
    kind: "reply",
    postId: null,
    sourceHash: "h1",
    wordsRef: "w1",
    saidAt: NOW,
  });
  const moved = event("PollCompleted", { connectionId: SANDBOX.connectionId, cursor: "2" });
  const state = given(...quiet).when(retry).then(retried, received, moved);
  strictEqual(state.connections[SANDBOX.connectionId]?.quietUntil, 0);
  const further = event("PollCompleted", { connectionId: SANDBOX.connectionId, cursor: "9" });
  const later = given(...quiet, further).when(retry).then(retried, received);
  strictEqual(later.connections[SANDBOX.connectionId]?.cursor, "9", "it never goes back");
});

Deno.test("drop, a letter: it is gone; what was heard is passed over", () => {
  deepStrictEqual(given(...after(at("attempting"), sent)).when(drop).then(dropped).deadLetters, {});
  const quiet = after(at("published"), polled);
  const moved = event("PollCompleted", { connectionId: SANDBOX.connectionId, cursor: "2" });
  const state = given(...quiet).when(drop).then(dropped, moved);
  strictEqual(state.connections[SANDBOX.connectionId]?.quietUntil, 0);
  const silent = given(...after(at("published"), { ...polled, cursor: null })).when(drop).then(dropped);
  strictEqual(silent.connections[SANDBOX.connectionId]?.quietUntil, 0, "it is asked again at once");
  const other = { ...SANDBOX, accountId: "other" };
  given(...quiet, linkedTo(other)).when(drop).then(dropped);
});

Deno.test("retry and drop, letters that are not there, or hold nothing to decide again: refused, with what to do instead", () => {
  for (const deadLetterId of ["none", "constructor", "__proto__"]) {
    given(...at("approved")).when({ type: "retry_dead_letter", deadLetterId }).refused("not_found");
    given(...at("approved")).when({ type: "drop_dead_letter", deadLetterId }).refused("not_found");
  }
  const old = letter({ type: "pause" }, { command: null });
  given(...at("approved"), old).when(retry).refused("not_found", "deadLetterId");
  given(...at("approved"), old).when(drop).then(dropped);
  for (const { command, events, now, instead } of INSTEAD) {
    if (canBeRetried(command.type)) continue;
    given(...events, letter(command), ...instead).when(retry, { now: now ?? NOW }).refused("wrong_status");
  }
  const link: Command = { type: "link", connection: BLUESKY };
  given(...after(at("approved"), link)).when(retry).refused("wrong_status");
});

Deno.test("retry, twice failed as well: the same letter is back with its count, and what it holds", () => {
  const revise: Command = { type: "revise", postId, text: "Other" };
  const events = after(at("pending_review"), revise);
  for (const command of [retry, drop]) {
    const again = fails(folded(events), command, NOW, ANN);
    deepStrictEqual(again, [letter(command, { command: null, by: ANN })]);
    const { deadLetters } = folded([...events, ...again]);
    deepStrictEqual(Object.values(deadLetters).map(({ id, command, crashes }) => [id, command, crashes]), [
      [L1, revise, 4],
    ]);
  }
});

Deno.test("put aside, the creation of a persona: it can be retried though there is no persona", () => {
  const create: Command = { type: "create", identity: { ...draftIdentity() }, origin: "form" };
  const events = fails(folded([]), create, NOW, ANN);
  given(...events).when(retry).then(
    retried,
    event("PersonaCreated", { identity: draftIdentity(), origin: "form", format: null, paused: false }),
  );
  given(...events).when(drop).then(dropped);
  given(...events).when({ type: "pause" }).refused("not_found");
});

function draftIdentity() {
  return (created.data as EventData["PersonaCreated"]).identity;
}

Deno.test("put aside, of a retired persona: an outcome leaves a doubt that only its retry or a person ends", () => {
  const events = [...at("attempting"), event("PersonaRetired", {})];
  const failed = after(events, sent);
  strictEqual(folded(failed).posts[postId]?.status, "uncertain");
  given(...failed).when(retry).then(
    retried,
    event("PostPublished", { postId, attempt: 1, sent: SENT, how: "sent", measureAt: NOW + HOUR }),
  );
});

Deno.test("parked and unparked: nothing of the persona changes but its version", () => {
  const state = folded(at("approved"));
  const parked = folded([event("ActorParked", { reason: "r" }), event("ActorUnparked", {})], state);
  deepStrictEqual(parked, { ...state, version: state.version + 2 });
});
