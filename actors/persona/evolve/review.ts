/** Folds of what people and the clock decide about a post. */
import type { PostState } from "../state.ts";
import { back, type Folds, partly, post } from "./change.ts";

export const REVIEW: Folds<
  | "PostSubmitted"
  | "PostApproved"
  | "PostRejected"
  | "PostScheduled"
  | "PostUnscheduled"
  | "SlotMissed"
  | "PostHeldBack"
  | "ApprovalExpired"
  | "PostWithdrawn"
> = {
  PostSubmitted: (state, data) => post(state, data.postId, () => ({ status: "pending_review" })),
  PostApproved: (state, data, by) =>
    post(state, data.postId, () => ({
      status: "approved",
      approval: {
        by,
        via: data.via,
        contentHash: data.contentHash,
        expiresAt: data.expiresAt,
        acknowledged: data.acknowledged ?? [],
      },
    })),
  PostRejected: (state, data) =>
    post(state, data.postId, () => ({ status: "rejected", slot: null, ...back })),
  PostScheduled: (state, data) =>
    post(state, data.postId, (one) => ({
      slot: { at: data.at, zone: data.zone },
      status: one.status === "approved" || one.status === "scheduled" ? "scheduled" : one.status,
    })),
  PostUnscheduled: (state, data) =>
    post(state, data.postId, (one) => ({
      slot: null,
      status: one.status === "scheduled" ? "approved" : one.status,
    })),
  SlotMissed: (state, data) =>
    post(state, data.postId, (one) => ({
      slot: null,
      status: one.status === "scheduled" ? "approved" : one.status,
    })),
  PostHeldBack: (state, data) =>
    post(
      state,
      data.postId,
      (one) => ({
        status: "pending_review",
        slot: null,
        verdicts: data.verdicts,
        ...partly(data),
        frozen: frozenOf({ ...one, ...partly(data) }),
        ...back,
      }),
    ),
  ApprovalExpired: (state, data) =>
    post(state, data.postId, () => ({ status: "expired", slot: null, ...back })),
  PostWithdrawn: (state, data) =>
    post(state, data.postId, () => ({ status: "withdrawn", slot: null, ...back })),
};

/**
 * Of an intent that ends: what is out of it, and all its keys once anything was tried. A request that is still on its way may
 * come late: under the same key it cannot stand beside what is sent anew.
 */
function frozenOf({ publish, frozen, sent }: PostState): PostState["frozen"] {
  if (publish === null || publish.attempts === 0) return frozen;
  const { keys, records } = publish.payload;
  return { keys, records: records.slice(0, sent.length) };
}
