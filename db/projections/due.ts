import type { Projection } from "./projection.ts";
import type { Known } from "./row.ts";
import { iso, known } from "./row.ts";

/** Why a persona has to be awake at a time. */
export type DueReason =
  | "compose"
  | "prepare"
  | "slot"
  | "expiry"
  | "publish"
  | "interrupted"
  | "reconcile"
  | "remove"
  | "measure"
  | "check";

export interface DueRow {
  stream: string;
  reason: DueReason;
  /** The post that it is about, or the connection. */
  ref: string;
  at: string;
}

type When = number | string;
type Plan = Partial<Record<DueReason, When>>;

const over: Plan = {
  compose: "done",
  prepare: "done",
  slot: "done",
  expiry: "done",
  publish: "done",
  interrupted: "done",
  reconcile: "done",
};

/** What each event does to the things that are due for its post; times in ms since the epoch or ISO. */
function plan(event: Known): Plan {
  switch (event.type) {
    case "CompositionRequested":
      return { compose: event.at, expiry: "done" };
    case "DraftComposed":
      return { compose: "done", prepare: event.data.prepared ? "done" : event.at };
    case "CompositionFailed":
      return { compose: "done" };
    case "DraftRevised":
      return { compose: "done", prepare: event.data.prepared ? "done" : event.at, expiry: "done" };
    case "DraftPrepared":
      return { prepare: "done" };
    case "PreparationFailed":
      return { prepare: event.data.retryAt };
    case "PostApproved":
      return { expiry: event.data.expiresAt };
    case "PostScheduled":
      return { slot: event.data.at };
    case "PostUnscheduled":
    case "SlotMissed":
      return { slot: "done" };
    case "PostHeldBack":
    case "ApprovalExpired":
      return { slot: "done", expiry: "done", publish: "done", interrupted: "done", reconcile: "done" };
    case "PublishRequested":
      return { slot: "done", expiry: "done", publish: event.at };
    case "PublishAttempted":
      // What may be out already is found out about, also while the persona is paused.
      return { publish: "done", interrupted: event.at };
    case "PublishUncertain":
      // Looking whether it is out is not sending: it goes on while the persona is paused.
      return {
        slot: "done",
        expiry: "done",
        publish: "done",
        interrupted: "done",
        reconcile: event.data.nextCheckAt === 0 ? "done" : event.data.nextCheckAt,
      };
    case "PublishDeferred":
      // Also of one that was in doubt: what had become of it was found among what was put aside.
      return { publish: event.data.until, interrupted: "done", reconcile: "done" };
    case "PublishFoundAbsent":
      return { publish: event.at, interrupted: "done", reconcile: "done" };
    case "PostRejected":
    case "PostWithdrawn":
    case "PublishRejected":
      return over;
    case "PostPublished":
      return { ...over, measure: event.data.sent.length === 0 ? "done" : event.data.measureAt ?? "done" };
    case "RemovalRequested":
      return { remove: event.at };
    case "PostRemoved":
      return { remove: "done", measure: "done" };
    case "RemovalFailed":
      return { remove: event.data.retryAt ?? "done" };
    case "PostMeasured":
      return { measure: event.data.nextAt ?? "done" };
    case "MeasureRequested":
      return { measure: event.at };
    case "ConnectionCheckRequested":
      return { check: event.at };
    case "ConnectionChecked":
    case "ConnectionUnlinked":
    case "ConnectionLinked":
      return { check: "done" };
    case "DraftWritten":
      return { prepare: event.data.prepared ? "done" : event.at };
    default:
      return {};
  }
}

export const due: Projection<DueRow> = {
  table: "due",
  key: ["stream", "reason", "ref"],
  types: [
    "CompositionRequested",
    "DraftComposed",
    "CompositionFailed",
    "DraftRevised",
    "DraftPrepared",
    "PreparationFailed",
    "PostApproved",
    "PostScheduled",
    "PostUnscheduled",
    "SlotMissed",
    "PostHeldBack",
    "ApprovalExpired",
    "PublishRequested",
    "PublishAttempted",
    "PublishUncertain",
    "PublishDeferred",
    "PublishFoundAbsent",
    "PostRejected",
    "PostWithdrawn",
    "PostPublished",
    "PublishRejected",
    "RemovalRequested",
    "PostRemoved",
    "RemovalFailed",
    "PostMeasured",
    "MeasureRequested",
    "ConnectionCheckRequested",
    "ConnectionChecked",
    "ConnectionUnlinked",
    "ConnectionLinked",
    "DraftWritten",
  ],
  touches(stored) {
    const event = known(stored);
    const ref = String(stored.data.postId ?? stored.data.connectionId);
    return Object.keys(plan(event)).map((reason) => ({
      stream: event.stream,
      reason: reason as DueReason,
      ref,
    }));
  },
  fold(row, stored, key) {
    const event = known(stored);
    const when = key.reason === undefined ? undefined : plan(event)[key.reason];
    if (when === undefined) return row;
    if (when === "done") return null;
    return {
      stream: event.stream,
      reason: key.reason as DueReason,
      ref: String(key.ref),
      at: typeof when === "number" ? iso(when) : when,
    };
  },
};
