/** Test equipment: the table of what each command does in each stage of a post. */
import type { Command } from "./commands.ts";
import type { RefusalCode } from "./decide/decision.ts";
import type { PersonaEvent } from "./events.ts";
import { event } from "./events.ts";
import { checkContent } from "./policy/policy.ts";
import {
  APPROVED_UNTIL,
  content,
  draft,
  HOUR,
  IDENTITY,
  NOW,
  POLICY,
  SANDBOX,
  SENT,
  SLOT,
  type Stage,
  STAGES,
  TEXT,
  WRITING,
} from "./testing.ts";

const postId = "a";
const HASH = draft(SANDBOX, TEXT).contentHash;

export interface Row {
  command: Command;
  now?: number;
  /** What it does where it is taken. */
  accepts: [Stage[], PersonaEvent[]][];
  /** Why it is refused elsewhere. */
  otherwise: RefusalCode | "nothing";
  /** What is different in a paused persona. */
  paused?: RefusalCode;
  /** What a retired persona does with it; by default it refuses. */
  retired?: [Stage[], PersonaEvent[]][];
}

const requested = (previousReason: string | null, id = postId) =>
  event("CompositionRequested", {
    postId: id,
    connectionId: SANDBOX.connectionId,
    platform: "sandbox",
    brief: id === postId ? "say hello" : "new",
    seed: 7,
    previousReason,
  });

const approved = event("PostApproved", {
  postId,
  contentHash: HASH,
  via: "session",
  expiresAt: APPROVED_UNTIL,
});

const intent = (now: number) =>
  event("PublishRequested", {
    postId,
    contentHash: HASH,
    payload: {
      keys: ["id-1"],
      records: [{ text: TEXT, language: "en", createdAt: new Date(now).toISOString() }],
    },
  });

const written: Extract<Command, { type: "written" }> = {
  type: "written",
  postId,
  attempt: 1,
  result: {
    kind: "written",
    text: ` ${TEXT}\r\n`,
    model: "offline",
    templateVersion: "1",
    inputTokens: 1,
    outputTokens: 2,
    costMicroUsd: 0,
    durationMs: 3.2,
  },
  promptHash: WRITING.promptHash,
  promptRef: "prompt-1",
  answerRef: "answer-1",
};
const composed = [
  event("DraftComposed", { ...draft(SANDBOX, TEXT), writing: WRITING }),
  event("PostSubmitted", { postId }),
];

const slot = event("PostScheduled", {
  postId,
  at: SLOT + 3_600_000,
  zone: "Europe/Berlin",
  local: "2026-11-22T13:00",
});
const time = { at: "2026-11-22T13:00", zone: "Europe/Berlin" };
const published = event("PostPublished", {
  postId,
  attempt: 1,
  sent: SENT,
  how: "sent",
  measureAt: NOW + HOUR,
});
const reconciled = event("PostPublished", {
  postId,
  attempt: 1,
  sent: SENT,
  how: "reconciled",
  measureAt: NOW + HOUR,
});
const said = event("PostPublished", { postId, attempt: 1, sent: [], how: "said_by_person" });
const absent = event("PublishFoundAbsent", { postId, attempt: 1 });
/** What a rule that looks beyond one persona found. */
const AGAINST = { rule: "near_duplicate", level: "block" as const, message: "Somebody said this already." };
const withdrawn = event("PostWithdrawn", { postId });
const revised = event("DraftRevised", draft(SANDBOX, "Other"));

const OPEN: Stage[] = [
  "asked",
  "writing",
  "not_written",
  "draft",
  "pending_review",
  "approved",
  "scheduled",
  "expired",
];

export const ROWS: Row[] = [
  {
    command: { type: "compose", platform: "sandbox", brief: "new", postId },
    accepts: [],
    otherwise: "exists",
  },
  {
    command: { type: "compose", platform: "sandbox", brief: "new", postId: "b" },
    accepts: [[STAGES, [requested(null, "b")]]],
    otherwise: "exists",
  },
  {
    command: { type: "rewrite", postId, reason: "too dull" },
    accepts: [
      [["not_written"], [requested(null)]],
      [["draft", "pending_review", "approved", "scheduled", "expired"], [requested("too dull")]],
    ],
    otherwise: "wrong_status",
  },
  {
    command: { type: "begin_writing", postId },
    accepts: [
      [["asked"], [event("CompositionStarted", { postId, attempt: 1 })]],
      [["writing"], [event("CompositionStarted", { postId, attempt: 2 })]],
    ],
    otherwise: "wrong_status",
  },
  {
    command: written,
    accepts: [[["writing"], composed]],
    otherwise: "wrong_status",
    retired: [[["writing"], composed]],
  },
  {
    command: { type: "revise", postId, text: "Other" },
    accepts: [[["not_written", "draft", "pending_review", "approved", "scheduled", "expired"], [revised]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "submit", postId },
    accepts: [[["draft", "expired"], [event("PostSubmitted", { postId })]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "approve", postId, contentHash: HASH },
    accepts: [[["pending_review"], [approved]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "approve", postId, contentHash: HASH, then: { kind: "publish" } },
    accepts: [[["pending_review"], [approved, intent(NOW)]]],
    otherwise: "wrong_status",
    paused: "persona_paused",
  },
  {
    command: { type: "approve", postId, contentHash: HASH, then: { kind: "schedule", ...time } },
    accepts: [[["pending_review"], [approved, slot]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "reject", postId, reason: "no" },
    accepts: [[OPEN, [event("PostRejected", { postId, reason: "no" })]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "publish", postId },
    accepts: [[["approved", "scheduled"], [intent(NOW)]]],
    otherwise: "wrong_status",
    paused: "persona_paused",
  },
  {
    command: { type: "schedule", postId, ...time },
    accepts: [[OPEN.filter((stage) => stage !== "expired"), [slot]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "unschedule", postId },
    accepts: [[["scheduled"], [event("PostUnscheduled", { postId })]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "withdraw", postId },
    accepts: [[[...OPEN, "publishing"], [withdrawn]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "resolve", postId, outcome: "went_out" },
    accepts: [[["uncertain"], [said]]],
    otherwise: "wrong_status",
    retired: [[["uncertain"], [said]]],
  },
  {
    command: { type: "resolve", postId, outcome: "did_not" },
    accepts: [[["uncertain"], [absent]]],
    otherwise: "wrong_status",
    retired: [[["uncertain"], [absent, withdrawn]]],
  },
  {
    command: { type: "go_out", postId },
    now: SLOT,
    accepts: [[["scheduled"], [intent(SLOT)]]],
    otherwise: "wrong_status",
    paused: "persona_paused",
  },
  {
    command: { type: "go_out", postId },
    now: SLOT - 1,
    accepts: [],
    otherwise: "wrong_status",
    paused: "persona_paused",
  },
  {
    command: { type: "expire", postId },
    now: APPROVED_UNTIL,
    accepts: [[["approved", "scheduled"], [event("ApprovalExpired", { postId })]]],
    otherwise: "wrong_status",
  },
  { command: { type: "expire", postId }, now: APPROVED_UNTIL - 1, accepts: [], otherwise: "wrong_status" },
  {
    command: { type: "begin_attempt", postId },
    accepts: [[["publishing"], [event("PublishAttempted", { postId, attempt: 1 })]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "outcome", postId, attempt: 1, outcome: { kind: "sent", sent: SENT } },
    accepts: [[["attempting"], [published]]],
    otherwise: "wrong_status",
    retired: [[["attempting"], [published]]],
  },
  {
    command: { type: "outcome", postId, attempt: 2, outcome: { kind: "sent", sent: SENT } },
    accepts: [],
    otherwise: "wrong_status",
    retired: [],
  },
  {
    command: { type: "reconciled", postId, attempt: 1, result: { kind: "found", sent: SENT } },
    accepts: [[["uncertain"], [reconciled]]],
    otherwise: "wrong_status",
    retired: [[["uncertain"], [reconciled]]],
  },
  {
    command: { type: "reconciled", postId, attempt: 1, result: { kind: "absent", safeToRepeat: true } },
    accepts: [[["uncertain"], [absent]]],
    otherwise: "wrong_status",
    retired: [[["uncertain"], [absent, withdrawn]]],
  },
  { command: { type: "prepared", postId, revision: 1, parts: [] }, accepts: [], otherwise: "wrong_status" },
  {
    command: { type: "not_prepared", postId, revision: 1, reason: "no" },
    accepts: [],
    otherwise: "wrong_status",
  },
  {
    command: { type: "check_again", postId },
    accepts: [[["uncertain"], [
      event("PublishUncertain", {
        postId,
        attempt: 1,
        reason: "A person wants it looked for again.",
        checks: 0,
        nextCheckAt: NOW,
      }),
    ]]],
    otherwise: "wrong_status",
    retired: [[["uncertain"], [
      event("PublishUncertain", {
        postId,
        attempt: 1,
        reason: "A person wants it looked for again.",
        checks: 0,
        nextCheckAt: NOW,
      }),
    ]]],
  },
  {
    command: { type: "delete_post", postId },
    accepts: [[["published"], [event("RemovalRequested", { postId })]]],
    otherwise: "wrong_status",
    retired: [[["published"], [event("RemovalRequested", { postId })]]],
  },
  {
    command: { type: "measure", postId },
    accepts: [[["published"], [event("MeasureRequested", { postId })]]],
    otherwise: "wrong_status",
  },
  {
    command: { type: "removed", postId, result: { kind: "removed" } },
    accepts: [],
    otherwise: "wrong_status",
    retired: [],
  },
  {
    command: { type: "measured", postId, measured: { kind: "gone" } },
    accepts: [],
    otherwise: "wrong_status",
  },
  { command: { type: "not_measured", postId, reason: "no" }, accepts: [], otherwise: "wrong_status" },
  {
    command: { type: "hold_back", postId, attempt: 1, verdicts: [AGAINST] },
    accepts: [[["attempting"], [
      event("PostHeldBack", {
        postId,
        reason: AGAINST.message,
        verdicts: [...checkContent(content(SANDBOX, TEXT), IDENTITY, SANDBOX, POLICY), AGAINST],
      }),
    ]]],
    otherwise: "wrong_status",
  },
  { command: { type: "unlink", connectionId: "none" }, accepts: [], otherwise: "no_connection", retired: [] },
];
