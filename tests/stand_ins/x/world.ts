/** Everything that the stand-in knows. Plain data: what is done with it lies in the files beside this one. */
import { secretSource, snowflakes } from "./ids.ts";

/** `classic` are the names up to 2.166 of the specification (`tweet.fields`), `current` those from 2.167 on. */
export type Dialect = "classic" | "current";

export type Standing = "active" | "suspended" | "locked";

export interface Account {
  id: string;
  username: string;
  name: string;
  createdAt: number;
  standing: Standing;
}

export interface Counts {
  likes: number;
  reposts: number;
  bookmarks: number;
  impressions: number;
}

export interface Post {
  id: string;
  authorId: string;
  /** As its author wrote it, in NFC: not escaped, links not wrapped. */
  text: string;
  /** ms since the epoch. */
  createdAt: number;
  deletedAt: number | null;
  replyTo: string | null;
  quotes: string | null;
  conversationId: string;
  mediaIds: string[];
  /** In small letters, without `@`: whom it names, and whom a reply begins with by itself. */
  names: string[];
  madeWithAi: boolean;
  /** False for what outsiders wrote through `say`. */
  viaApi: boolean;
  counts: Counts;
}

export type MediaState = "receiving" | "pending" | "ready" | "failed";

export interface Media {
  id: string;
  ownerId: string;
  type: string;
  category: string;
  /** What `initialize` announced; null for an upload in one request. */
  totalBytes: number | null;
  segments: Map<number, Uint8Array>;
  size: number;
  width: number;
  height: number;
  altText: string | null;
  state: MediaState;
  /** STATUS answers that still say `pending`. */
  pendingPolls: number;
  expiresAt: number;
}

/** What OAuth 2.0 gave to an app for an account. */
export interface Grant {
  accountId: string;
  scopes: string[];
  accessToken: string;
  accessExpiresAt: number;
  refreshToken: string | null;
  refreshExpiresAt: number;
}

export interface UserKeys {
  accountId: string;
  accessToken: string;
  accessSecret: string;
  mayWrite: boolean;
}

export interface Code {
  accountId: string;
  redirectUri: string;
  challenge: string;
  scopes: string[];
  expiresAt: number;
  used: boolean;
}

export interface App {
  clientId: string;
  clientSecret: string;
  consumerKey: string;
  consumerSecret: string;
  redirectUris: string[];
}

export type RateLimitShape = "problem" | "code";

export interface Settings {
  /** In which dialect answers are: the one that was asked in, or always the same. */
  answers: "as_asked" | Dialect;
  /** ms for which a new post is not yet in anything that is read. */
  lagMs: number;
  /** Millionths of a dollar that may still be spent. */
  creditMicroUsd: number;
  tooLongStatus: 400 | 403;
  rateLimitShape: RateLimitShape;
  /** The persona's account owns the app, so that its own timeline and mentions are cheap. */
  personaOwnsApp: boolean;
  /** STATUS answers that say `pending` before a finalized upload is ready. */
  mediaPendingPolls: number;
  /** What becomes of a finalized upload in the end. */
  mediaFails: boolean;
  /** By operation, in place of its own limit. */
  limits: Map<string, number>;
}

export interface RateWindow {
  endsAt: number;
  used: number;
}

export interface World {
  now(): number;
  newId(): string;
  newSecret(kind: string): string;
  /** What OAuth 1.0a signatures are made over, whatever address this server has. */
  signedOrigin: string;
  app: App;
  accounts: Map<string, Account>;
  posts: Map<string, Post>;
  media: Map<string, Media>;
  /** By access token; a token that is dead is not in here. */
  grants: Map<string, Grant>;
  /** By refresh token; one that was used is not in here. */
  refreshable: Map<string, Grant>;
  /** By access token of OAuth 1.0a. */
  userKeys: Map<string, UserKeys>;
  codes: Map<string, Code>;
  /** `timestamp nonce token` of signed requests, with when each may be forgotten. */
  nonces: Map<string, number>;
  windows: Map<string, RateWindow>;
  spentMicroUsd: number;
  settings: Settings;
}

export interface WorldOptions {
  now: () => number;
  seed: string;
  signedOrigin: string;
  redirectUris: string[];
  settings: Partial<Settings>;
}

export function createWorld(options: WorldOptions): World {
  const newId = snowflakes(options.now);
  const newSecret = secretSource(options.seed);
  return {
    now: options.now,
    newId,
    newSecret,
    signedOrigin: options.signedOrigin,
    app: {
      clientId: newSecret("client"),
      clientSecret: newSecret("client_secret"),
      consumerKey: newSecret("consumer"),
      consumerSecret: newSecret("consumer_secret"),
      redirectUris: [...options.redirectUris],
    },
    accounts: new Map(),
    posts: new Map(),
    media: new Map(),
    grants: new Map(),
    refreshable: new Map(),
    userKeys: new Map(),
    codes: new Map(),
    nonces: new Map(),
    windows: new Map(),
    spentMicroUsd: 0,
    settings: {
      answers: "as_asked",
      lagMs: 0,
      creditMicroUsd: Number.MAX_SAFE_INTEGER,
      tooLongStatus: 403,
      rateLimitShape: "problem",
      personaOwnsApp: false,
      mediaPendingPolls: 0,
      mediaFails: false,
      limits: new Map(),
      ...options.settings,
    },
  };
}

const USERNAME = /^[A-Za-z0-9_]{1,15}$/;

/** Throws where the name is taken, or could be no name on X. */
export function addAccount(world: World, username: string, name: string): Account {
  if (!USERNAME.test(username)) throw new Error(`"${username}" is no username: 1 to 15 of A-Z a-z 0-9 _`);
  if (accountNamed(world, username) !== undefined) throw new Error(`@${username} exists already`);
  const account: Account = {
    id: world.newId(),
    username,
    name,
    createdAt: world.now(),
    standing: "active",
  };
  world.accounts.set(account.id, account);
  return account;
}

/** Names are the same whatever their case. */
export function accountNamed(world: World, username: string): Account | undefined {
  const wanted = username.toLowerCase();
  for (const account of world.accounts.values()) {
    if (account.username.toLowerCase() === wanted) return account;
  }
}

/** The account of that name; throws where there is none. */
export function knownAccount(world: World, username: string): Account {
  const account = accountNamed(world, username);
  if (account === undefined) throw new Error(`there is no @${username}`);
  return account;
}
