import type { Content } from "../../actors/persona/content.ts";
import type { Answering, ApprovedVia, Writing } from "../../actors/persona/events.ts";
import type { Measured, Platform, Sent } from "../../actors/persona/platforms/port.ts";
import type { Verdict } from "../../actors/persona/policy/policy.ts";
import type { PostState, PostStatus } from "../../actors/persona/state.ts";
import type { Projection } from "./projection.ts";
import type { Known } from "./row.ts";
import { iso, known } from "./row.ts";

export interface PostRow {
  id: string;
  stream: string;
  connection_id: string;
  platform: Platform;
  brief: string;
  status: PostStatus;
  writing: PostState["writing"]["state"];
  /** What went wrong last, or what is waited for; for people. */
  trouble: string | null;
  content: Content | null;
  content_hash: string | null;
  prepared: boolean;
  verdicts: Verdict[];
  /** How the draft came to be; null for one that a person wrote. */
  provenance: Writing | null;
  approval:
    | {
      by: string;
      via: ApprovedVia;
      at: string;
      expiresAt: string;
      acknowledged?: string[];
      seen?: string[];
    }
    | null;
  slot_at: string | null;
  slot_zone: string | null;
  url: string | null;
  sent: Sent[];
  attempts: number;
  created_at: string;
  updated_at: string;
  published_at: string | null;
  set_id: string | null;
  answering: Answering | null;
  /** While it is uncertain: what on the platform may be it. */
  evidence: Sent[];
  measured: Measured | null;
  measured_at: string | null;
  /** It is to be deleted from its platform. */
  removing: boolean;
  created_position: number;
  updated_position: number;
}

type Change = Partial<PostRow>;

const noSlot: Change = { slot_at: null, slot_zone: null };
const back: Change = { approval: null };

export const posts: Projection<PostRow> = {
  table: "post",
  key: ["id"],
  types: [
    "CompositionRequested",
    "DraftWritten",
    "CompositionStarted",
    "DraftComposed",
    "CompositionFailed",
    "DraftRevised",
    "DraftPrepared",
    "PreparationFailed",
    "PostSubmitted",
    "PostApproved",
    "PostRejected",
    "PostScheduled",
    "PostUnscheduled",
    "SlotMissed",
    "PostHeldBack",
    "ApprovalExpired",
    "PostWithdrawn",
    "PublishRequested",
    "PublishAttempted",
    "PostPublished",
    "PublishRejected",
    "PublishUncertain",
    "PublishFoundAbsent",
    "PublishDeferred",
    "RemovalRequested",
    "PostRemoved",
    "RemovalFailed",
    "PostMeasured",
  ],
  touches: (event) => [{ id: String(event.data.postId) }],
  fold(row, stored) {
    const event = known(stored);
    const begins = event.type === "CompositionRequested" || event.type === "DraftWritten";
    const before = begins && row === null ? begun(event) : row;
    // A post belongs to the persona that began it: another's event with the same id changes nothing of it.
    if (before === null || before.stream !== event.stream) return before;
    return { ...before, ...change(before, event), updated_at: event.at, updated_position: event.position };
  },
};

function begun(event: Extract<Known, { type: "CompositionRequested" | "DraftWritten" }>): PostRow {
  return {
    id: event.data.postId,
    stream: event.stream,
    connection_id: event.data.connectionId,
    platform: event.data.platform,
    brief: event.data.brief,
    status: "draft",
    writing: "asked",
    trouble: null,
    content: null,
    content_hash: null,
    prepared: false,
    verdicts: [],
    provenance: null,
    approval: null,
    slot_at: null,
    slot_zone: null,
    url: null,
    sent: [],
    attempts: 0,
    created_at: event.at,
    updated_at: event.at,
    published_at: null,
    set_id: event.data.setId ?? null,
    answering: event.data.answering ?? null,
    evidence: [],
    measured: null,
    measured_at: null,
    removing: false,
    created_position: event.position,
    updated_position: event.position,
  };
}

function change(row: PostRow, event: Known): Change {
  switch (event.type) {
    case "CompositionRequested":
      return { status: "draft", writing: "asked", trouble: null, ...back };
    case "DraftWritten":
      return { ...draft(event.data), writing: "done" };
    case "CompositionStarted":
      return { writing: "writing" };
    case "DraftComposed":
      return { ...draft(event.data), writing: "done", provenance: event.data.writing };
    case "CompositionFailed":
      return { writing: "failed", trouble: event.data.detail };
    case "DraftRevised":
      return {
        ...draft(event.data),
        writing: "done",
        status: row.status === "draft" ? "draft" : "pending_review",
        ...back,
      };
    case "DraftPrepared":
      return {
        content: row.content && {
          ...row.content,
          parts: event.data.parts,
          replyTarget: event.data.replyTarget ?? null,
        },
        content_hash: event.data.contentHash,
        verdicts: event.data.verdicts,
        prepared: true,
        trouble: null,
      };
    case "PreparationFailed":
      return { trouble: `Links and mentions could not be looked up: ${event.data.reason}` };
    case "PostSubmitted":
      return { status: "pending_review" };
    case "PostApproved":
      return {
        status: "approved",
        approval: {
          by: event.by,
          via: event.data.via,
          at: event.at,
          expiresAt: iso(event.data.expiresAt),
          ...(event.data.acknowledged === undefined ? {} : { acknowledged: event.data.acknowledged }),
          ...(event.data.seen === undefined ? {} : { seen: event.data.seen }),
        },
        trouble: null,
      };
    case "PostRejected":
      return { status: "rejected", trouble: event.data.reason, ...noSlot, ...back };
    case "PostScheduled":
      return {
        slot_at: iso(event.data.at),
        slot_zone: event.data.zone,
        status: row.status === "approved" || row.status === "scheduled" ? "scheduled" : row.status,
        trouble: null,
      };
    case "PostUnscheduled":
      return { ...noSlot, status: row.status === "scheduled" ? "approved" : row.status };
    case "SlotMissed":
      return {
        ...noSlot,
        status: row.status === "scheduled" ? "approved" : row.status,
        trouble: event.data.reason,
      };
    case "PostHeldBack":
      return {
        status: "pending_review",
        trouble: event.data.reason,
        verdicts: event.data.verdicts,
        ...noSlot,
        ...back,
        ...partly(event.data),
      };
    case "ApprovalExpired":
      return { status: "expired", trouble: "The approval expired.", ...noSlot, ...back };
    case "PostWithdrawn":
      return { status: "withdrawn", ...noSlot, ...back };
    case "PublishRequested":
      return { status: "publishing", trouble: null, attempts: 0, ...noSlot };
    case "PublishAttempted":
      return { status: "publishing", attempts: event.data.attempt };
    case "PostPublished":
      return {
        status: "published",
        sent: event.data.sent,
        url: event.data.sent[0]?.url ?? null,
        published_at: event.at,
        trouble: null,
        evidence: [],
        ...noSlot,
      };
    case "PublishRejected":
      return { status: "failed", trouble: event.data.reason, ...noSlot, ...partly(event.data) };
    case "PublishUncertain":
      return {
        status: "uncertain",
        trouble: event.data.reason,
        evidence: event.data.evidence ?? [],
        ...noSlot,
        ...partly(event.data),
      };
    case "PublishFoundAbsent":
      return {
        status: "publishing",
        trouble: "It had not gone out; it is sent again.",
        evidence: [],
        ...partly(event.data),
      };
    case "PublishDeferred":
      return { status: "publishing", trouble: event.data.reason, ...partly(event.data) };
    case "RemovalRequested":
      return { removing: true, trouble: null };
    case "PostRemoved":
      return { status: "deleted", removing: false, trouble: null };
    case "RemovalFailed":
      return {
        removing: event.data.retryAt !== null,
        trouble: `It could not be deleted: ${event.data.reason}`,
      };
    case "PostMeasured":
      return event.data.measured === null ? {} : { measured: event.data.measured, measured_at: event.at };
    default:
      return {};
  }
}

/** Parts of a thread that are newly known to be out. */
function partly({ sent }: { sent?: Sent[] }): Change {
  return sent === undefined ? {} : { sent, url: sent[0]?.url ?? null };
}

function draft(
  data: { content: Content; contentHash: string; verdicts: Verdict[]; prepared: boolean },
): Change {
  return {
    content: data.content,
    content_hash: data.contentHash,
    verdicts: data.verdicts,
    prepared: data.prepared,
    trouble: null,
  };
}
