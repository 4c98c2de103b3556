/** Timelines, mentions, search and lookups: paged, in order, and paid for. */
import type { Call } from "./operations.ts";
import { mentionedIn } from "./posts.ts";
import { charge, PRICES } from "./prices.ts";
import { type Answer, invalidRequest, notFound, ok, outOfCredit, problem } from "./problems.ts";
import { searchFor } from "./search.ts";
import { type Account, accountNamed, type Post } from "./world.ts";
import { mediaView, postView, userView } from "./views.ts";

/** So far back X's lists reach. */
const NEWEST_OF_TIMELINE = 3_200;
const NEWEST_OF_MENTIONS = 800;
const SEARCH_MS = 7 * 24 * 3_600_000;

export function postsOfUser(call: Call): Answer {
  const user = call.world.accounts.get(call.parameters.id ?? "");
  if (user === undefined) return nothing("user", "id", call.parameters.id ?? "");
  const leaveOut = list(call, "exclude");
  const posts = visible(call).filter((post) => post.authorId === user.id).slice(0, NEWEST_OF_TIMELINE)
    .filter((post) => post.replyTo === null || !leaveOut.includes("replies"));
  return page(call, posts, ownPrice(call, user));
}

export function mentionsOfUser(call: Call): Answer {
  const user = call.world.accounts.get(call.parameters.id ?? "");
  if (user === undefined) return nothing("user", "id", call.parameters.id ?? "");
  const posts = visible(call)
    .filter((post) => post.authorId !== user.id && mentionedIn(call.world, post).has(user.id))
    .slice(0, NEWEST_OF_MENTIONS);
  return page(call, posts, ownPrice(call, user));
}

export function quotesOfPost(call: Call): Answer {
  const id = call.parameters.id ?? "";
  if (!visible(call).some((post) => post.id === id)) return nothing("tweet", "id", id);
  return page(call, visible(call).filter((post) => post.quotes === id), PRICES.readPost);
}

export function searchRecent(call: Call): Answer {
  const matches = searchFor(call.world, call.query.get("query") ?? "");
  if (typeof matches === "string") return invalidRequest({ query: [matches] });
  const since = call.world.now() - SEARCH_MS;
  return page(
    call,
    visible(call).filter((post) => post.createdAt >= since && matches(post)),
    PRICES.readPost,
  );
}

export function postsByIds(call: Call): Answer {
  const posts: Post[] = [];
  const missing: string[] = [];
  for (const id of list(call, "ids")) {
    const post = visible(call).find((one) => one.id === id);
    if (post === undefined) missing.push(id);
    else posts.push(post);
  }
  return withPosts(call, posts, PRICES.readPost, {
    errors: missing.map((id) => notFound("tweet", "ids", id)),
  });
}

export function postById(call: Call): Answer {
  const id = call.parameters.id ?? "";
  const post = visible(call).find((one) => one.id === id);
  if (post === undefined) return ok({ errors: [notFound("tweet", "id", id)] });
  return withPosts(call, [post], PRICES.readPost, { single: true });
}

export function me(call: Call): Answer {
  return withUsers(call, [call.account], [], true);
}

export function userById(call: Call): Answer {
  const id = call.parameters.id ?? "";
  const user = call.world.accounts.get(id);
  return user === undefined
    ? ok({ errors: [notFound("user", "id", id)] })
    : withUsers(call, [user], [], true);
}

export function userByUsername(call: Call): Answer {
  const username = call.parameters.username ?? "";
  const user = accountNamed(call.world, username);
  return user === undefined
    ? ok({ errors: [notFound("user", "username", username)] })
    : withUsers(call, [user], [], true);
}

export function usersByUsernames(call: Call): Answer {
  const users: Account[] = [];
  const missing: unknown[] = [];
  for (const username of list(call, "usernames")) {
    const user = accountNamed(call.world, username);
    if (user === undefined) missing.push(notFound("user", "usernames", username));
    else users.push(user);
  }
  return withUsers(call, users, missing, false);
}

/** Newest first, without what is deleted or, while reads lag, too new. */
function visible(call: Call): Post[] {
  const until = call.world.now() - call.world.settings.lagMs;
  return [...call.world.posts.values()]
    .filter((post) => post.deletedAt === null && post.createdAt <= until)
    .sort((a, b) => newerFirst(a.id, b.id));
}

/** One page of a list, cut to `since_id`, `until_id`, `start_time` and `end_time`. */
function page(call: Call, newest: Post[], price: number): Answer {
  const { query } = call;
  const [sinceId, untilId] = [query.get("since_id"), query.get("until_id")];
  const [from, to] = [query.get("start_time"), query.get("end_time")];
  const asked = newest.filter((post) =>
    (sinceId === undefined || BigInt(post.id) > BigInt(sinceId)) &&
    (untilId === undefined || BigInt(post.id) < BigInt(untilId)) &&
    (from === undefined || post.createdAt >= Date.parse(from)) &&
    (to === undefined || post.createdAt < Date.parse(to))
  );
  const token = query.get("pagination_token") ?? query.get("next_token");
  const after = token === undefined ? null : /^after([0-9]{1,19})$/.exec(token)?.[1];
  if (after === undefined) return invalidRequest({ pagination_token: [token ?? ""] });
  const rest = after === null ? asked : asked.filter((post) => BigInt(post.id) < BigInt(after));
  const size = Number(query.get("max_results") ?? 10);
  const posts = rest.slice(0, size);
  const [first, last] = [posts[0], posts.at(-1)];
  const meta = {
    result_count: posts.length,
    ...(first === undefined || last === undefined ? {} : { newest_id: first.id, oldest_id: last.id }),
    ...(last === undefined || rest.length <= size ? {} : { next_token: `after${last.id}` }),
  };
  return withPosts(call, posts, price, { meta });
}

interface Extra {
  meta?: Record<string, unknown>;
  errors?: unknown[];
  single?: boolean;
}

function withPosts(call: Call, posts: Post[], price: number, extra: Extra): Answer {
  const { world, account, wanted } = call;
  const { users, referenced, media } = included(call, posts);
  const cost = posts.length * price + referenced.length * PRICES.readPost + users.length * PRICES.readUser;
  if (!charge(world, cost)) return outOfCredit(account.id);
  const views = posts.map((post) => postView(world, account, post, wanted));
  const includes = {
    ...some("users", users.map((user) => userView(world, user, wanted))),
    ...some("tweets", referenced.map((post) => postView(world, account, post, wanted))),
    ...some("media", media.map((one) => mediaView(one, wanted))),
  };
  return ok({
    ...(extra.single === true ? { data: views[0] } : some("data", views)),
    ...(Object.keys(includes).length === 0 ? {} : { includes }),
    ...some("errors", extra.errors ?? []),
    ...(extra.meta === undefined ? {} : { meta: extra.meta }),
  });
}

function withUsers(call: Call, users: Account[], errors: unknown[], single: boolean): Answer {
  if (!charge(call.world, users.length * PRICES.readUser)) return outOfCredit(call.account.id);
  const views = users.map((user) => userView(call.world, user, call.wanted));
  return ok({ ...(single ? { data: views[0] } : some("data", views)), ...some("errors", errors) });
}

/** What the expansions of a read add to it. */
function included(call: Call, posts: Post[]) {
  const { world, wanted: { expansions } } = call;
  const users = new Map<string, Account>();
  const referenced = new Map<string, Post>();
  const addUser = (id: string | undefined) => {
    const user = id === undefined ? undefined : world.accounts.get(id);
    if (user !== undefined) users.set(user.id, user);
  };
  for (const post of posts) {
    if (expansions.has("author_id")) addUser(post.authorId);
    if (expansions.has("in_reply_to_user_id") && post.replyTo !== null) {
      addUser(world.posts.get(post.replyTo)?.authorId);
    }
    if (expansions.has("entities.mentions.username")) mentionedIn(world, post).forEach(addUser);
    for (const id of [post.replyTo, post.quotes]) {
      const other = id === null ? undefined : world.posts.get(id);
      if (other === undefined || other.deletedAt !== null) continue;
      if (expansions.has("referenced_tweets.id")) referenced.set(other.id, other);
      if (expansions.has("referenced_tweets.id.author_id")) addUser(other.authorId);
    }
  }
  const media = !expansions.has("attachments.media_keys")
    ? []
    : posts.flatMap((post) => post.mediaIds).flatMap((id) => world.media.get(id) ?? []);
  return { users: [...users.values()], referenced: [...referenced.values()], media };
}

function ownPrice(call: Call, user: Account): number {
  const own = call.world.settings.personaOwnsApp && user.id === call.account.id;
  return own ? PRICES.readOwnPost : PRICES.readPost;
}

function nothing(kind: "tweet" | "user", parameter: string, value: string): Answer {
  const { title, detail, type, ...more } = notFound(kind, parameter, value);
  return problem(404, title, detail, type, more);
}

function list(call: Call, name: string): string[] {
  return call.query.get(name)?.split(",") ?? [];
}

function some<T>(name: string, items: T[]): Record<string, T[]> {
  return items.length === 0 ? {} : { [name]: items };
}

function newerFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? 1 : -1);
}
