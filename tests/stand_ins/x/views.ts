/** Posts, accounts and media as X shows them, in classic names, with the fields that were asked for. */
import { shortCode } from "./ids.ts";
import { measured, type Rendered, rendered } from "./text.ts";
import { type Account, accountNamed, type Media, type Post, type World } from "./world.ts";

/** What a read asked for, in classic names. */
export interface Wanted {
  postFields: Set<string>;
  userFields: Set<string>;
  mediaFields: Set<string>;
  expansions: Set<string>;
}

export interface Shown extends Rendered {
  /** As people read it before X escapes and wraps: with the names that a reply begins with. */
  written: string;
  /** Where in `text` its author's own words are. */
  range: [number, number];
}

/**
 * The text that X gives back: a reply begins with the names of whom it speaks to, its author's and those that what it
 * answers speaks to, and media end it with a link, none of which its author wrote.
 */
export function shownText(world: World, post: Post): Shown {
  const answered = post.replyTo === null ? undefined : world.posts.get(post.replyTo);
  const author = answered === undefined ? undefined : world.accounts.get(answered.authorId);
  const own = measured(post.text).mentions;
  const prefix = [author, ...(answered?.names ?? []).map((name) => accountNamed(world, name))]
    .filter((account) => account !== undefined && account.id !== post.authorId)
    .map((account) => account?.username ?? "")
    .filter((name, at, all) => all.indexOf(name) === at && !own.some((other) => sameName(other, name)))
    .map((name) => `@${name} `).join("");
  const written = `${prefix}${post.text}`;
  const shown = rendered(written, post.id);
  const end = [...shown.text].length;
  const range: [number, number] = [prefix.length, end];
  if (post.mediaIds.length === 0) return { ...shown, written, range };
  const link = `https://t.co/${shortCode(`${post.id}/media`)}`;
  const gap = shown.text === "" ? "" : " ";
  const start = end + gap.length;
  const owner = world.accounts.get(post.authorId)?.username ?? "i";
  shown.entities.urls.push(...post.mediaIds.map((id) => ({
    start,
    end: start + link.length,
    url: link,
    expanded_url: `https://x.com/${owner}/status/${post.id}/photo/1`,
    display_url: `pic.x.com/${link.slice(-10)}`,
    media_key: mediaKey(id),
  })));
  return { ...shown, text: `${shown.text}${gap}${link}`, written, range };
}

export function postView(world: World, viewer: Account, post: Post, wanted: Wanted): Record<string, unknown> {
  const shown = shownText(world, post);
  const answered = post.replyTo === null ? undefined : world.posts.get(post.replyTo);
  const all: Record<string, unknown> = {
    author_id: post.authorId,
    created_at: new Date(post.createdAt).toISOString(),
    conversation_id: post.conversationId,
    display_text_range: shown.range,
    lang: "en",
    source: post.viaApi ? "Stand-in app" : "X Web App",
    reply_settings: "everyone",
    possibly_sensitive: false,
    in_reply_to_user_id: answered?.authorId,
    referenced_tweets: referenced(post),
    entities: entitiesOf(world, shown),
    attachments: post.mediaIds.length === 0 ? undefined : { media_keys: post.mediaIds.map(mediaKey) },
    edit_controls: {
      edits_remaining: 5,
      is_edit_eligible: false,
      editable_until: new Date(post.createdAt + 3_600_000).toISOString(),
    },
    public_metrics: {
      retweet_count: post.counts.reposts,
      reply_count: countOf(world, (other) => other.replyTo === post.id),
      like_count: post.counts.likes,
      quote_count: countOf(world, (other) => other.quotes === post.id),
      bookmark_count: post.counts.bookmarks,
      impression_count: post.counts.impressions,
    },
    non_public_metrics: post.authorId === viewer.id
      ? { impression_count: post.counts.impressions }
      : undefined,
  };
  const view: Record<string, unknown> = {
    id: post.id,
    text: shown.text,
    edit_history_tweet_ids: [post.id],
  };
  for (const field of wanted.postFields) {
    if (all[field] !== undefined) view[field] = all[field];
  }
  return view;
}

export function userView(world: World, account: Account, wanted: Wanted): Record<string, unknown> {
  const all: Record<string, unknown> = {
    created_at: new Date(account.createdAt).toISOString(),
    description: "",
    protected: false,
    verified: false,
    verified_type: "none",
    profile_image_url: `https://pbs.twimg.com/profile_images/${account.id}/normal.png`,
    public_metrics: {
      followers_count: 0,
      following_count: 0,
      listed_count: 0,
      tweet_count: countOf(world, (post) => post.authorId === account.id),
    },
  };
  const view: Record<string, unknown> = { id: account.id, name: account.name, username: account.username };
  for (const field of wanted.userFields) {
    if (all[field] !== undefined) view[field] = all[field];
  }
  return view;
}

export function mediaView(media: Media, wanted: Wanted): Record<string, unknown> {
  const all: Record<string, unknown> = {
    alt_text: media.altText ?? undefined,
    height: media.height,
    width: media.width,
    url: `https://pbs.twimg.com/media/${media.id}`,
  };
  const type = media.category === "tweet_gif" ? "animated_gif" : "photo";
  const view: Record<string, unknown> = { media_key: mediaKey(media.id), type };
  for (const field of wanted.mediaFields) {
    if (all[field] !== undefined) view[field] = all[field];
  }
  return view;
}

/** 3 is what X puts before images. */
export function mediaKey(id: string): string {
  return `3_${id}`;
}

function referenced(post: Post): { type: string; id: string }[] | undefined {
  const list = [];
  if (post.replyTo !== null) list.push({ type: "replied_to", id: post.replyTo });
  if (post.quotes !== null) list.push({ type: "quoted", id: post.quotes });
  return list.length === 0 ? undefined : list;
}

/** Only the kinds that are there, and none at all where nothing is: so does X. */
function entitiesOf(world: World, shown: Shown): Record<string, unknown> | undefined {
  const mentions = shown.entities.mentions.map((mention) => {
    const id = accountNamed(world, mention.username)?.id;
    return id === undefined ? mention : { ...mention, id };
  });
  const kinds = Object.entries({ ...shown.entities, mentions }).filter(([, list]) => list.length > 0);
  return kinds.length === 0 ? undefined : Object.fromEntries(kinds);
}

function countOf(world: World, which: (post: Post) => boolean): number {
  let count = 0;
  for (const post of world.posts.values()) if (post.deletedAt === null && which(post)) count++;
  return count;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
