import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Command } from "../commands.ts";
import { contentHash } from "../content.ts";
import type { PersonaEvent } from "../events.ts";
import { event } from "../events.ts";
import { checkContent } from "../policy/policy.ts";
import {
  APPROVED_UNTIL,
  at,
  BLUESKY,
  content,
  created,
  DAY,
  draft,
  given,
  HOUR,
  IDENTITY,
  linkedTo,
  NOW,
  POLICY,
  SANDBOX,
  SLOT,
  stages,
  TEXT,
} from "../testing.ts";

const postId = "a";
const HASH = draft(SANDBOX, TEXT).contentHash;
const approve: Extract<Command, { type: "approve" }> = { type: "approve", postId, contentHash: HASH };
const approved = event("PostApproved", {
  postId,
  contentHash: HASH,
  via: "session",
  expiresAt: APPROVED_UNTIL,
});
const banned = event("PersonaEdited", { changes: { bannedWords: ["hello"] } });
const verdictsNow = checkContent(
  content(SANDBOX, TEXT),
  { ...IDENTITY, bannedWords: ["hello"] },
  SANDBOX,
  POLICY,
);
const unlinked = event("ConnectionUnlinked", { connectionId: SANDBOX.connectionId });

Deno.test("approve, by a person or by a program: the event says which", () => {
  given(...at("pending_review")).when(approve).then(approved);
  for (const by of ["token:t1", "admin-token", "actor:p1"]) {
    given(...at("pending_review")).when(approve, { by })
      .then(event("PostApproved", { postId, contentHash: HASH, via: "token", expiresAt: APPROVED_UNTIL }));
  }
});

Deno.test("approve, with what a person let pass: kept with the posts that were seen; a program has seen nothing", () => {
  const together = { ...approve, acknowledged: ["coordinated"], seen: ["b", "c", "b"] };
  const seen = { acknowledged: ["coordinated"], seen: ["b", "c"] };
  const base = { postId, contentHash: HASH, expiresAt: APPROVED_UNTIL };
  given(...at("pending_review")).when(together)
    .then(event("PostApproved", { ...base, via: "session", ...seen }));
  given(...at("pending_review")).when({ ...approve, seen: ["b"] }).then(approved);
  given(...at("pending_review")).when(together, { by: "token:t1" })
    .then(event("PostApproved", { ...base, via: "token" }));
});

Deno.test("approve, a text that changed since it was seen: refused, the new hash is needed", () => {
  const changed = given(...at("pending_review"), event("DraftRevised", draft(SANDBOX, "Other")));
  changed.when(approve).refused("hash_mismatch", "contentHash");
  changed.when({ ...approve, contentHash: draft(SANDBOX, "Other").contentHash })
    .then(
      event("PostApproved", {
        ...approved.data as { postId: string; via: "session"; expiresAt: number },
        contentHash: draft(SANDBOX, "Other").contentHash,
      }),
    );
});

Deno.test("approve, an edit afterwards: the approval is void and publishing is refused", () => {
  for (const stage of ["approved", "scheduled"] as const) {
    const edited = given(...at(stage), event("DraftRevised", draft(SANDBOX, "Other")));
    edited.when({ type: "publish", postId }).refused("wrong_status");
    strictEqual(edited.state.posts.a?.approval, null);
    const rewritten = given(...at(stage)).when({ type: "rewrite", postId }).decision;
    if ("refused" in rewritten) throw new Error(rewritten.refused.message);
    const after = given(...at(stage), ...rewritten.events);
    strictEqual(after.state.posts.a?.approval, null);
    after.when({ type: "publish", postId }).refused("wrong_status");
  }
});

Deno.test("approve, links and mentions not looked up yet: refused; what was found is part of the hash", () => {
  const text = "see https://example.org";
  const before = draft(BLUESKY, text);
  const pending = [
    ...at("not_written", BLUESKY),
    event("DraftRevised", before),
    event("PostSubmitted", { postId }),
  ];
  given(...pending).when({ ...approve, contentHash: before.contentHash }).refused("not_prepared");
  const parts = [{
    text,
    facets: [{ start: 4, end: 23, kind: "link" as const, uri: "https://example.org" }],
  }];
  const after = { ...before.content, parts };
  const found = event("DraftPrepared", {
    postId,
    revision: 1,
    parts,
    contentHash: contentHash(after),
    verdicts: checkContent(after, IDENTITY, BLUESKY, POLICY),
  });
  given(...pending).when({ type: "prepared", postId, revision: 1, parts }).then(found);
  const ready = given(...pending, found);
  ready.when({ ...approve, contentHash: before.contentHash }).refused("hash_mismatch");
  const { decision } = ready.when({ ...approve, contentHash: contentHash(after), then: { kind: "publish" } });
  if ("refused" in decision) throw new Error(decision.refused.message);
  deepStrictEqual(decision.events.map(({ type }) => type), ["PostApproved", "PublishRequested"]);
});

Deno.test("approve and publish, the account is gone or another one: refused", () => {
  given(...at("pending_review"), unlinked).when(approve).refused("no_connection");
  const other = linkedTo({ ...SANDBOX, accountId: "other" });
  given(...at("pending_review"), other).when(approve).refused("no_connection");
  given(...at("approved"), other).when({ type: "publish", postId }).refused("no_connection");
});

Deno.test("policy, a word that was banned meanwhile: blocks approval, publishing, and holds back at its time", () => {
  given(...at("pending_review"), banned).when(approve).refused("blocked_by_policy", "banned_words");
  given(...at("approved"), banned).when({ type: "publish", postId }).refused(
    "blocked_by_policy",
    "banned_words",
  );
  const heldBack = event("PostHeldBack", {
    postId,
    reason: "Holds the banned word “hello”.",
    verdicts: verdictsNow,
  });
  given(...at("scheduled"), banned).when({ type: "go_out", postId }, { now: SLOT }).then(heldBack);
  given(...at("publishing"), banned).when({ type: "begin_attempt", postId }).then(heldBack);
});

Deno.test("approve, a following step that is not possible: nothing is approved either", () => {
  const then = { kind: "schedule" as const, at: "2020-01-01T09:00", zone: "UTC" };
  given(...at("pending_review")).when({ ...approve, then }).refused("in_the_past", "at");
});

const slotAt = (ms: number): PersonaEvent =>
  event("PostScheduled", { postId, at: ms, zone: "Asia/Tokyo", local: "2026-11-22T20:00" });

Deno.test("approve, a time was set before: it is kept, missed, or beyond the approval", () => {
  given(...at("pending_review"), slotAt(NOW + 2 * HOUR)).when(approve).then(approved, slotAt(NOW + 2 * HOUR));
  given(...at("pending_review"), slotAt(NOW - 1)).when(approve)
    .then(approved, event("SlotMissed", { postId, reason: "It was approved after its time." }));
  given(...at("pending_review"), slotAt(NOW + 8 * DAY)).when(approve).refused("invalid", "at");
});

Deno.test("approval, at its end: publishing is refused, the attempt and the slot hold back, it expires", () => {
  const now = APPROVED_UNTIL;
  given(...at("approved")).when({ type: "publish", postId }, { now }).refused("wrong_status");
  given(...at("approved")).when({ type: "publish", postId }, { now: now - 1 }).then(
    event("PublishRequested", {
      postId,
      contentHash: HASH,
      payload: {
        keys: ["id-1"],
        records: [{ text: TEXT, language: "en", createdAt: new Date(now - 1).toISOString() }],
      },
    }),
  );
  const heldBack = event("PostHeldBack", {
    postId,
    reason: "The approval has expired: submit it again.",
    verdicts: checkContent(content(SANDBOX, TEXT), IDENTITY, SANDBOX, POLICY),
  });
  given(...at("publishing")).when({ type: "begin_attempt", postId }, { now }).then(heldBack);
  const late = given(...at("approved"), slotAt(now));
  late.when({ type: "go_out", postId }, { now }).then(heldBack);
});

Deno.test("reject, without a reason: refused", () => {
  given(...at("pending_review")).when({ type: "reject", postId, reason: " \n" }).refused("invalid", "reason");
});

Deno.test("schedule, times that cannot be: refused with the field", () => {
  const schedule = (time: string, zone: string) =>
    given(...at("approved")).when({ type: "schedule", postId, at: time, zone });
  schedule("2026-11-22T09:00", "UTC").refused("in_the_past", "at");
  schedule("2028-01-01T09:00", "UTC").refused("invalid", "at");
  schedule("2026-11-30T09:00", "UTC").refused("invalid", "at");
  schedule("tomorrow", "UTC").refused("invalid", "at");
  schedule("2026-11-23T09:00", "Mars/Base").refused("invalid", "zone");
  given(...at("pending_review")).when({ type: "schedule", postId, at: "2026-11-30T09:00", zone: "UTC" })
    .then(
      event("PostScheduled", {
        postId,
        at: Date.UTC(2026, 10, 30, 9),
        zone: "UTC",
        local: "2026-11-30T09:00",
      }),
    );
});

Deno.test("a slot, late: within the grace it goes out, later it waits for a person with its approval", () => {
  const goOut = { type: "go_out" as const, postId };
  const { decision } = given(...at("scheduled")).when(goOut, { now: SLOT + HOUR });
  if ("refused" in decision) throw new Error(decision.refused.message);
  strictEqual(decision.events[0]?.type, "PublishRequested");
  const state = given(...at("scheduled")).when(goOut, { now: SLOT + HOUR + 1 })
    .then(event("SlotMissed", { postId, reason: "It could not go out for 60 minutes after its time." }));
  strictEqual(state.posts.a?.status, "approved");
  strictEqual(state.posts.a?.slot, null);
});

Deno.test("a slot that comes before the approval: it is missed and said", () => {
  const missed = event("SlotMissed", { postId, reason: "Its time came before it was approved." });
  for (const stage of ["asked", "draft", "pending_review"] as const) {
    given(...at(stage), slotAt(NOW)).when({ type: "go_out", postId }).then(missed);
  }
});

Deno.test("a slot whose account was unlinked: held back with the reason", () => {
  given(...at("scheduled"), unlinked).when({ type: "go_out", postId }, { now: SLOT }).then(
    event("PostHeldBack", {
      postId,
      reason: "The account that this was approved for is not linked any more.",
      verdicts: checkContent(content(SANDBOX, TEXT), IDENTITY, SANDBOX, POLICY),
    }),
  );
});

Deno.test("submit, an expired post of an account with another disclosure or language: its text is judged again", () => {
  const edited = event("PersonaEdited", { changes: { language: "de" } });
  const { decision } = given(...at("expired"), edited).when({ type: "submit", postId });
  if ("refused" in decision) throw new Error(decision.refused.message);
  const [revised, submitted] = decision.events;
  strictEqual(submitted?.type, "PostSubmitted");
  strictEqual(revised?.type === "DraftRevised" && revised.data.content.language, "de");
  strictEqual(
    given(created, linkedTo(SANDBOX), ...stages().expired, ...decision.events).state.posts.a?.status,
    "pending_review",
  );
});
