/** Posts as X shows them, in either of its two vocabularies (`referenced_tweets` became `referenced_posts`). */
import { asObject } from "./request.ts";
import { isShort, type Shown } from "./same_text.ts";
import { isHandle, isId } from "./ids.ts";

/** Fields of posts that are read; asked for in the older vocabulary, which X takes still. */
export const POST_FIELDS =
  "author_id,created_at,display_text_range,entities,in_reply_to_user_id,referenced_tweets";

export interface XPost extends Shown {
  id: string;
  authorId: string | null;
  /** ms since the epoch; null where X does not say. */
  at: number | null;
  repliesTo: string | null;
  quotes: string | null;
  inReplyToUserId: string | null;
  /** Whom its author named: not those whom X puts before a reply. */
  named: { id: string | null; handle: string }[];
}

export interface Page {
  posts: XPost[];
  /** Names of accounts by id, where they were asked for. */
  handles: Map<string, string>;
  next: string | null;
}

/** The longest post of a subscriber has 25,000 characters, and its escapes. */
const MAX_TEXT = 100_000;
/** Past these, links are what X made of them. */
const MAX_LINKS = 100;
const MAX_LINK = 4_096;

/** Null where it is not the whole of a page: an absence may be read from a well-formed one only. */
export function readPage(body: Record<string, unknown>): Page | null {
  const meta = asObject(body.meta);
  const list = body.data ?? [];
  if (meta === null || !Array.isArray(list) || meta.result_count !== list.length) return null;
  const posts = list.map(readPost);
  if (posts.some((post) => post === null)) return null;
  const users = asObject(body.includes)?.users;
  const handles = (Array.isArray(users) ? users : []).map(asObject)
    .flatMap((user) => isId(user?.id) && isHandle(user.username) ? [[user.id, user.username] as const] : []);
  const { next_token } = meta;
  return {
    posts: posts.filter((post) => post !== null),
    handles: new Map(handles),
    next: typeof next_token === "string" && next_token !== "" ? next_token : null,
  };
}

function readPost(value: unknown): XPost | null {
  const post = asObject(value);
  if (post === null || !isId(post.id) || typeof post.text !== "string" || post.text.length > MAX_TEXT) {
    return null;
  }
  const referenced = post.referenced_tweets ?? post.referenced_posts;
  const references = (Array.isArray(referenced) ? referenced : []).map(asObject);
  const idOf = (type: string) => {
    const id = references.find((reference) => reference?.type === type)?.id;
    return isId(id) ? id : null;
  };
  const urls = asObject(post.entities)?.urls;
  const postId = post.id;
  const at = typeof post.created_at === "string" ? Date.parse(post.created_at) : NaN;
  const repliesTo = idOf("replied_to");
  return {
    id: postId,
    text: post.text,
    links: (Array.isArray(urls) ? urls : []).slice(0, MAX_LINKS).map(asObject).flatMap((url) =>
      readLink(url, postId)
    ),
    isReply: repliesTo !== null,
    authorId: isId(post.author_id) ? post.author_id : null,
    at: Number.isNaN(at) ? null : at,
    repliesTo,
    quotes: idOf("quoted"),
    inReplyToUserId: isId(post.in_reply_to_user_id) ? post.in_reply_to_user_id : null,
    named: readNamed(post),
  };
}

function readNamed(post: Record<string, unknown>): XPost["named"] {
  const range = post.display_text_range;
  const from = Array.isArray(range) && typeof range[0] === "number" ? range[0] : 0;
  const mentions = asObject(post.entities)?.mentions;
  return (Array.isArray(mentions) ? mentions : []).map(asObject)
    .filter((mention) => typeof mention?.start !== "number" || mention.start >= from)
    .map((mention) => ({
      id: isId(mention?.id) ? mention.id : null,
      handle: isHandle(mention?.username) ? mention.username.toLowerCase() : "",
    }));
}

function readLink(url: Record<string, unknown> | null, postId: string): Shown["links"] {
  if (!isShort(url?.url) || typeof url?.expanded_url !== "string") return [];
  if (url.expanded_url.length > MAX_LINK) return [];
  const leadsToMedia = new RegExp(`/status/${postId}/(?:photo|video)/`).test(url.expanded_url);
  return [{
    short: url.url,
    expanded: url.expanded_url,
    isMedia: typeof url.media_key === "string" || leadsToMedia,
  }];
}
