/** One line for each event: what happened, in the console's words. Pure. */
import type { EventData, EventType } from "../../actors/persona/events.ts";
import { fullText } from "../../actors/persona/content.ts";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import type { Platform } from "../../actors/persona/platforms/port.ts";
import type { StopScope } from "../../actors/supervisor/supervisor_port.ts";
import type { StoredEvent } from "../../db/log/log.ts";
import { say, zoneName } from "./parts/time.tsx";
import type { Tone } from "./parts/small.tsx";
import { commandWords, identityWords, whoWords, withNames } from "./words.ts";

export type FeedKind = "writing" | "review" | "publishing" | "listening" | "persona" | "failures" | "system";

export interface FeedLine {
  mark: string;
  tone: Tone;
  kind: FeedKind;
  /** What happened; the rest of the sentence follows. */
  title: string;
  detail: string;
  /** The words that it is about. */
  quote: string | null;
  postId: string | null;
}

/** What lines need besides the event. */
export interface FeedContext {
  users: ReadonlyMap<string, string>;
  /** Name and zone by persona. */
  personas: ReadonlyMap<string, { name: string; zone: string }>;
  platforms: ReadonlyMap<string, Platform>;
  /** What was said, by interaction. */
  heard: ReadonlyMap<string, { handle: string | null; text: string }>;
}

type Line = Omit<FeedLine, "kind" | "postId">;
type Writer<T extends EventType> = (data: EventData[T], event: StoredEvent, context: FeedContext) => Line;

const line = (mark: string, tone: Tone, title: string, detail = "", quote: string | null = null): Line => ({
  mark,
  tone,
  title,
  detail,
  quote,
});

const where = (data: { postId: string }, context: FeedContext): string => {
  const platform = context.platforms.get(data.postId);
  return platform === undefined ? "" : `on ${limitsOf(platform).label}`;
};
const who = (event: StoredEvent, context: FeedContext): string => `by ${whoWords(event.by, context.users)}`;
const join = (...parts: string[]): string => parts.filter((part) => part !== "").join(" · ");
const when = (ms: number, zone: string): string =>
  `${say(new Date(ms).toISOString(), zone, "short")} (${zoneName(zone)})`;

const LINES: { [T in EventType]: Writer<T> } = {
  PersonaCreated: (data, event, context) =>
    line(
      "★",
      "acc",
      "Persona created",
      join(who(event, context), data.origin === "import" ? "from a file" : "", data.paused ? "paused" : ""),
    ),
  PersonaEdited: (data, event, context) =>
    line("✎", "", "Identity changed", join(who(event, context), identityWords(Object.keys(data.changes)))),
  PersonaPaused: (_data, event, context) => line("‖", "warn", "Paused", who(event, context)),
  PersonaResumed: (_data, event, context) => line("▸", "ok", "Resumed", who(event, context)),
  PersonaRetired: (_data, event, context) => line("□", "", "Retired", who(event, context)),
  PersonaDeleted: (_data, event, context) => line("✕", "bad", "Persona deleted", who(event, context)),

  ConnectionLinked: (data, event, context) =>
    line(
      "⚭",
      "ok",
      `${limitsOf(data.platform).label} account connected`,
      join(data.handle, who(event, context)),
    ),
  ConnectionUnlinked: (_data, event, context) => line("⚮", "", "Account disconnected", who(event, context)),
  ConnectionLost: (data) => line("!", "bad", "Account needs attention", data.reason),
  ConnectionRestored: () => line("⚭", "ok", "Account works again"),
  ConnectionCheckRequested: (_data, event, context) =>
    line("⌕", "", "Checks an account", who(event, context)),
  ConnectionChecked: (data) =>
    data.ok
      ? line("✓", "ok", "Account works")
      : line("!", "warn", "Account could not be checked", data.reason),

  CompositionRequested: (data, event, context) =>
    line(
      "…",
      "",
      data.previousReason === null ? "Asked to write" : "Asked to write again",
      join(`for ${limitsOf(data.platform).label}`, who(event, context), data.previousReason ?? ""),
      data.brief,
    ),
  CompositionStarted: (data) =>
    line("✎", "", "Started writing", data.attempt > 1 ? `try ${data.attempt}` : ""),
  DraftComposed: (data, _event, context) =>
    line(
      "✎",
      "acc",
      "Draft written",
      join(forPlatform(data, context), data.writing.model),
      fullText(data.content),
    ),
  CompositionFailed: (data) => line("!", "bad", "Nothing was written", data.detail),
  DraftRevised: (data, event, context) =>
    line("✎", "acc", "Draft edited", who(event, context), fullText(data.content)),
  DraftWritten: (data, event, context) =>
    line(
      "✎",
      "acc",
      data.answering === undefined ? "Text written" : "Answer written",
      join(`for ${limitsOf(data.platform).label}`, who(event, context)),
      fullText(data.content),
    ),
  DraftPrepared: () => line("⌕", "", "Links and mentions looked up"),
  PreparationFailed: (data) => line("!", "warn", "Links and mentions could not be looked up", data.reason),

  PostSubmitted: (data, _event, context) => line("◇", "", "Waits for review", where(data, context)),
  PostApproved: (data, event, context) =>
    line("✓", "ok", "Approved", join(who(event, context), data.via === "token" ? "with a token" : "")),
  PostRejected: (data, event, context) => line("✕", "", "Rejected", join(who(event, context), data.reason)),
  PostScheduled: (data) => line("◷", "", "Time set", when(data.at, data.zone)),
  PostUnscheduled: (_data, event, context) => line("◷", "", "Has no time any more", who(event, context)),
  SlotMissed: (data) => line("◷", "warn", "Missed its time", data.reason),
  PostHeldBack: (data) => line("!", "warn", "Held back for review", data.reason),
  ApprovalExpired: () => line("◷", "warn", "Approval ran out", "submit it again to have it reviewed"),
  PostWithdrawn: (_data, event, context) => line("↩", "", "Withdrawn", who(event, context)),

  PublishRequested: (data, _event, context) => line("↗", "", "To be published", where(data, context)),
  PublishAttempted: (data, _event, context) =>
    line("↗", "", "Sending", join(where(data, context), data.attempt > 1 ? `try ${data.attempt}` : "")),
  PostPublished: (data, event, context) => {
    const label = labelOf(data, context);
    if (data.how === "reconciled") {
      return line("✓", "ok", `Found on ${label}`, "it had gone out, counted once");
    }
    if (data.how === "said_by_person") return line("✓", "ok", "Went out", `said ${who(event, context)}`);
    return line("✓", "ok", "Published", `on ${label}`);
  },
  PublishRejected: (data, _event, context) =>
    line("✕", "bad", `Refused by ${labelOf(data, context)}`, data.reason),
  PublishUncertain: (data, _event, context) =>
    line("!", "bad", "May have gone out: checking", join(where(data, context), data.reason)),
  PublishFoundAbsent: (data, _event, context) =>
    line("↺", "", "Had not gone out", `nothing of it ${where(data, context)}`.trim()),
  PublishDeferred: (data, event, context) =>
    line(
      "↺",
      "warn",
      "Did not go out yet",
      join(withNames(data.reason, context.users), `next try ${when(data.until, zoneOf(event, context))}`),
    ),

  RemovalRequested: (data, event, context) =>
    line("✕", "", `To be deleted ${where(data, context)}`.trim(), who(event, context)),
  PostRemoved: (data, _event, context) => line("✕", "", `Deleted ${where(data, context)}`.trim()),
  RemovalFailed: (data, event, context) =>
    line(
      "!",
      "warn",
      "Could not be deleted",
      join(
        data.reason,
        data.retryAt === null ? "" : `next try ${when(data.retryAt, zoneOf(event, context))}`,
      ),
    ),
  PostMeasured: (data) => line("◔", "", "Looked how it does", countWords(data.measured)),
  MeasureRequested: (_data, event, context) => line("◔", "", "Asked how it does", who(event, context)),

  InteractionReceived: (data, _event, context) => {
    const said = context.heard.get(data.interactionId);
    const { title, link } = HEARD[data.kind];
    return line("@", "acc", title, said?.handle ? `${link}${said.handle}` : "", said?.text || null);
  },
  PollCompleted: () => line("⌁", "", "Looked for mentions and replies"),
  ListeningPaused: (data, event, context) =>
    line(
      "‖",
      "warn",
      "Mentions and replies are not looked for",
      join(`until ${when(data.until, zoneOf(event, context))}, or until it is tried again`, data.reason),
    ),

  CommandDeadLettered: (data, _event, context) =>
    line(
      "!",
      "bad",
      "Command failed twice",
      join(commandWords(data.type), `asked by ${whoWords(data.by, context.users)}`, data.reason),
    ),
  DeadLetterRetried: (_data, event, context) =>
    line("↺", "", "Tried again what had failed twice", who(event, context)),
  DeadLetterDropped: (_data, event, context) =>
    line(
      "✕",
      "",
      "Dropped what had failed twice",
      event.by === "system" ? "to make room for newer ones" : who(event, context),
    ),

  ActorParked: (data, event, context) =>
    line(
      "‖",
      "bad",
      event.by === "system" ? "Stopped after repeated crashes" : "Stopped",
      join(event.by === "system" ? "" : who(event, context), data.reason),
    ),
  ActorUnparked: (_data, event, context) => line("▸", "ok", "Started again", who(event, context)),
};

function countWords(measured: EventData["PostMeasured"]["measured"]): string {
  if (measured === null) return "the platform did not answer";
  if (measured.kind === "gone") return "it is not there any more";
  if (measured.kind === "not_allowed") return "this connection may not know";
  const { likes, reposts, replies } = measured.metrics;
  const said = (count: number | null, one: string, many: string) =>
    count === null ? "" : `${count} ${count === 1 ? one : many}`;
  return join(
    said(likes, "like", "likes"),
    said(reposts, "repost", "reposts"),
    said(replies, "reply", "replies"),
  );
}

/** `link` stands between the title and who it was. */
const HEARD: Record<EventData["InteractionReceived"]["kind"], { title: string; link: string }> = {
  mention: { title: "Mention", link: "from " },
  reply: { title: "Reply", link: "from " },
  quote: { title: "Quoted", link: "by " },
  like: { title: "Liked", link: "by " },
  repost: { title: "Reposted", link: "by " },
  follow: { title: "New follower", link: "" },
};

/** Event types by what they are about: the filter of the activity page. */
export const KINDS: Record<Exclude<FeedKind, "system">, EventType[]> = {
  writing: [
    "CompositionRequested",
    "CompositionStarted",
    "DraftComposed",
    "DraftWritten",
    "CompositionFailed",
    "DraftRevised",
    "DraftPrepared",
    "PreparationFailed",
  ],
  review: [
    "PostSubmitted",
    "PostApproved",
    "PostRejected",
    "PostHeldBack",
    "ApprovalExpired",
    "PostWithdrawn",
  ],
  publishing: [
    "PostScheduled",
    "PostUnscheduled",
    "SlotMissed",
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
    "MeasureRequested",
  ],
  listening: ["InteractionReceived", "PollCompleted", "ListeningPaused"],
  persona: [
    "PersonaCreated",
    "PersonaEdited",
    "PersonaPaused",
    "PersonaResumed",
    "PersonaRetired",
    "PersonaDeleted",
    "ConnectionLinked",
    "ConnectionUnlinked",
    "ConnectionLost",
    "ConnectionRestored",
    "ConnectionCheckRequested",
    "ConnectionChecked",
    "ActorParked",
    "ActorUnparked",
  ],
  failures: ["CommandDeadLettered", "DeadLetterRetried", "DeadLetterDropped"],
};

export const KIND_WORDS: Record<keyof typeof KINDS, string> = {
  writing: "Writing",
  review: "Review",
  publishing: "Publishing",
  listening: "Mentions and replies",
  persona: "Persona and accounts",
  failures: "Commands that failed twice",
};

const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, types]) => types.map((type) => [type as string, kind as FeedKind])),
);

/** Events of stops. */
const ABOUT_POSTING: Partial<Record<string, (event: StoredEvent, context: FeedContext) => Line>> = {
  PostingStopped: (event, context) =>
    line(
      "‖",
      "bad",
      STOPPED_WORDS[scopeOf(event).kind](scopeOf(event), context),
      join(who(event, context), typeof event.data.why === "string" ? event.data.why : ""),
    ),
  PostingAllowed: (event, context) =>
    line("▸", "ok", ALLOWED_WORDS[scopeOf(event).kind](scopeOf(event), context), who(event, context)),
};

type ScopeWords = Record<StopScope["kind"], (scope: StopScope, context: FeedContext) => string>;

const scopeOf = (event: StoredEvent) => event.data.scope as unknown as StopScope;
const placeOf = (scope: StopScope) => "platform" in scope ? limitsOf(scope.platform).label : "the platform";
const nameOf = (scope: StopScope, context: FeedContext) =>
  ("personaId" in scope ? context.personas.get(scope.personaId)?.name : undefined) ?? "a deleted persona";

const STOPPED_WORDS: ScopeWords = {
  all: () => "All posting stopped",
  platform: (scope) => `Posting on ${placeOf(scope)} stopped`,
  persona: (scope, context) => `Posting of ${nameOf(scope, context)} stopped`,
  post: (scope, context) => `A post of ${nameOf(scope, context)} held`,
};
const ALLOWED_WORDS: ScopeWords = {
  all: () => "Posts may go out again",
  platform: (scope) => `Posts may go out on ${placeOf(scope)} again`,
  persona: (scope, context) => `Posts of ${nameOf(scope, context)} may go out again`,
  post: (scope, context) => `A held post of ${nameOf(scope, context)} may go out`,
};

/** The line of any event; one of a type that the console does not know shows its name. */
export function feedLine(event: StoredEvent, context: FeedContext): FeedLine {
  const write = Object.hasOwn(LINES, event.type) ? LINES[event.type as EventType] as Writer<EventType> : null;
  const about = Object.hasOwn(ABOUT_POSTING, event.type) ? scopeOf(event) : event.data;
  const postId = "postId" in about && typeof about.postId === "string" ? about.postId : null;
  const kind = KIND_OF.get(event.type) ?? "system";
  const written = ABOUT_POSTING[event.type]?.(event, context) ??
    write?.(event.data as unknown as EventData[EventType], event, context) ??
    line("·", "", spaced(event.type), who(event, context));
  return { ...written, kind, postId };
}

function spaced(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function labelOf(data: { postId: string }, context: FeedContext): string {
  const platform = context.platforms.get(data.postId);
  return platform === undefined ? "the platform" : limitsOf(platform).label;
}

function forPlatform(data: { postId: string }, context: FeedContext): string {
  const platform = context.platforms.get(data.postId);
  return platform === undefined ? "" : `for ${limitsOf(platform).label}`;
}

function zoneOf(event: StoredEvent, context: FeedContext): string {
  return context.personas.get(event.stream)?.zone ?? "UTC";
}
