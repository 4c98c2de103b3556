/** The strings behind the stage: what tests and people may do to the stand-in, apart from X's own paths. */
import { createFaults, type Fault, FAULTS, isFault } from "./faults.ts";
import type { FourKeys } from "./oauth1.ts";
import { consent, type Decision, grantTo, killTokens, readConsentRequest, SCOPES } from "./oauth2.ts";
import { OPERATIONS } from "./operations.ts";
import { type Said, say } from "./posts.ts";
import { createRequests, type Seen } from "./record.ts";
import { comparable } from "./text.ts";
import {
  type Account,
  addAccount,
  type Counts,
  knownAccount,
  type Post,
  type Settings,
  type Standing,
  type World,
} from "./world.ts";

/** What a persona's connection asks for. */
export const USUAL_SCOPES = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"];

/** A post as it is, whoever may see it already. Times in ms since the epoch. */
export interface SeenPost {
  id: string;
  username: string;
  text: string;
  createdAt: number;
  deletedAt: number | null;
  replyTo: string | null;
  quotes: string | null;
  /** Of its images, in order; null where one has none. */
  altTexts: (string | null)[];
  madeWithAi: boolean;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string | null;
  expiresAt: number;
  scopes: string[];
}

export interface FaultOptions {
  /** Requests that it strikes. @default 1 */
  times?: number;
  /** By name, as in `requests()`; also `token` and `revoke`. @default any */
  operation?: string;
}

export type XControl = ReturnType<typeof createControl>;

export function createControl(world: World, clock: { advance(ms: number): void }) {
  const faults = createFaults();
  const requests = createRequests();
  const broken: string[] = [];
  const operations = [...OPERATIONS.map(({ name }) => name), "token", "revoke"];

  const checkOperation = (name: string) => {
    if (!operations.includes(name)) {
      throw new Error(`"${name}" is no operation; one of: ${operations.join(", ")}`);
    }
  };
  const seen = (post: Post): SeenPost => ({
    id: post.id,
    username: world.accounts.get(post.authorId)?.username ?? "",
    text: post.text,
    createdAt: post.createdAt,
    deletedAt: post.deletedAt,
    replyTo: post.replyTo,
    quotes: post.quotes,
    altTexts: post.mediaIds.map((id) => world.media.get(id)?.altText ?? null),
    madeWithAi: post.madeWithAi,
  });

  return {
    /** Throws where the name is no fault or no operation. */
    fault(fault: Fault, options: FaultOptions = {}): void {
      if (!isFault(fault)) throw new Error(`"${fault}" is no fault; one of: ${FAULTS.join(", ")}`);
      if (options.operation !== undefined) checkOperation(options.operation);
      faults.add(fault, options.times ?? 1, options.operation ?? null);
    },
    clearFaults: () => faults.clear(),
    faults: () => faults.waiting(),

    addAccount: (username: string, name = username): Account => ({ ...addAccount(world, username, name) }),
    account: (username: string): Account => ({ ...knownAccount(world, username) }),
    setStanding(username: string, standing: Standing): void {
      knownAccount(world, username).standing = standing;
    },

    /** Tokens without the way through the browser. `accessLifeMs` may be negative. */
    grant(username: string, options: { scopes?: string[]; accessLifeMs?: number } = {}): Tokens {
      const scopes = options.scopes ?? USUAL_SCOPES;
      const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
      if (unknown !== undefined) throw new Error(`"${unknown}" is no scope`);
      const grant = grantTo(world, knownAccount(world, username), scopes, options.accessLifeMs);
      const { accessToken, refreshToken, accessExpiresAt } = grant;
      return { accessToken, refreshToken, expiresAt: accessExpiresAt, scopes };
    },
    /** The four keys of OAuth 1.0a. */
    userKeys(username: string, options: { mayWrite?: boolean } = {}): FourKeys {
      const accessToken = `${knownAccount(world, username).id}-${world.newSecret("user")}`;
      const accessSecret = world.newSecret("user_secret");
      world.userKeys.set(accessToken, {
        accountId: knownAccount(world, username).id,
        accessToken,
        accessSecret,
        mayWrite: options.mayWrite ?? true,
      });
      const { consumerKey, consumerSecret } = world.app;
      return { consumerKey, consumerSecret, accessToken, accessSecret };
    },
    /** Every token and key of the account is dead, as when its owner removes the app. */
    killTokens: (username: string) => killTokens(world, knownAccount(world, username)),
    /** Access tokens of the account have expired; what renews them still works. */
    expireAccess(username: string): void {
      const { id } = knownAccount(world, username);
      for (const grant of world.grants.values()) {
        if (grant.accountId === id) grant.accessExpiresAt = world.now();
      }
    },
    /** What the person does on the consent page at `address`; gives where their browser goes then. */
    decide(address: string, decision: Decision): string {
      const asked = readConsentRequest(world, new URL(address).searchParams);
      if (typeof asked === "string") throw new Error(`X would show an error: ${asked}`);
      return consent(world, asked, decision);
    },

    /** Someone outside writes, answers or quotes; an unknown name becomes an account. */
    say: (said: Said): SeenPost => seen(say(world, said)),
    setCounts(id: string, counts: Partial<Counts>): void {
      Object.assign(knownPost(world, id).counts, counts);
    },
    /** X knows none of the uploads any more. */
    loseMedia(): void {
      for (const media of world.media.values()) media.expiresAt = world.now();
    },
    /** Its author takes it down on the site. */
    removePost(id: string): void {
      knownPost(world, id).deletedAt ??= world.now();
    },

    set(settings: Partial<Omit<Settings, "limits">>): void {
      const unknown = Object.keys(settings).find((name) => !Object.hasOwn(world.settings, name));
      if (unknown !== undefined) throw new Error(`"${unknown}" is no setting`);
      Object.assign(world.settings, settings);
    },
    /** Requests in each window of 15 minutes; `createPost/day` is the app's day. Counts from now. */
    setLimit(operation: string, most: number): void {
      if (operation !== "createPost/day") checkOperation(operation);
      world.settings.limits.set(operation, most);
      for (const key of world.windows.keys()) {
        if (key === operation || key.startsWith(`${operation} `)) world.windows.delete(key);
      }
    },
    advance: (ms: number) => clock.advance(ms),

    /** What is visible now, oldest first. */
    posts(username?: string): SeenPost[] {
      return [...world.posts.values()].filter((post) => post.deletedAt === null).map(seen)
        .filter((post) => username === undefined || post.username === username);
    },
    /** Every post with that text that was ever made, deleted ones too, oldest first. */
    everPosted(username: string, text: string): SeenPost[] {
      const { id } = knownAccount(world, username);
      return [...world.posts.values()]
        .filter((post) => post.authorId === id && comparable(post.text) === comparable(text)).map(seen);
    },
    /** At most the last 10,000. */
    requests: (operation?: string): Seen[] =>
      requests.all().filter((request) => operation === undefined || request.operation === operation),
    /** How requests and answers broke the specifications; empty also where there are none. At most 1,000. */
    violations: () => [...broken],
    spentMicroUsd: () => world.spentMicroUsd,
    creditMicroUsd: () => world.settings.creditMicroUsd,

    /** For the server. */
    inside: {
      take: (operation: string) => faults.take(operation),
      record: requests.add,
      violated(reasons: string[]): void {
        broken.push(...reasons.slice(0, MAX_VIOLATIONS - broken.length));
      },
    },
  };
}

const MAX_VIOLATIONS = 1_000;

function knownPost(world: World, id: string): Post {
  const post = world.posts.get(id);
  if (post === undefined) throw new Error(`there is no post ${id}`);
  return post;
}
