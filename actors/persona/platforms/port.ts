/**
 * The one port that every platform stands behind. An adapter runs inside a worker with `net` for its own origins
 * only; it keeps no state but its session, and never retries a publish by itself: what to do next is decided by the
 * persona core from the typed outcome.
 */

export type Platform = "sandbox" | "bluesky" | "x" | "linkedin";

/** A span of a text that means more than its characters. Offsets are UTF-8 bytes, end exclusive. */
export type Facet =
  & { start: number; end: number }
  & (
    | { kind: "link"; uri: string }
    | { kind: "mention"; handle: string; accountId: string }
    | { kind: "tag"; tag: string }
    | { kind: "cashtag"; tag: string }
  );

/** A picture of a post: exactly the bytes that go out, kept by main under their hash. */
export interface MediaRef {
  /** SHA-256 (hex) of the bytes. */
  sha256: string;
  mime: string;
  width: number;
  height: number;
  bytes: number;
  /** What it shows, for people who cannot see it; may be empty only where the operator's settings allow it. */
  alt: string;
}

/** One part of a post; a post with several is a thread. */
export interface Part {
  text: string;
  facets: Facet[];
  /** At most four; absent for none. */
  media?: MediaRef[];
  /** What the text weighs in the platform's own unit, where only preparation can tell (X). */
  weight?: number;
}

/** What a post answers, as its platform needs it. References only: the words answered are foreign words. */
export interface ReplyTarget {
  /** Of ours. */
  interactionId: string;
  /** The platform's id of what is answered. */
  id: string;
  /** Version of what is answered, where the platform wants it (Bluesky). */
  cid?: string;
  /** Where the conversation began, where the platform wants it (Bluesky). */
  root?: { id: string; cid: string };
}

/** The account of a connection, as adapters need it. */
export interface Account {
  connectionId: string;
  platform: Platform;
  /** The platform's own stable id: a DID on Bluesky. */
  accountId: string;
  handle: string;
  /** Origin of the server that is spoken to, e.g. `https://pds.example`, no trailing slash. */
  service: string;
}

/** What exactly goes out, frozen in the intent before the first attempt: the same bytes on each attempt. */
export interface Payload {
  /** The idempotency key on the platform: a TID (rkey) for each part on Bluesky, our own key on the sandbox. */
  keys: string[];
  /** One platform record a part, complete; what an adapter sends is this and nothing else. */
  records: Record<string, unknown>[];
}

/** Where a part of a post is, once it is out. */
export interface Sent {
  /** The platform's id: an at:// URI on Bluesky. */
  id: string;
  /** Where a person can open it. */
  url: string;
}

/** What one attempt came to. `uncertain` is never retried blindly: it is reconciled first. */
export type Outcome = { kind: "sent"; sent: Sent[] } | Failure & Partly;

/** What a failed attempt of a thread has nevertheless done, and where a person can look. */
export interface Partly {
  /** Parts from the first on that are known to be out, those of `before` included; absent where nothing new is known. */
  parts?: Sent[];
  /** What on the platform may be it. */
  evidence?: Sent[];
}

/** Why something did not come to pass. */
export type Failure =
  /** A definite refusal of this content by the platform. `reason` is shown to the operator. */
  | { kind: "rejected"; reason: string }
  /** Proven not to have left: a refused connection, a name that does not resolve. Safe to repeat. */
  | { kind: "not_sent"; reason: string }
  /** May have gone out: 5xx, timeout, reset, half a body, a 2xx without an id. */
  | { kind: "uncertain"; reason: string }
  /** The credentials do not work any more; a person must link again. */
  | { kind: "auth_dead"; reason: string }
  /** `until` in ms since the epoch. */
  | { kind: "rate_limited"; until: number; reason: string }
  | { kind: "out_of_credit"; reason: string };

/** Thrown by what is not an attempt to publish, where the platform could not be asked. */
export class PlatformFailed extends Error {
  override name = "PlatformFailed";
  constructor(readonly outcome: Failure) {
    super(outcome.reason);
  }
}

/** What a look at the platform says of an earlier attempt. */
export type Reconciled =
  | { kind: "found"; sent: Sent[] }
  /**
   * Not there. `safeToRepeat` where a repeated attempt of what is missing cannot double: keyed writes, or absent at two
   * looks far enough apart. `parts` are those from the first on that are there.
   */
  | { kind: "absent"; safeToRepeat: boolean; parts?: Sent[] }
  /** `parts`, as above, where some are there and it is not known of the others. */
  | { kind: "unknown"; reason: string; evidence?: Sent[]; parts?: Sent[] };

/** What is known when somebody looks for a post. */
export interface Looked {
  /** Parts that are known to be out. */
  before: Sent[];
  /**
   * When the first of the looks since the last attempt found it absent, in ms since the epoch; null where no look has, or
   * one since has found anything else.
   */
  absentSince: number | null;
  /** Ids of the persona's other posts on this account: one with the same text is not this one. */
  others: ReadonlySet<string>;
}

/** How a post did; null where the platform does not count that. */
export interface Metrics {
  likes: number | null;
  reposts: number | null;
  replies: number | null;
  quotes: number | null;
  bookmarks: number | null;
  impressions: number | null;
  /** Different people. */
  reached: number | null;
  clicks: number | null;
}

/** `gone`: it is not there any more. `not_allowed`: this connection may not know. */
export type Measured = { kind: "counted"; metrics: Metrics } | { kind: "gone" } | { kind: "not_allowed" };

/** What came of a deletion. To repeat one is harmless: whatever is gone already counts as removed. */
export type Removed = { kind: "removed" } | Failure;

/** How much a platform still allows in one of its windows, in its own words. */
export interface LimitWindow {
  /** For example `posts in 15 minutes`; for people, and the same for the same window. */
  name: string;
  /** What it holds up when it is used up: `any` is everything. */
  holds: "publish" | "read" | "any";
  /** 0: the platform does not say how much it was. */
  limit: number;
  remaining: number;
  /** ms since the epoch. */
  resetAt: number;
}

/**
 * Calls that were taken from a window of whose state the platform says nothing: what is left of it is counted here, over
 * restarts too.
 */
export type Taken = Omit<LimitWindow, "remaining"> & { calls: number };

/** What was asked of a platform and what that costs, for the books. */
export interface Spent {
  what: "post" | "reply" | "read" | "delete" | "media" | "other";
  count: number;
  /** Millionths of a US dollar in all; 0 where it costs nothing. */
  microUsd: number;
}

/** What an adapter tells of its calls, as they happen. */
export interface Noted {
  windows?: LimitWindow[];
  taken?: Taken[];
  spent?: Spent[];
  /** How the last call went; `error` is for people. */
  call?: { ok: true } | { ok: false; error: string };
}

/** What a connection is allowed and what it costs. Pure: read from the account and its secret. */
export interface Description {
  limits: {
    /** In one part, in `unit`. */
    maxLength: number;
    unit: "graphemes" | "weighted characters" | "characters";
    /** Parts of a thread. */
    maxParts: number;
    maxImages: number;
    maxImageBytes: number;
  };
  /** Null: only an attempt would tell. */
  may: Record<"post" | "reply" | "media" | "read" | "measure" | "delete" | "readBack", boolean | null>;
  /** What the person did not agree to and a persona needs. */
  missingScopes: string[];
  scopes: string[];
  /** When access ends unless it is renewed, and when a person has to link again, in ms since the epoch; null: not known, or never. */
  accessUntil: number | null;
  leaveUntil: number | null;
  /** For people: what is near its end, or not as it should be. */
  warnings: string[];
  /** Millionths of a US dollar; null where it costs nothing. */
  prices: {
    post: number;
    postWithLink: number;
    reply: number;
    read: number;
    delete: number;
    asOf: string;
    source: string;
  } | null;
  /** `exactly_once`, or at most once and then looked for, or a person decides. */
  promise: "exactly_once" | "at_most_once" | "person_decides";
}

/** What others said to the persona. `text`, `author` and `handle` are foreign words. */
export interface Interaction {
  /** The platform's id; the same interaction always has the same one. */
  id: string;
  kind: "mention" | "reply" | "quote" | "like" | "repost" | "follow";
  authorId: string;
  authorHandle: string;
  text: string;
  /** False where the platform would not take an answer of a program: the author neither named nor quoted the persona (X). */
  summons?: boolean;
  /** True where the account says of itself that a machine writes there. */
  byBot?: boolean;
  /** The platform's id of the post of ours that it is about, if any. */
  about: string | null;
  url: string;
  /** ms since the epoch, as the platform says. */
  at: number;
}

/** A secret that changed by itself (a refreshed session) and must be kept before it is used. */
export type KeepSecret = (value: string) => Promise<void>;

export interface AdapterContext {
  account: Account;
  /** The connection's secret, as `connect` made it: opaque to all but the adapter. */
  secret: string;
  keepSecret: KeepSecret;
  /** Aborts the whole call; every request has a hard deadline besides. */
  signal: AbortSignal;
  /** The bytes of a picture of a post. */
  media(sha256: string): Promise<Uint8Array>;
  /**
   * Leave to write now, asked for once the pictures of a part are there: they take a while, and leave to send does not last.
   * Null is leave, else why not. Where a part has pictures, nothing that people can see is written without it.
   */
  leave(): Promise<string | null>;
  /** Takes note of what a call told and cost; never throws. */
  noted(noted: Noted): void;
}

/** What was found where somebody answers: what the record of the reply has to name. */
export type Found = Pick<ReplyTarget, "id" | "cid" | "root">;

export interface PlatformAdapter {
  /** Finds links, mentions (resolved to accounts) and tags in plain texts; an unknown handle is left as text. */
  prepare(context: AdapterContext, texts: string[]): Promise<Part[]>;
  /** What a reply to the platform's `id` has to name; null where that is not there (any more). */
  findTarget(context: AdapterContext, id: string): Promise<Found | null>;
  /**
   * One attempt to send what is not out yet of the payload; a reply is a payload with a target. `before` are the parts of the
   * thread that are out already. Does not throw.
   */
  publish(context: AdapterContext, payload: Payload, before: Sent[]): Promise<Outcome>;
  /** Looks whether the payload is out. Never writes. */
  reconcile(context: AdapterContext, payload: Payload, looked: Looked): Promise<Reconciled>;
  /** What others said since `cursor` (null: from now back at most 50). */
  poll(
    context: AdapterContext,
    cursor: string | null,
  ): Promise<{ interactions: Interaction[]; cursor: string | null }>;
  /** How posts did, by their ids: an answer for each. */
  metrics(context: AdapterContext, ids: string[]): Promise<Map<string, Measured>>;
  /** Deletes one part by its id. Does not throw. */
  remove(context: AdapterContext, id: string): Promise<Removed>;
  /** Sees that the credentials work, and renews them where their end is near. Does not throw. */
  refresh(context: AdapterContext): Promise<{ kind: "fresh" } | Failure>;
  describe(context: Pick<AdapterContext, "account" | "secret">): Description;
}
