/** What a persona knows of itself: the fold of its events. Plain JSON, bounded, so that it can be a snapshot. */
import type { Command } from "./commands.ts";
import type { Identity } from "./identity.ts";
import { emptyIdentity } from "./identity.ts";
import type { Answering, ApprovedVia, ConnectionInfo } from "./events.ts";
import type { Content } from "./content.ts";
import type { Interaction, Measured, Payload, Platform, Sent } from "./platforms/port.ts";
import type { Verdict } from "./policy/policy.ts";

/** Version of the shape of `PersonaState`; snapshots of another one are thrown away. */
export const STATE_SCHEMA = 7;

export type Life = "none" | "active" | "paused" | "retired" | "deleted";

export type PostStatus =
  | "draft"
  | "pending_review"
  | "approved"
  | "scheduled"
  | "publishing"
  | "published"
  | "uncertain"
  | "rejected"
  | "failed"
  | "expired"
  | "withdrawn"
  /** It was published, and taken down again by a person's wish. */
  | "deleted";

export interface ConnectionState extends ConnectionInfo {
  health: "ok" | "lost";
  linked: boolean;
  /** Where the last poll ended. */
  cursor: string | null;
  /** ms since the epoch before which it is not polled; 0 where nothing keeps it from being. */
  quietUntil: number;
  /** A person wants to know whether it works. */
  checkAsked: boolean;
}

/** A command that made the persona stop twice and was put aside. */
export interface DeadLetter {
  id: string;
  /** Null where it was not kept. */
  command: Command | null;
  crashes: number;
  /** Version of the event that put it aside last: for forgetting the oldest. */
  ordinal: number;
}

export interface PublishState {
  payload: Payload;
  /** Version of the event of this intent: what was put aside before it is about another one. */
  since: number;
  /** For when it was planned, ms since the epoch; null where it was to go out at once. */
  slotAt: number | null;
  /** Attempts so far; the last one is open while its outcome is not known. */
  attempts: number;
  attemptOpen: boolean;
  /** ms since the epoch before which nothing is tried. */
  notBefore: number;
  /** Looks at the platform since the last attempt. */
  checks: number;
  /** How often it was found absent, and sent again for that. */
  repeats: number;
  /** Since when these looks have found it absent, ms since the epoch; null where the last one has not. */
  absentSince: number | null;
  /** Why the last attempt was refused, where one before it may still arrive; null otherwise. */
  refused: string | null;
}

export interface PostState {
  id: string;
  connectionId: string;
  platform: Platform;
  brief: string;
  status: PostStatus;
  writing: {
    state: "asked" | "writing" | "done" | "failed";
    attempt: number;
    seed: number;
    previousReason: string | null;
  };
  content: Content | null;
  contentHash: string | null;
  /** Counts the texts of this post; what was prepared for an older one is not taken. */
  revision: number;
  prepared: boolean;
  /** ms since the epoch of the next try to prepare. */
  prepareAt: number;
  /** Failed tries to prepare this text. */
  prepareFailures: number;
  verdicts: Verdict[];
  approval: {
    by: string;
    via: ApprovedVia;
    contentHash: string;
    expiresAt: number;
    /** Rules whose findings the person saw and let pass. */
    acknowledged: string[];
  } | null;
  slot: { at: number; zone: string } | null;
  publish: PublishState | null;
  /** What the parts that are out were sent as, where their intent ended before the others were: the next one begins with it. */
  frozen: Payload | null;
  sent: Sent[];
  setId: string | null;
  answering: Answering | null;
  /** While it is to be deleted from its platform: when the next try is, ms since the epoch. */
  removeAt: number | null;
  /** Failed tries to delete it. */
  removeFailures: number;
  /** When the platform is asked next how it does, ms since the epoch; null for not any more. */
  measureAt: number | null;
  /** How often it was asked. */
  measures: number;
  measured: Measured | null;
  /** Id of the last event about this post. */
  lastEvent: string;
  /** Order in which posts were begun: for forgetting the oldest finished ones. */
  ordinal: number;
}

/** What somebody said to the persona, without the words. */
export interface InteractionState {
  id: string;
  connectionId: string;
  kind: Interaction["kind"];
  /** The post of ours that it is about, if any. */
  postId: string | null;
  wordsRef: string;
  saidAt: number;
  summons: boolean;
  byBot: boolean;
  authorHash: string | null;
  /** The post that answers it. */
  answeredBy: string | null;
  /** Version of the event that it came with: for forgetting the oldest. */
  ordinal: number;
}

export interface PersonaState {
  id: string;
  version: number;
  life: Life;
  identity: Identity;
  connections: Record<string, ConnectionState>;
  posts: Record<string, PostState>;
  /** What was said lately, newest first, at most `RECENT_TEXTS`. */
  recentTexts: string[];
  /** Hashes of the interactions taken in, newest last, at most `SEEN_INTERACTIONS`. */
  seen: string[];
  /** What can still be answered: the newest `ANSWERABLE` mentions, replies and quotes. */
  interactions: Record<string, InteractionState>;
  /** Neither retried nor dropped so far; within `DEAD_LETTERS` and `DEAD_LETTER_CHARACTERS`. */
  deadLetters: Record<string, DeadLetter>;
  ordinal: number;
}

/** Finished posts of which nothing is wanted that stay in the state; older ones are in the projections only. */
export const FINISHED_POSTS = 100;
/** Published posts of which it is asked at their times how they do; the oldest beyond it are not asked of any more. */
export const MEASURED_POSTS = 100;
/** Posts that wait to be deleted from their platforms; past it `delete_post` is refused. */
export const REMOVING_POSTS = 100;
/** Posts that are not finished; past it `compose` is refused. Ending them all, and the persona, fits into one append. */
export const OPEN_POSTS = 400;
export const RECENT_TEXTS = 20;
export const SEEN_INTERACTIONS = 500;
/** Interactions that can still be answered; older ones are in the projections only. */
export const ANSWERABLE = 300;
/** Commands put aside that can be retried; the oldest beyond it can only be looked at. */
export const DEAD_LETTERS = 50;
/** Characters of all of them as JSON, so that the state still fits into a frame. The newest is kept however long it is. */
export const DEAD_LETTER_CHARACTERS = 500_000;

export const FINISHED: ReadonlySet<PostStatus> = new Set<PostStatus>([
  "published",
  "rejected",
  "failed",
  "withdrawn",
  "deleted",
]);

/** Whether the connection of a post leads to another account than the one that its text is for. */
export function leadsElsewhere(state: PersonaState, post: PostState): boolean {
  const connection = state.connections[post.connectionId];
  return connection !== undefined && post.content !== null && connection.accountId !== post.content.accountId;
}

/** Whether a post's connection works now and leads to the account that its text is for. */
export function reachable(state: PersonaState, post: PostState): boolean {
  const connection = state.connections[post.connectionId];
  return connection !== undefined && connection.linked && connection.health === "ok" &&
    !leadsElsewhere(state, post);
}

/** The oldest letters that are too many. */
export function beyondBounds(letters: Record<string, DeadLetter>): string[] {
  const newestFirst = Object.values(letters).sort((a, b) => b.ordinal - a.ordinal);
  let characters = 0;
  const tooMany = newestFirst.findIndex((letter, index) => {
    characters += JSON.stringify(letter.command).length;
    return index > 0 && (index >= DEAD_LETTERS || characters > DEAD_LETTER_CHARACTERS);
  });
  return tooMany === -1 ? [] : newestFirst.slice(tooMany).map(({ id }) => id);
}

export function initialState(id: string): PersonaState {
  return {
    id,
    version: 0,
    life: "none",
    identity: emptyIdentity,
    connections: {},
    posts: {},
    recentTexts: [],
    seen: [],
    interactions: {},
    deadLetters: {},
    ordinal: 0,
  };
}
