/** All of one post: the card to act on, and everything that happened to it. */
import type { StoredEvent } from "../../../db/log/log.ts";
import { eventsOfPost, userNames } from "../../../db/read/console.ts";
import { getPost, type PostRead } from "../../../db/read/posts.ts";
import type { Sql } from "../../../db/sql.ts";
import { cardOf } from "../context.tsx";
import type { FeedContext } from "../feed_words.ts";
import { Card } from "../parts/card.tsx";
import { Feed } from "../parts/feed.tsx";
import { Marked } from "../parts/text.tsx";
import { feedContext } from "../reading.ts";

export interface PostPageProps {
  post: PostRead;
  persona: { name: string; zone: string };
  users: ReadonlyMap<string, string>;
  events: StoredEvent[];
  context: FeedContext;
  now: number;
}

export async function readPostPage(sql: Sql, postId: string, now: number): Promise<PostPageProps | null> {
  const post = await getPost(sql, postId);
  if (post === null) return null;
  const events = await eventsOfPost(sql, post.persona, postId);
  return {
    post,
    persona: await cardOf(sql, post.persona),
    users: await userNames(sql),
    events,
    context: await feedContext(sql, events),
    now,
  };
}

export function PostPage({ post, persona, users, events, context, now }: PostPageProps) {
  return (
    <div class="cols">
      <section aria-label="What happened to it">
        <div class="head">
          <h2>What happened to it</h2>
          <span>newest first</span>
        </div>
        <Feed
          id={`feed-post-${post.id}`}
          events={[...events].reverse()}
          named={false}
          zone={persona.zone}
          {...{ context, now }}
        />
      </section>
      <section aria-label="The post">
        <Card {...{ post, persona, users, now }} />
        <p class="small soft">
          Asked for: <Marked text={post.brief} />
        </p>
      </section>
    </div>
  );
}
