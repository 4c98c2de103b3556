/** Test equipment of the pure core: `given(events).when(command).then(events)`, and posts in every stage of their life. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Command } from "./commands.ts";
import type { Content } from "./content.ts";
import { contentHash } from "./content.ts";
import { decide } from "./decide.ts";
import type { Context, Decision, RefusalCode } from "./decide/decision.ts";
import type { ConnectionInfo, EventData, PersonaEvent } from "./events.ts";
import { event } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { Identity } from "./identity.ts";
import { emptyIdentity } from "./identity.ts";
import { tidSource } from "./platforms/bluesky/tid_source.ts";
import type { Part } from "./platforms/port.ts";
import { checkContent } from "./policy/policy.ts";
import { initialState, type PersonaState } from "./state.ts";

export const NOW = Date.UTC(2026, 10, 22, 9);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ANN = "user:ann";

/** A context that gives `id-1`, `id-2`… and the same TIDs each time. */
export function testContext(more: Partial<Context> = {}): Context {
  let ids = 0;
  return {
    now: NOW,
    by: ANN,
    newId: () => `id-${++ids}`,
    newTid: tidSource(() => NOW, () => 0),
    randomSeed: () => 7,
    approvalMs: 7 * DAY,
    slotGraceMs: HOUR,
    policy: POLICY,
    ...more,
  };
}

/** The state after `events`, each as it would come back from the log. */
export function folded(
  events: PersonaEvent[],
  from: PersonaState = initialState("p1"),
  by = ANN,
): PersonaState {
  return events.reduce((state, { type, data }) => {
    const stored = JSON.parse(JSON.stringify(data));
    return evolve(state, {
      id: `event-${state.version + 1}`,
      type,
      version: state.version + 1,
      by,
      data: stored,
    });
  }, from);
}

export interface Then {
  decision: Decision;
  then(...events: PersonaEvent[]): PersonaState;
  refused(code: RefusalCode, field?: string): void;
}

/** `given(…events).when(command, context?).then(…events)` or `.refused(code)`. */
export function given(
  ...events: PersonaEvent[]
): { state: PersonaState; when(command: Command, more?: Partial<Context>): Then } {
  const state = frozen(folded(events));
  return {
    state,
    when(command, more) {
      const decision = decide(state, frozen(structuredClone(command)), testContext(more));
      return {
        decision,
        then(...expected) {
          deepStrictEqual(decision, { events: expected });
          return folded(expected, state);
        },
        refused(code, field) {
          if (!("refused" in decision)) throw new Error(`accepted: ${JSON.stringify(decision.events)}`);
          strictEqual(decision.refused.code, code, decision.refused.message);
          if (field !== undefined) strictEqual(decision.refused.field, field);
        },
      };
    },
  };
}

/** Frozen all through: whoever changes what he was given fails. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

export const POLICY = { requireAltText: true };

export const IDENTITY: Identity = {
  ...emptyIdentity,
  name: "Ada Fern",
  operatedBy: "Fern Radio",
  bannedWords: ["forbidden"],
};

export const SANDBOX: ConnectionInfo = {
  connectionId: "c-sandbox",
  platform: "sandbox",
  accountId: "account-1",
  handle: "ada.fern",
  service: "sandbox:",
  disclosure: "none",
};

export const BLUESKY: ConnectionInfo = {
  connectionId: "c-bluesky",
  platform: "bluesky",
  accountId: "did:plc:ada",
  handle: "ada.example",
  service: "https://pds.example",
  disclosure: "profile_label",
};

export const created = event("PersonaCreated", {
  identity: IDENTITY,
  origin: "form",
  format: null,
  paused: false,
});
export const linkedTo = (connection: ConnectionInfo): PersonaEvent => event("ConnectionLinked", connection);

export function content(connection: ConnectionInfo, text: string, facets: Part["facets"] = []): Content {
  return {
    connectionId: connection.connectionId,
    accountId: connection.accountId,
    parts: [{ text, facets }],
    replyTarget: null,
    labels: [],
    disclosure: connection.disclosure,
    language: "en",
  };
}

/** What `DraftComposed` and `DraftRevised` say of a text. */
export function draft(connection: ConnectionInfo, text: string, identity: Identity = IDENTITY) {
  const said = content(connection, text);
  return {
    postId: "a",
    content: said,
    contentHash: contentHash(said),
    verdicts: checkContent(said, identity, connection, POLICY),
    prepared: connection.platform === "sandbox",
  };
}

export const WRITING: EventData["DraftComposed"]["writing"] = {
  model: "offline",
  templateVersion: "1",
  promptRef: "prompt-1",
  answerRef: "answer-1",
  promptHash: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
  inputTokens: 1,
  outputTokens: 2,
  costMicroUsd: 0,
  durationMs: 3,
};

export const TEXT = "Hello out there";
export const APPROVED_UNTIL = NOW + 7 * DAY;
export const SLOT = NOW + 2 * HOUR;
export const SENT = [{ id: "sent-1", url: "https://sandbox.example/1" }];

/** Where post `a` can be. `draft` has a text, whose rewriting failed. */
export type Stage =
  | "asked"
  | "writing"
  | "not_written"
  | "draft"
  | "pending_review"
  | "approved"
  | "scheduled"
  | "publishing"
  | "attempting"
  | "uncertain"
  | "published"
  | "rejected"
  | "failed"
  | "expired"
  | "withdrawn";

const asked = (connection: ConnectionInfo, previousReason: string | null) =>
  event("CompositionRequested", {
    postId: "a",
    connectionId: connection.connectionId,
    platform: connection.platform,
    brief: "say hello",
    seed: 7,
    previousReason,
  });
const started = event("CompositionStarted", { postId: "a", attempt: 1 });
const notWritten = event("CompositionFailed", {
  postId: "a",
  attempt: 1,
  reason: "server_error",
  detail: "500",
  retryable: true,
  model: "m",
  promptRef: null,
  answerRef: null,
});

/** The events that bring post `a` to a stage, after the persona was created and `connection` linked. */
export function stages(connection: ConnectionInfo = SANDBOX): Record<Stage, PersonaEvent[]> {
  const drafted = draft(connection, TEXT);
  const postId = "a";
  const pending = [
    asked(connection, null),
    started,
    event("DraftComposed", { ...drafted, prepared: true, writing: WRITING }),
    event("PostSubmitted", { postId }),
  ];
  const { contentHash } = drafted;
  const approved = [
    ...pending,
    event("PostApproved", { postId, contentHash, via: "session", expiresAt: APPROVED_UNTIL }),
  ];
  const payload = { keys: ["key-1"], records: [{ text: TEXT }] };
  const publishing = [...approved, event("PublishRequested", { postId, contentHash, payload })];
  const attempting = [...publishing, event("PublishAttempted", { postId, attempt: 1 })];
  const about = { postId, attempt: 1 };
  return {
    asked: [asked(connection, null)],
    writing: [asked(connection, null), started],
    not_written: [asked(connection, null), started, notWritten],
    draft: [...pending, asked(connection, "too dull"), started, notWritten],
    pending_review: pending,
    approved,
    scheduled: [
      ...approved,
      event("PostScheduled", { postId, at: SLOT, zone: "UTC", local: "2026-11-22T11:00" }),
    ],
    publishing,
    attempting,
    uncertain: [
      ...attempting,
      event("PublishUncertain", { ...about, reason: "timeout", checks: 0, nextCheckAt: NOW }),
    ],
    published: [...attempting, event("PostPublished", { ...about, sent: SENT, how: "sent" })],
    rejected: [...pending, event("PostRejected", { postId, reason: "no" })],
    failed: [...attempting, event("PublishRejected", { ...about, reason: "no" })],
    expired: [...approved, event("ApprovalExpired", { postId })],
    withdrawn: [...pending, event("PostWithdrawn", { postId })],
  };
}

export const STAGES = Object.keys(stages()) as Stage[];

/** A persona with a connection, and post `a` at a stage. */
export function at(stage: Stage, connection: ConnectionInfo = SANDBOX): PersonaEvent[] {
  return [created, linkedTo(connection), ...stages(connection)[stage]];
}
