/** The LinkedIn of a stand-in: people, pages, what they wrote, and who gave which application leave. */
import { createHash } from "node:crypto";
import type { LittleElement } from "./little_text.ts";

export type OrganizationRole =
  | "ADMINISTRATOR"
  | "CONTENT_ADMINISTRATOR"
  | "DIRECT_SPONSORED_CONTENT_POSTER"
  | "RECRUITING_POSTER"
  | "ANALYST";

export const REACTION_TYPES = [
  "LIKE",
  "PRAISE",
  "EMPATHY",
  "INTEREST",
  "APPRECIATION",
  "ENTERTAINMENT",
] as const;
export type ReactionType = typeof REACTION_TYPES[number];

export interface Application {
  clientId: string;
  clientSecret: string;
  /** Compared character by character. */
  redirectUris: string[];
  /** What its products let it ask for. */
  scopes: string[];
  /** Whether it is a partner whose grants come with refresh tokens. */
  refresh: boolean;
}

export interface Member {
  /** Of `urn:li:person:…`, and `sub` in userinfo. */
  id: string;
  givenName: string;
  familyName: string;
  email: string;
}

export interface Organization {
  id: number;
  name: string;
  vanityName: string;
}

export interface Role {
  member: string;
  organization: number;
  role: OrganizationRole;
}

export interface Post {
  urn: string;
  /** The thread that its comments hang on; not the same number as `urn`. */
  activity: string;
  author: string;
  elements: LittleElement[];
  /** The commentary as it was sent. */
  source: string;
  /** Where `source` was cut; null: not at all. */
  cutAt: number | null;
  /** Equal for duplicates. */
  likeness: string;
  visibility: string;
  distribution: Record<string, unknown>;
  content: Record<string, unknown> | undefined;
  reshareDisabled: boolean;
  /** ms since the epoch, as all times here. */
  createdAt: number;
  deletedAt: number | null;
  counts: Counts;
}

/** What only LinkedIn counts: set by a test. */
export interface Counts {
  impressions: number;
  membersReached: number;
  clicks: number;
  reshares: number;
}

export interface Comment {
  id: string;
  urn: string;
  post: Post;
  parent: string | null;
  actor: string;
  text: string;
  createdAt: number;
  deletedAt: number | null;
}

export interface Reaction {
  actor: string;
  /** URN of the post's activity or of a comment. */
  root: string;
  type: ReactionType;
  createdAt: number;
}

export interface Image {
  urn: string;
  owner: string;
  uploadPath: string;
  uploadUntil: number;
  status: "WAITING_UPLOAD" | "PROCESSING" | "AVAILABLE" | "PROCESSING_FAILED";
  bytes: number;
  sha256: string;
}

export interface Notification {
  id: number;
  organization: string;
  action: "COMMENT" | "ADMIN_COMMENT" | "SHARE_MENTION" | "LIKE";
  at: number;
  post: Post;
  comment: Comment | null;
}

export interface Token {
  text: string;
  kind: "access" | "refresh";
  member: string;
  scopes: string[];
  authorizedAt: number;
  createdAt: number;
  expiresAt: number;
  revoked: boolean;
}

export interface WorldOptions {
  /** ms since the epoch. @default Date.now */
  now?: () => number;
  application?: Partial<Application>;
  members?: Member[];
  organizations?: Organization[];
  roles?: Role[];
  /** Calls a day until 429, reset at 00:00 UTC. @default 500 and 100, those of the development tier */
  limits?: { application: number; member: number };
  /** Whether `w_member_social` is enough to comment as a member. @default true */
  memberMayComment?: boolean;
}

export const SELF_SERVE_SCOPES = ["openid", "profile", "email", "w_member_social"];
export const COMMUNITY_SCOPES = [
  ...SELF_SERVE_SCOPES,
  "w_member_social_feed",
  "r_member_postAnalytics",
  "w_organization_social",
  "r_organization_social",
  "w_organization_social_feed",
  "r_organization_social_feed",
  "rw_organization_admin",
];

const FIRST_ID = 7_400_000_000_000_000_000n;
const ID_STEP = 1_000_003n;
const TOKEN_LENGTH = 500;
const FIRST_NOTIFICATION = 5_600_000_001;

export class World {
  readonly application: Application;
  readonly members: Member[];
  readonly organizations: Organization[];
  roles: Role[];
  readonly limits: { application: number; member: number };
  readonly memberMayComment: boolean;
  readonly posts: Post[] = [];
  readonly comments: Comment[] = [];
  readonly images: Image[] = [];
  readonly notifications: Notification[] = [];
  readonly tokens: Token[] = [];
  reactions: Reaction[] = [];
  /** Versions that were retired before their time. */
  readonly retired = new Set<string>();
  readonly #now: () => number;
  #aheadMs = 0;
  #made = 0n;

  constructor(options: WorldOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.application = {
      clientId: "86standin0client",
      clientSecret: "WPL_AP1.loopback5ecret",
      redirectUris: ["http://127.0.0.1:8000/connections/linkedin/callback"],
      scopes: COMMUNITY_SCOPES,
      refresh: false,
      ...options.application,
    };
    this.members = options.members ?? [
      { id: "mAr1s0l-Q", givenName: "Marisol", familyName: "Reyes", email: "marisol@example.org" },
      { id: "t0m_Visit", givenName: "Tomáš", familyName: "Novák", email: "tomas@example.org" },
    ];
    this.organizations = options.organizations ?? [
      { id: 77001, name: "Tide & Table", vanityName: "tide-and-table" },
      { id: 77002, name: "Northern Trams", vanityName: "northern-trams" },
    ];
    this.roles = options.roles ?? [{ member: "mAr1s0l-Q", organization: 77001, role: "ADMINISTRATOR" }];
    this.limits = options.limits ?? { application: 500, member: 100 };
    this.memberMayComment = options.memberMayComment ?? true;
  }

  now(): number {
    return this.#now() + this.#aheadMs;
  }

  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`ms must be 0 or more, not ${ms}`);
    this.#aheadMs += ms;
  }

  /** The same sequence in each world. */
  nextId(): string {
    return String(FIRST_ID + ID_STEP * this.#made++);
  }

  /** A bearer token or code, as long as the real ones; the same sequence in each world. */
  nextSecret(prefix: string, length = TOKEN_LENGTH): string {
    let text = prefix;
    while (text.length < length) {
      text += createHash("sha256").update(`${text}${this.#made++}${this.application.clientSecret}`).digest(
        "base64url",
      );
    }
    return text.slice(0, length);
  }

  member(id: string): Member | undefined {
    return this.members.find((member) => member.id === id);
  }

  organization(urn: string): Organization | undefined {
    return this.organizations.find(({ id }) => `urn:li:organization:${id}` === urn);
  }

  /** The post with this share, ugcPost or activity URN, unless it was deleted. */
  post(urn: string): Post | undefined {
    return this.posts.find((post) => (post.urn === urn || post.activity === urn) && post.deletedAt === null);
  }

  /** The comment with this URN, whichever of its post's URNs stands in it, unless it was deleted. */
  comment(urn: string): Comment | undefined {
    const [, thread = "", id = ""] = /^urn:li:comment:\((.+),(\d+)\)$/.exec(urn) ?? [];
    return this.comments.find((comment) =>
      comment.id === id && comment.deletedAt === null && this.post(thread) === comment.post
    );
  }

  notify(news: Omit<Notification, "id" | "at">): void {
    this.notifications.push({ ...news, id: FIRST_NOTIFICATION + this.notifications.length, at: this.now() });
  }

  name(urn: string): string | undefined {
    const member = this.member(urn.replace("urn:li:person:", ""));
    return member === undefined ? this.organization(urn)?.name : `${member.givenName} ${member.familyName}`;
  }
}
