/**
 * What a test does to a stand-in and asks of it. Everything takes one object and gives plain data, so that it works
 * the same over HTTP: `POST /_control/NAME` with the object as JSON.
 */
import { addComment } from "./comments.ts";
import { type Fault, type FaultQueue, type FaultRule } from "./faults.ts";
import { visibleText } from "./little_text.ts";
import type { OAuth } from "./oauth.ts";
import { publish } from "./posts.ts";
import { react } from "./reactions.ts";
import type { RequestLog, SeenRequest } from "./requests.ts";
import type { Counts, Image, OrganizationRole, ReactionType, World } from "./world.ts";

export interface SeenPost {
  urn: string;
  activity: string;
  author: string;
  /** What readers see. */
  text: string;
  /** The commentary as it was sent. */
  source: string;
  /** Where it was cut; null: not at all. */
  cutAt: number | null;
  visibility: string;
  content: Record<string, unknown> | null;
  createdAt: number;
  deletedAt: number | null;
}

export interface SeenComment {
  id: string;
  urn: string;
  post: string;
  parent: string | null;
  actor: string;
  text: string;
  createdAt: number;
  deletedAt: number | null;
}

export interface Control {
  /** Switches a fault on, for the next `times` requests whose `METHOD /path` starts with `on`. */
  fail(rule: FaultRule): void;
  /** Ends one fault, or all. */
  mend(which?: { fault?: Fault }): void;
  /** Faults that no request has met yet. */
  faults(): FaultRule[];
  /** Moves the clock ahead. */
  advance(by: { ms: number }): void;
  /** Where the browser would be sent after the member's decision on the authorization page at `url`. */
  consent(asked: { url: string; member: string; allow?: boolean }): string;
  /** A token without the way through the browser. @default scopes: all that the application may ask for */
  grant(to: { member: string; scopes?: string[] }): {
    accessToken: string;
    expiresAt: number;
    refreshToken: string | null;
  };
  /** The member withdraws the leave: 401, code 65601, from now on. */
  revoke(of: { member: string }): void;
  /** A role on a page; null takes it away. */
  setRole(change: { member: string; organization: number; role: OrganizationRole | null }): void;
  /** Retires a version before its time. */
  sunset(which: { version: string }): void;
  /** Somebody posts; `text` is little text, so it may mention a page. Gives the URN. */
  post(made: { by: string; text: string }): string;
  /** Somebody comments on a post, or answers a comment. Gives the URN. */
  comment(made: { on: string; by: string; text: string }): string;
  react(made: { on: string; by: string; type: ReactionType }): void;
  /** The author deletes a post in LinkedIn's own pages. */
  remove(which: { urn: string }): void;
  /** What only LinkedIn counts. */
  measure(counts: { urn: string } & Partial<Counts>): void;
  /** Every post there ever was, oldest first, or those that fit. `visible`: not deleted, or deleted. */
  posts(which?: { author?: string; text?: string; visible?: boolean }): SeenPost[];
  comments(which?: { actor?: string; text?: string; visible?: boolean }): SeenComment[];
  images(): Image[];
  /** Oldest first, at most 10,000. */
  requests(): SeenRequest[];
  /** Those that were refused though no fault had a hand in it: what a client did wrong. */
  refused(): SeenRequest[];
  forgetRequests(): void;
}

export function controlOf(world: World, oauth: OAuth, queue: FaultQueue, log: RequestLog): Control {
  const postOf = (urn: string) => {
    const post = world.post(urn);
    if (post === undefined) throw new RangeError(`no post ${urn}`);
    return post;
  };
  const known = (urn: string) => {
    if (world.name(urn) === undefined) throw new RangeError(`nobody is ${urn}`);
    return urn;
  };
  return {
    fail: (rule) => queue.add(rule),
    mend: (which) => queue.mend(which?.fault),
    faults: () => queue.pending(),
    advance: ({ ms }) => world.advance(ms),
    consent: ({ url, member, allow }) => oauth.consent(url, member, allow ?? true),
    grant: ({ member, scopes }) => {
      known(`urn:li:person:${member}`);
      const { access, refresh } = oauth.grant(member, scopes ?? world.application.scopes);
      return { accessToken: access.text, expiresAt: access.expiresAt, refreshToken: refresh?.text ?? null };
    },
    revoke: ({ member }) => {
      for (const token of world.tokens) if (token.member === member) token.revoked = true;
    },
    setRole: ({ member, organization, role }) => {
      world.roles = world.roles.filter((one) => one.member !== member || one.organization !== organization);
      if (role !== null) world.roles.push({ member, organization, role });
    },
    sunset: ({ version }) => void world.retired.add(version),
    post: ({ by, text }) =>
      publish(world, {
        author: known(by),
        source: text,
        visibility: "PUBLIC",
        distribution: { feedDistribution: "MAIN_FEED" },
        content: undefined,
        reshareDisabled: false,
      }).urn,
    comment: ({ on, by, text }) => {
      const parent = world.comment(on) ?? null;
      return addComment(world, parent?.post ?? postOf(on), parent, known(by), text).urn;
    },
    react: ({ on, by, type }) => void react(world, on, known(by), type),
    remove: ({ urn }) => {
      postOf(urn).deletedAt = world.now();
    },
    measure: ({ urn, ...counts }) => {
      Object.assign(postOf(urn).counts, counts);
    },
    posts: ({ author, text, visible } = {}) =>
      world.posts.map((post): SeenPost => ({
        urn: post.urn,
        activity: post.activity,
        author: post.author,
        text: visibleText(post.elements),
        source: post.source,
        cutAt: post.cutAt,
        visibility: post.visibility,
        content: post.content ?? null,
        createdAt: post.createdAt,
        deletedAt: post.deletedAt,
      })).filter((post) =>
        (author === undefined || post.author === author) && (text === undefined || post.text === text) &&
        (visible === undefined || visible === (post.deletedAt === null))
      ),
    comments: ({ actor, text, visible } = {}) =>
      world.comments.map(({ post, ...comment }): SeenComment => ({ ...comment, post: post.urn })).filter((
        one,
      ) =>
        (actor === undefined || one.actor === actor) && (text === undefined || one.text === text) &&
        (visible === undefined || visible === (one.deletedAt === null))
      ),
    images: () => world.images.map((image) => ({ ...image })),
    requests: () => log.all(),
    refused: () => log.all().filter(({ refusal }) => refusal !== null),
    forgetRequests: () => log.forget(),
  };
}

/** One call over HTTP, its input as JSON; errors are the caller's fault and said plainly. */
export function controlByName(
  control: Control,
  name: string,
  json: string,
): { status: number; body: unknown } {
  const functions = control as unknown as Record<string, (input: unknown) => unknown>;
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known === undefined) {
    return { status: 404, body: { error: `one of ${Object.keys(control).join(", ")}` } };
  }
  try {
    return { status: 200, body: known(json === "" ? undefined : JSON.parse(json)) ?? null };
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
}
