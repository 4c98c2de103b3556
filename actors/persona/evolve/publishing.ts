/** Folds of a post on its way out, and of what follows once it is out. */
import { fullText } from "../content.ts";
import type { PersonaState, PostState } from "../state.ts";
import { RECENT_TEXTS } from "../state.ts";
import { type Folds, partly, post } from "./change.ts";

export const PUBLISHING: Folds<
  | "PublishRequested"
  | "PublishAttempted"
  | "PostPublished"
  | "PublishRejected"
  | "PublishUncertain"
  | "PublishFoundAbsent"
  | "PublishDeferred"
  | "RemovalRequested"
  | "PostRemoved"
  | "RemovalFailed"
  | "PostMeasured"
  | "MeasureRequested"
> = {
  PublishRequested: (state, data) =>
    post(state, data.postId, ({ slot }) => ({
      status: "publishing",
      slot: null,
      publish: {
        payload: data.payload,
        since: state.version + 1,
        slotAt: slot?.at ?? null,
        attempts: 0,
        attemptOpen: false,
        notBefore: 0,
        checks: 0,
        repeats: 0,
        absentSince: null,
        refused: null,
      },
    })),
  PublishAttempted: (state, data) =>
    publishing(state, data.postId, {
      attempts: data.attempt,
      attemptOpen: true,
      checks: 0,
      absentSince: null,
      refused: null,
    }, "publishing"),
  PostPublished: (state, data) => {
    const said = state.posts[data.postId];
    const next = post(
      state,
      data.postId,
      () => ({
        status: "published",
        sent: data.sent,
        slot: null,
        publish: null,
        measureAt: data.sent.length === 0 ? null : data.measureAt ?? null,
      }),
    );
    return said === undefined
      ? next
      : { ...next, recentTexts: [fullText(said.content), ...next.recentTexts].slice(0, RECENT_TEXTS) };
  },
  PublishRejected: (state, data) =>
    post(state, data.postId, (one) => ({
      status: "failed",
      slot: null,
      publish: null,
      sent: data.sent ?? one.sent,
    })),
  PublishUncertain: (state, data) =>
    publishing(
      state,
      data.postId,
      {
        attemptOpen: false,
        checks: data.checks,
        notBefore: data.nextCheckAt,
        absentSince: data.absentSince ?? null,
        refused: data.refused ?? state.posts[data.postId]?.publish?.refused ?? null,
      },
      "uncertain",
      { slot: null, ...partly(data) },
    ),
  PublishFoundAbsent: (state, data) =>
    publishing(
      state,
      data.postId,
      {
        attemptOpen: false,
        notBefore: 0,
        repeats: (state.posts[data.postId]?.publish?.repeats ?? 0) + 1,
      },
      "publishing",
      partly(data),
    ),
  PublishDeferred: (state, data) =>
    publishing(state, data.postId, { attemptOpen: false, notBefore: data.until }, "publishing", partly(data)),
  RemovalRequested: (state, data) => post(state, data.postId, () => ({ removeAt: 0, removeFailures: 0 })),
  PostRemoved: (state, data) =>
    post(state, data.postId, () => ({ status: "deleted", removeAt: null, measureAt: null })),
  RemovalFailed: (state, data) =>
    post(state, data.postId, (one) => ({
      removeAt: data.retryAt,
      removeFailures: one.removeFailures + 1,
    })),
  PostMeasured: (state, data) =>
    post(state, data.postId, (one) => ({
      measured: data.measured ?? one.measured,
      measureAt: data.nextAt,
      measures: one.measures + 1,
    })),
  MeasureRequested: (state, data) => post(state, data.postId, () => ({ measureAt: 0 })),
};

function publishing(
  state: PersonaState,
  postId: string,
  change: Partial<NonNullable<PostState["publish"]>>,
  status: PostState["status"],
  more: Partial<PostState> = {},
): PersonaState {
  return post(state, postId, (one) => ({
    ...more,
    status,
    publish: one.publish === null ? null : { ...one.publish, ...change },
  }));
}
