/** Writing and deleting posts, with the rules that X enforces. */
import type { Call } from "./operations.ts";
import { readPostBody } from "./post_body.ts";
import { charge, PRICES } from "./prices.ts";
import {
  type Answer,
  DUPLICATE,
  forbidden,
  invalidRequest,
  NOT_SUMMONED,
  notFound,
  ok,
  outOfCredit,
  problem,
  TOO_LONG,
} from "./problems.ts";
import { comparable, hasInvalidCharacters, type Measured, measured, rendered } from "./text.ts";
import { type Account, accountNamed, addAccount, type Post, type World } from "./world.ts";
import { shownText } from "./views.ts";

/** For so long an equal text is a duplicate; X does not publish its own figure. */
const DUPLICATE_MS = 24 * 3_600_000;

export function createPost(call: Call): Answer {
  const { world, account } = call;
  const body = readPostBody(call.body);
  if ("wrong" in body) return invalidRequest(body.wrong);
  const text = body.text.normalize("NFC");
  const sizes = measured(text);
  const refused = refusedText(world, text, sizes, body.mediaIds.length) ??
    refusedMedia(world, account, body.mediaIds);
  if (refused !== null) return refused;
  if (body.quotes !== null) return forbidden("Quote posts are not available to this app.");

  let summoned = false;
  if (body.replyTo !== null) {
    const target = world.posts.get(body.replyTo);
    if (target === undefined || target.deletedAt !== null) {
      return forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.");
    }
    if (target.authorId !== account.id) {
      if (!mayReply(world, account, target)) return forbidden(NOT_SUMMONED);
      summoned = true;
    }
  }
  if (isDuplicate(world, account, text)) return forbidden(DUPLICATE);

  const price = sizes.links > 0 ? PRICES.postWithLink : summoned ? PRICES.summonedReply : PRICES.post;
  if (!charge(world, price)) return outOfCredit(account.id);
  const post = write(world, account, {
    text,
    replyTo: body.replyTo,
    quotes: null,
    mediaIds: body.mediaIds,
    madeWithAi: body.madeWithAi,
    viaApi: true,
  });
  return ok(
    { data: { id: post.id, text: shownText(world, post).text, edit_history_tweet_ids: [post.id] } },
    201,
  );
}

export function deletePost(call: Call): Answer {
  const id = call.parameters.id ?? "";
  const post = call.world.posts.get(id);
  if (post === undefined || post.deletedAt !== null) {
    const { title, detail, type, ...more } = notFound("tweet", "id", id);
    return problem(404, title, detail, type, more);
  }
  if (post.authorId !== call.account.id) return forbidden("You are not authorized to delete this Tweet.");
  if (!charge(call.world, PRICES.deletion)) return outOfCredit(call.account.id);
  post.deletedAt = call.world.now();
  return ok({ data: { deleted: true } });
}

export interface Said {
  by: string;
  text: string;
  /** Ids of posts. */
  replyTo?: string;
  quotes?: string;
}

/** Someone outside writes: no rule of the API holds. An unknown name becomes an account. */
export function say(world: World, said: Said): Post {
  for (const id of [said.replyTo, said.quotes]) {
    if (id !== undefined && !world.posts.has(id)) throw new Error(`there is no post ${id}`);
  }
  const author = accountNamed(world, said.by) ?? addAccount(world, said.by, said.by);
  return write(world, author, {
    text: said.text.normalize("NFC"),
    replyTo: said.replyTo ?? null,
    quotes: said.quotes ?? null,
    mediaIds: [],
    madeWithAi: false,
    viaApi: false,
  });
}

type NewPost = Pick<Post, "text" | "replyTo" | "quotes" | "mediaIds" | "madeWithAi" | "viaApi">;

function write(world: World, author: Account, of: NewPost): Post {
  const id = world.newId();
  const answered = of.replyTo === null ? undefined : world.posts.get(of.replyTo);
  const post: Post = {
    ...of,
    id,
    authorId: author.id,
    createdAt: world.now(),
    deletedAt: null,
    conversationId: answered?.conversationId ?? id,
    names: [],
    counts: { likes: 0, reposts: 0, bookmarks: 0, impressions: 0 },
  };
  const names = rendered(shownText(world, post).written, id).entities.mentions;
  post.names = names.map(({ username }) => username.toLowerCase());
  world.posts.set(id, post);
  return post;
}

function refusedText(world: World, text: string, sizes: Measured, images: number): Answer | null {
  if (text === "") return images > 0 ? null : invalidRequest({ text: [""] });
  if (hasInvalidCharacters(text)) return invalidRequest({ text: ["invalid characters"] });
  if (!sizes.fits) {
    const status = world.settings.tooLongStatus;
    return problem(status, status === 403 ? "Forbidden" : "Invalid Request", TOO_LONG);
  }
  if (sizes.cashtags > 1) return forbidden("A post may contain one cashtag at most.");
  return null;
}

function refusedMedia(world: World, account: Account, ids: string[]): Answer | null {
  const invalid = (note: string) => ({
    ...problem(400, "Invalid Request", "Your media IDs are invalid."),
    note,
  });
  if (new Set(ids).size < ids.length) return invalid("a media id is there twice");
  for (const id of ids) {
    const media = world.media.get(id);
    if (media === undefined || media.ownerId !== account.id) return invalid(`media ${id} is not yours`);
    if (media.state !== "ready") return invalid(`media ${id} is ${media.state}`);
    if (media.expiresAt <= world.now()) return invalid(`media ${id} has expired`);
    if (media.category === "tweet_gif" && ids.length > 1) return invalid("a GIF stands alone");
  }
  return null;
}

/**
 * Summoned by its author's own words, by a reply to the account (of which X makes a mention) or by a quote, and not answered
 * yet. Not by a name that X only carries on from post to post.
 */
function mayReply(world: World, account: Account, target: Post): boolean {
  const [quoted, answered] = [target.quotes, target.replyTo].map((id) =>
    id === null ? undefined : world.posts.get(id)
  );
  const named = measured(target.text).mentions.some((name) => accountNamed(world, name)?.id === account.id);
  if (!named && quoted?.authorId !== account.id && answered?.authorId !== account.id) return false;
  for (const post of world.posts.values()) {
    if (post.authorId === account.id && post.replyTo === target.id) return false;
  }
  return true;
}

/** Ids of the accounts that a post speaks to: by name, and by being a reply to them. */
export function mentionedIn(world: World, post: Post): Set<string> {
  const ids = new Set<string>();
  for (const name of post.names) {
    const account = accountNamed(world, name);
    if (account !== undefined) ids.add(account.id);
  }
  return ids;
}

function isDuplicate(world: World, account: Account, text: string): boolean {
  if (text === "") return false;
  const wanted = comparable(text);
  const since = world.now() - DUPLICATE_MS;
  for (const post of world.posts.values()) {
    if (post.authorId !== account.id || post.deletedAt !== null || post.createdAt < since) continue;
    if (comparable(post.text) === wanted) return true;
  }
  return false;
}
