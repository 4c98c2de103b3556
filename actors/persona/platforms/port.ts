/**
 * The one port that every platform stands behind. An adapter runs inside a worker with `net` for its own origins
 * only; it keeps no state but its session, and never retries a publish by itself: what to do next is decided by the
 * persona core from the typed outcome.
 */

export type Platform = "sandbox" | "bluesky";

/** A span of a text that means more than its characters. Offsets are UTF-8 bytes, end exclusive. */
export type Facet =
  & { start: number; end: number }
  & (
    | { kind: "link"; uri: string }
    | { kind: "mention"; handle: string; accountId: string }
    | { kind: "tag"; tag: string }
  );

/** One part of a post; a post with several is a thread. */
export interface Part {
  text: string;
  facets: Facet[];
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
export type Outcome =
  | { kind: "sent"; sent: Sent[] }
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
  constructor(readonly outcome: Exclude<Outcome, { kind: "sent" }>) {
    super(outcome.reason);
  }
}

/** What a look at the platform says of an earlier attempt. */
export type Reconciled =
  | { kind: "found"; sent: Sent[] }
  /** Proven absent; `safeToRepeat` where a repeated attempt cannot double (keyed writes). */
  | { kind: "absent"; safeToRepeat: boolean }
  | { kind: "unknown"; reason: string };

/** What others said to the persona. `text`, `author` and `handle` are foreign words. */
export interface Interaction {
  /** The platform's id; the same interaction always has the same one. */
  id: string;
  kind: "mention" | "reply" | "quote" | "like" | "repost" | "follow";
  authorId: string;
  authorHandle: string;
  text: string;
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
}

export interface PlatformAdapter {
  /** Finds links, mentions (resolved to accounts) and tags in plain texts; an unknown handle is left as text. */
  prepare(context: AdapterContext, texts: string[]): Promise<Part[]>;
  /** One attempt to send parts `from`.. of the payload. `before` are the parts of the thread that are out already. */
  publish(context: AdapterContext, payload: Payload, before: Sent[]): Promise<Outcome>;
  /** Looks whether the payload is out. Never writes. */
  reconcile(context: AdapterContext, payload: Payload): Promise<Reconciled>;
  /** What others said since `cursor` (null: from now back at most 50). */
  poll(
    context: AdapterContext,
    cursor: string | null,
  ): Promise<{ interactions: Interaction[]; cursor: string | null }>;
}
