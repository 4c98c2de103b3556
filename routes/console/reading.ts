/** What several pages and the live updates read alike. */
import type { StoredEvent } from "../../db/log/log.ts";
import { heard, personaCards, userNames } from "../../db/read/console.ts";
import { getPosts, listPosts, type PostRead } from "../../db/read/posts.ts";
import type { Sql } from "../../db/sql.ts";
import type { FeedContext } from "./feed_words.ts";
import type { ReviewProps } from "./parts/lists.tsx";

/** Lines of a stream on one page. */
export const FEED_PAGE = 50;
/** Cards on one page. */
export const REVIEW_PAGE = 50;

const OPEN = [
  "draft",
  "pending_review",
  "expired",
  "uncertain",
  "approved",
  "scheduled",
  "publishing",
] as const;

/** What the lines of these events need besides them. */
export async function feedContext(sql: Sql, events: StoredEvent[]): Promise<FeedContext> {
  const streams = events.map((event) => event.stream);
  const postIds = [
    ...new Set(events.map((event) => event.data.postId).filter((id) => typeof id === "string")),
  ];
  const interactionIds = events.filter((event) => event.type === "InteractionReceived")
    .map((event) => String(event.data.interactionId));
  const users = await userNames(sql);
  const personas = await personaCards(sql, streams);
  const posts = await getPosts(sql, postIds);
  const words = await heard(sql, interactionIds);
  return {
    users,
    personas,
    platforms: new Map(posts.map((post) => [post.id, post.platform])),
    heard: new Map(
      [...words].map(([id, { words }]) => [
        id,
        words === null || "removedAt" in words
          ? {
            handle: null,
            text: words === null ? "" : `removed on ${words.removedAt.slice(0, 10)} under rule ${words.rule}`,
          }
          : { handle: words.authorHandle, text: words.text },
      ]),
    ),
  };
}

/** The open posts of one persona or of all, those that need a person first. */
export async function review(
  sql: Sql,
  options: { persona?: string; after?: string | null; now: number },
): Promise<ReviewProps & { next: string | null }> {
  const { persona, after, now } = options;
  const found = await listPosts(sql, { persona, statuses: OPEN, after, limit: REVIEW_PAGE });
  const personas = await personaCards(sql, found.items.map((post) => post.persona));
  const users = await userNames(sql);
  return {
    posts: [...found.items].sort((a, b) => urgency(a) - urgency(b)),
    personas,
    users,
    now,
    named: persona === undefined,
    more: found.next !== null,
    next: found.next,
  };
}

function urgency(post: PostRead): number {
  if (post.status === "uncertain") return 0;
  if (post.status === "draft" && post.writing === "failed") return 1;
  if (post.status === "pending_review") return 2;
  if (post.status === "expired") return 3;
  if (post.status === "draft") return 4;
  return ["publishing", "approved", "scheduled"].indexOf(post.status) + 5;
}
