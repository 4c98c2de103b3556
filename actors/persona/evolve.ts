/** state × event → state. Pure and total: an event that does not fit changes nothing but the version. */
import type { EventData, EventType } from "./events.ts";
import { fullText } from "./content.ts";
import { emptyIdentity } from "./identity.ts";
import type { ConnectionState, DeadLetter, InteractionState, PersonaState, PostState } from "./state.ts";
import {
  ANSWERABLE,
  beyondBounds,
  FINISHED,
  FINISHED_POSTS,
  RECENT_TEXTS,
  SEEN_INTERACTIONS,
} from "./state.ts";

/** The part of a stored event that folding needs. */
export interface Fact {
  id: string;
  type: string;
  version: number;
  by: string;
  data: unknown;
}

type Fold<T extends EventType> = (state: PersonaState, data: EventData[T], by: string) => PersonaState;

export function evolve(state: PersonaState, fact: Fact): PersonaState {
  const fold = Object.hasOwn(FOLDS, fact.type) ? FOLDS[fact.type as EventType] as Fold<EventType> : undefined;
  const next = fold === undefined ? state : fold(state, fact.data as never, fact.by);
  return { ...traced(next, fact), version: fact.version };
}

/** Remembers the last event of a post: what its effects do next is caused by it. */
function traced(state: PersonaState, fact: Fact): PersonaState {
  const postId = (fact.data as { postId?: unknown } | null)?.postId;
  return typeof postId === "string" ? post(state, postId, () => ({ lastEvent: fact.id })) : state;
}

function post(
  state: PersonaState,
  id: string,
  change: (post: PostState) => Partial<PostState>,
): PersonaState {
  const before = state.posts[id];
  if (before === undefined) return state;
  return forget({ ...state, posts: { ...state.posts, [id]: { ...before, ...change(before) } } });
}

function connection(state: PersonaState, id: string, change: Partial<ConnectionState>): PersonaState {
  const before = state.connections[id];
  return before === undefined
    ? state
    : { ...state, connections: { ...state.connections, [id]: { ...before, ...change } } };
}

/** Drops the oldest finished posts beyond the bound, but none of which something is still wanted: `due` has it, too. */
function forget(state: PersonaState): PersonaState {
  const finished = Object.values(state.posts).filter((one) =>
    FINISHED.has(one.status) && one.removeAt === null && one.measureAt === null
  );
  if (finished.length <= FINISHED_POSTS) return state;
  const posts = { ...state.posts };
  finished.sort((a, b) => a.ordinal - b.ordinal);
  for (const one of finished.slice(0, finished.length - FINISHED_POSTS)) delete posts[one.id];
  return { ...state, posts };
}

const life = (value: PersonaState["life"]) => (state: PersonaState): PersonaState => ({
  ...state,
  life: value,
});

const back = { approval: null, publish: null } as const;

const FOLDS: { [T in EventType]: Fold<T> } = {
  PersonaCreated: (state, data) => ({
    ...state,
    life: data.paused ? "paused" : "active",
    // Those of before a field was there have its empty value.
    identity: { ...emptyIdentity, ...data.identity },
  }),
  PersonaEdited: (state, data) => ({ ...state, identity: { ...state.identity, ...data.changes } }),
  PersonaPaused: life("paused"),
  PersonaResumed: life("active"),
  PersonaRetired: life("retired"),
  PersonaDeleted: life("deleted"),

  ConnectionLinked: (state, data) => ({
    ...state,
    interactions: heardBy(state, data),
    connections: {
      ...state.connections,
      [data.connectionId]: {
        ...data,
        health: "ok",
        linked: true,
        cursor: cursorFor(state.connections[data.connectionId], data.accountId),
        quietUntil: 0,
        checkAsked: false,
      },
    },
  }),
  ConnectionUnlinked: (state, data) =>
    connection(state, data.connectionId, { linked: false, checkAsked: false }),
  ConnectionLost: (state, data) => connection(state, data.connectionId, { health: "lost" }),
  ConnectionRestored: (state, data) => connection(state, data.connectionId, { health: "ok" }),

  ConnectionCheckRequested: (state, data) => connection(state, data.connectionId, { checkAsked: true }),
  ConnectionChecked: (state, data) => connection(state, data.connectionId, { checkAsked: false }),

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

  PublishRequested: (state, data) =>
    post(state, data.postId, () => ({
      status: "publishing",
      slot: null,
      publish: {
        payload: data.payload,
        since: state.version + 1,
        attempts: 0,
        attemptOpen: false,
        notBefore: 0,
        checks: 0,
        repeats: 0,
        absentSince: null,
      },
    })),
  PublishAttempted: (state, data) =>
    publishing(state, data.postId, {
      attempts: data.attempt,
      attemptOpen: true,
      checks: 0,
      absentSince: null,
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

  InteractionReceived: (state, data) => ({
    ...state,
    seen: [...state.seen, data.sourceHash].slice(-SEEN_INTERACTIONS),
    interactions: heard(state, data),
  }),
  PollCompleted: (state, data) =>
    connection(state, data.connectionId, { cursor: data.cursor, quietUntil: 0 }),
  ListeningPaused: (state, data) => connection(state, data.connectionId, { quietUntil: data.until }),

  CommandDeadLettered: (state, data) => {
    const { deadLetterId: id, command, crashes } = data;
    const before = Object.hasOwn(state.deadLetters, id) ? state.deadLetters[id] : undefined;
    const letter: DeadLetter = {
      id,
      command: command ?? before?.command ?? null,
      crashes: crashes + (before?.crashes ?? 0),
      ordinal: state.version + 1,
    };
    const deadLetters = { ...state.deadLetters, [id]: letter };
    for (const old of beyondBounds(deadLetters)) delete deadLetters[old];
    return { ...state, deadLetters };
  },
  DeadLetterRetried: (state, data) => withoutLetter(state, data.deadLetterId),
  DeadLetterDropped: (state, data) => withoutLetter(state, data.deadLetterId),

  ActorParked: (state) => state,
  ActorUnparked: (state) => state,
};

/** Every type of event that there is. */
export const EVENT_TYPES = Object.keys(FOLDS) as EventType[];

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

/** What was said to an account is not answered by another one. */
function heardBy(
  { connections, interactions }: PersonaState,
  { connectionId, accountId }: EventData["ConnectionLinked"],
): PersonaState["interactions"] {
  const before = connections[connectionId];
  if (before === undefined || before.accountId === accountId) return interactions;
  return Object.fromEntries(
    Object.entries(interactions).filter(([, one]) => one.connectionId !== connectionId),
  );
}

const ANSWERED_KINDS: ReadonlySet<string> = new Set(["mention", "reply", "quote"]);

/** What can be answered, with the oldest beyond the bound left out. */
function heard(
  { interactions: known, version }: PersonaState,
  data: EventData["InteractionReceived"],
): PersonaState["interactions"] {
  if (!ANSWERED_KINDS.has(data.kind)) return known;
  const { interactionId: id, connectionId, kind, postId, wordsRef, saidAt } = data;
  const { summons = true, byBot = false, authorHash = null } = data;
  const one: InteractionState = {
    id,
    connectionId,
    kind,
    postId,
    wordsRef,
    saidAt,
    summons,
    byBot,
    authorHash,
    answeredBy: null,
    ordinal: version + 1,
  };
  const all = { ...known, [id]: one };
  const oldestFirst = Object.values(all).sort((a, b) => a.ordinal - b.ordinal);
  for (const old of oldestFirst.slice(0, -ANSWERABLE)) delete all[old.id];
  return all;
}

/**
 * Of an intent that ends: what is out of it, and all its keys once anything was tried. A request that is still on its way may
 * come late: under the same key it cannot stand beside what is sent anew.
 */
function frozenOf({ publish, frozen, sent }: PostState): PostState["frozen"] {
  if (publish === null || publish.attempts === 0) return frozen;
  const { keys, records } = publish.payload;
  return { keys, records: records.slice(0, sent.length) };
}

/** Parts of a thread that are newly known to be out. */
function partly({ sent }: { sent?: PostState["sent"] }): Partial<PostState> {
  return sent === undefined ? {} : { sent };
}

/** What kept a connection from being polled goes with its letter. */
function withoutLetter(state: PersonaState, id: string): PersonaState {
  const { [id]: letter, ...deadLetters } = state.deadLetters;
  const next = { ...state, deadLetters };
  return letter?.command?.type === "polled"
    ? connection(next, letter.command.connectionId, { quietUntil: 0 })
    : next;
}

/** Where a poll ended holds for the account that was polled, not for another one. */
function cursorFor(before: ConnectionState | undefined, accountId: string): string | null {
  return before?.accountId === accountId ? before.cursor : null;
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
