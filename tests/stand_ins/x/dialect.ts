/** The two vocabularies of X's API. Inside, everything has its classic name; only what is sent is translated. */
import type { Dialect } from "./world.ts";

const KEYS: Record<string, string> = {
  edit_history_tweet_ids: "edit_history_post_ids",
  most_recent_tweet_id: "most_recent_post_id",
  note_tweet: "note_post",
  pinned_tweet_id: "pinned_post_id",
  referenced_tweets: "referenced_posts",
  retweet_count: "repost_count",
  tweet_count: "post_count",
  tweets: "posts",
};

const PROBLEMS_BEFORE = "https://api.twitter.com/2/problems/";
const PROBLEMS_SINCE = "https://api.x.com/2/problems/";

/** An answer's body in that dialect. Values are left alone, but for the addresses of problems. */
export function inDialect(body: unknown, dialect: Dialect): unknown {
  if (dialect === "classic") return body;
  if (Array.isArray(body)) return body.map((item) => inDialect(item, dialect));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      KEYS[key] ?? key,
      key === "type" && typeof value === "string"
        ? value.replace(PROBLEMS_BEFORE, PROBLEMS_SINCE)
        : inDialect(value, dialect),
    ]),
  );
}

/** A list in a query (`tweet.fields`, `post.fields`, `expansions`) as classic names. */
export function classicNames(names: readonly string[]): string[] {
  return names.map((name) => CLASSIC[name] ?? name);
}

const CLASSIC: Record<string, string> = {
  ...Object.fromEntries(Object.entries(KEYS).map(([classic, current]) => [current, classic])),
  affiliation: "affiliation.user_id",
  referenced_posts: "referenced_tweets.id",
};
