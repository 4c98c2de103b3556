/** Folds of a text on its way to review. */
import type { EventData } from "../events.ts";
import type { PersonaState, PostState } from "../state.ts";
import { back, type Folds, post } from "./change.ts";

export const DRAFTING: Folds<
  | "CompositionRequested"
  | "DraftWritten"
  | "CompositionStarted"
  | "DraftComposed"
  | "CompositionFailed"
  | "DraftRevised"
  | "DraftPrepared"
  | "PreparationFailed"
> = {
  CompositionRequested: (state, data) => {
    const before = state.posts[data.postId];
    const writing: PostState["writing"] = {
      state: "asked",
      attempt: 0,
      seed: data.seed,
      previousReason: data.previousReason,
    };
    if (before !== undefined) {
      return post(state, data.postId, () => ({ status: "draft", writing, ...back }));
    }
    return begun(state, data, { brief: data.brief, writing });
  },
  DraftWritten: (state, data) => {
    if (state.posts[data.postId] !== undefined) return state;
    const writing: PostState["writing"] = { state: "done", attempt: 0, seed: 0, previousReason: null };
    const next = begun(state, data, { brief: data.brief, writing });
    return post(next, data.postId, (one) => text(one, data));
  },
  CompositionStarted: (state, data) =>
    post(
      state,
      data.postId,
      (one) => ({ writing: { ...one.writing, state: "writing", attempt: data.attempt } }),
    ),
  DraftComposed: (state, data) =>
    post(state, data.postId, (one) => ({
      writing: { ...one.writing, state: "done" },
      ...text(one, data),
    })),
  CompositionFailed: (state, data) =>
    post(state, data.postId, (one) => ({ writing: { ...one.writing, state: "failed" } })),
  DraftRevised: (state, data) =>
    post(state, data.postId, (one) => ({
      ...text(one, data),
      writing: { ...one.writing, state: "done" },
      status: one.status === "draft" ? "draft" : "pending_review",
      ...back,
    })),
  DraftPrepared: (state, data) =>
    post(state, data.postId, (one) =>
      one.content === null || one.revision !== data.revision ? {} : {
        content: { ...one.content, parts: data.parts, replyTarget: data.replyTarget ?? null },
        contentHash: data.contentHash,
        verdicts: data.verdicts,
        prepared: true,
      }),
  PreparationFailed: (state, data) =>
    post(state, data.postId, (one) => ({
      prepareAt: data.retryAt,
      prepareFailures: one.prepareFailures + 1,
    })),
};

/** A post at its beginning; a reply is noted where what it answers is. */
function begun(
  state: PersonaState,
  data: Pick<
    EventData["CompositionRequested"],
    "postId" | "connectionId" | "platform" | "setId" | "answering"
  >,
  { brief, writing }: Pick<PostState, "brief" | "writing">,
): PersonaState {
  const { postId, connectionId, platform, setId = null, answering = null } = data;
  const fresh: PostState = {
    id: postId,
    connectionId,
    platform,
    brief,
    status: "draft",
    writing,
    content: null,
    contentHash: null,
    revision: 0,
    prepared: false,
    prepareAt: 0,
    prepareFailures: 0,
    verdicts: [],
    approval: null,
    slot: null,
    publish: null,
    frozen: null,
    sent: [],
    setId,
    answering,
    removeAt: null,
    removeFailures: 0,
    measureAt: null,
    measures: 0,
    measured: null,
    lastEvent: "",
    ordinal: state.ordinal,
  };
  const interaction = answering === null ? undefined : state.interactions[answering.interactionId];
  return {
    ...state,
    ordinal: state.ordinal + 1,
    posts: { ...state.posts, [postId]: fresh },
    interactions: interaction === undefined ? state.interactions : {
      ...state.interactions,
      [interaction.id]: { ...interaction, answeredBy: postId },
    },
  };
}

/** A new text: what was approved or prepared for the one before does not hold for it. */
function text(
  one: PostState,
  data: Pick<EventData["DraftComposed"], "content" | "contentHash" | "verdicts" | "prepared">,
): Partial<PostState> {
  return {
    content: data.content,
    contentHash: data.contentHash,
    verdicts: data.verdicts,
    revision: one.revision + 1,
    prepared: data.prepared,
    prepareAt: 0,
    prepareFailures: 0,
  };
}
