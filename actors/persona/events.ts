/**
 * Everything that can have happened to a persona. The names and shapes are stored for ever: a changed shape gets a new
 * schema number and a lift in `db/log/upcast.ts`.
 */
import type { Command, CommandType } from "./commands.ts";
import type { Identity } from "./identity.ts";
import type { Content } from "./content.ts";
import type { Interaction, Measured, Part, Payload, Platform, ReplyTarget, Sent } from "./platforms/port.ts";
import type { NotWritten } from "./agent/port.ts";
import type { Verdict } from "./policy/policy.ts";

/** How an approval was given: by a person in a session, or by a program with a token. */
export type ApprovedVia = "session" | "token";

export interface ConnectionInfo {
  connectionId: string;
  platform: Platform;
  accountId: string;
  handle: string;
  /** Origin of the server; `sandbox:` for the sandbox, whose port differs at each start. */
  service: string;
  disclosure: Content["disclosure"];
  /** Whether what others say there may be shown to a model. @default as the platform's limits say */
  wordsToModel?: boolean;
}

/** What a post answers, before its platform was asked about it. */
export interface Answering {
  interactionId: string;
  kind: Interaction["kind"];
  /** Foreign words: who said what. */
  wordsRef: string;
}

/** How a draft came to be: what to open for "why did it say that?". */
export interface Writing {
  model: string;
  templateVersion: string;
  /** Foreign words: the exact prompt, and the whole answer. */
  promptRef: string;
  answerRef: string;
  promptHash: string;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number | null;
  durationMs: number;
}

export interface EventData {
  PersonaCreated: {
    identity: Identity;
    origin: "form" | "template" | "import";
    format: string | null;
    paused: boolean;
  };
  PersonaEdited: { changes: Partial<Identity> };
  PersonaPaused: Record<never, never>;
  PersonaResumed: Record<never, never>;
  PersonaRetired: Record<never, never>;
  PersonaDeleted: Record<never, never>;

  ConnectionLinked: ConnectionInfo;
  ConnectionUnlinked: { connectionId: string };
  /** The credentials stopped working: what depends on it waits. */
  ConnectionLost: { connectionId: string; reason: string };
  ConnectionRestored: { connectionId: string };

  CompositionRequested: {
    postId: string;
    connectionId: string;
    platform: Platform;
    brief: string;
    seed: number;
    /** What was wrong with the draft before, when this is another try. */
    previousReason: string | null;
    /** Of the posts on several platforms that were asked for together. */
    setId?: string;
    answering?: Answering;
  };
  /** A person wrote the text: no writer is asked. */
  DraftWritten: {
    postId: string;
    connectionId: string;
    platform: Platform;
    brief: string;
    setId?: string;
    answering?: Answering;
    content: Content;
    contentHash: string;
    verdicts: Verdict[];
    prepared: boolean;
  };
  CompositionStarted: { postId: string; attempt: number };
  /** `prepared` false: links and mentions have yet to be looked up before it can be approved. */
  DraftComposed: {
    postId: string;
    content: Content;
    contentHash: string;
    verdicts: Verdict[];
    prepared: boolean;
    writing: Writing;
  };
  CompositionFailed: {
    postId: string;
    attempt: number;
    reason: NotWritten["reason"] | "crashed";
    detail: string;
    retryable: boolean;
    model: string;
    promptRef: string | null;
    answerRef: string | null;
  };
  DraftRevised: {
    postId: string;
    content: Content;
    contentHash: string;
    verdicts: Verdict[];
    prepared: boolean;
  };
  /** Links, mentions and tags were found in the text; the hash is that of the content with them. */
  DraftPrepared: {
    postId: string;
    revision: number;
    parts: Part[];
    /** What is answered, as the platform wants it named; absent where the post answers nothing. */
    replyTarget?: ReplyTarget;
    contentHash: string;
    verdicts: Verdict[];
  };
  PreparationFailed: { postId: string; revision: number; reason: string; retryAt: number };

  PostSubmitted: { postId: string };
  /** `acknowledged`: rules whose findings the person saw and let pass. `seen`: posts that the person saw beside it. */
  PostApproved: {
    postId: string;
    contentHash: string;
    via: ApprovedVia;
    expiresAt: number;
    acknowledged?: string[];
    seen?: string[];
  };
  PostRejected: { postId: string; reason: string };
  /** `at` ms since the epoch; `zone` and `local` as the person said it. */
  PostScheduled: { postId: string; at: number; zone: string; local: string };
  PostUnscheduled: { postId: string };
  SlotMissed: { postId: string; reason: string };
  PostHeldBack: { postId: string; reason: string; verdicts: Verdict[]; sent?: Sent[] };
  ApprovalExpired: { postId: string };
  PostWithdrawn: { postId: string };

  /** The intent: exactly what goes out. */
  PublishRequested: { postId: string; contentHash: string; payload: Payload };
  PublishAttempted: { postId: string; attempt: number };
  PostPublished: {
    postId: string;
    attempt: number;
    sent: Sent[];
    how: "sent" | "reconciled" | "said_by_person";
    /** When the platform is asked how it does, ms since the epoch. */
    measureAt?: number;
  };
  /** `sent` of this and the next three: parts of a thread that are out all the same; absent where nothing new is known. */
  PublishRejected: { postId: string; attempt: number; reason: string; sent?: Sent[] };
  /** `nextCheckAt` is 0 where it is not looked for by itself: a person decides. */
  PublishUncertain: {
    postId: string;
    attempt: number;
    reason: string;
    checks: number;
    nextCheckAt: number;
    sent?: Sent[];
    /** What on the platform may be it. */
    evidence?: Sent[];
    /** Since when looks have found it absent, ms since the epoch. */
    absentSince?: number | null;
    /** Why the platform refused it at last: that is what it comes to if what was sent before does not arrive late. */
    refused?: string;
  };
  /** Proven absent on the platform: a further attempt is safe. */
  PublishFoundAbsent: { postId: string; attempt: number; sent?: Sent[] };
  /** Did not leave; tried again at `until` (ms since the epoch). */
  PublishDeferred: { postId: string; attempt: number; until: number; reason: string; sent?: Sent[] };

  /** A person wants it gone from its platform. */
  RemovalRequested: { postId: string };
  PostRemoved: { postId: string };
  /** `retryAt` null: it is not tried again by itself. */
  RemovalFailed: { postId: string; reason: string; retryAt: number | null };

  /** How it did, summed over its parts; null where it could not be asked. `nextAt` null: it is not asked again by itself. */
  PostMeasured: { postId: string; measured: Measured | null; nextAt: number | null };
  MeasureRequested: { postId: string };

  ConnectionCheckRequested: { connectionId: string };
  ConnectionChecked: { connectionId: string; ok: boolean; reason: string };

  InteractionReceived: {
    interactionId: string;
    connectionId: string;
    kind: Interaction["kind"];
    /** Which of our posts it is about, when it is one of ours. */
    postId: string | null;
    /** Hash of the platform's id: the same interaction is never taken in twice. */
    sourceHash: string;
    wordsRef: string;
    saidAt: number;
    /** Hash of platform and author: for rules that ask whether two are by the same. */
    authorHash?: string;
    /** False where the platform takes no answer of a program to it. */
    summons?: boolean;
    /** True where the author says of itself that it is a machine. */
    byBot?: boolean;
  };
  PollCompleted: { connectionId: string; cursor: string };
  /** What was heard made the persona stop twice: it is not listened there before `until` (ms since the epoch). */
  ListeningPaused: { connectionId: string; until: number; reason: string };

  /**
   * A command made the persona stop twice and was put aside. A `deadLetterId` that is known already is the same letter again:
   * its crashes add up. `command` is null where it was not kept; by whom and why it was given are `by` and `cause`.
   */
  CommandDeadLettered: {
    deadLetterId: string;
    commandId: string;
    type: CommandType;
    command: Command | null;
    by: string;
    cause: string | null;
    reason: string;
    crashes: number;
  };
  /** Decided again; what came of it is in the same append. */
  DeadLetterRetried: { deadLetterId: string };
  DeadLetterDropped: { deadLetterId: string };

  /** Nothing runs for this persona until it is unparked. Written by the supervisor, as is its end. */
  ActorParked: { reason: string };
  ActorUnparked: Record<never, never>;
}

export type EventType = keyof EventData;

/** An event of a persona before it is stored. */
export type PersonaEvent = { [T in EventType]: { type: T; data: EventData[T] } }[EventType];

/** Shape version that is written today, for every type but those below. */
export const EVENT_SCHEMA = 1;
/** Of `CommandDeadLettered`, which the supervisor writes. */
export const DEAD_LETTER_SCHEMA = 2;

export function event<T extends EventType>(type: T, data: EventData[T]): PersonaEvent {
  return { type, data } as PersonaEvent;
}
