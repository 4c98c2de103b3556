/** All of one post: the card to act on, and everything that happened to it. */
import type { Stop } from "../../../actors/supervisor/supervisor_port.ts";
import type { StoredEvent } from "../../../db/log/log.ts";
import { eventsOfPost, userNames } from "../../../db/read/console.ts";
import { getPost, type PostRead } from "../../../db/read/posts.ts";
import type { Sql } from "../../../db/sql.ts";
import type { AccountLook } from "../account_words.ts";
import { answerTo, readAccountLook } from "../compose/account.ts";
import { HowItLooks } from "../compose/how_it_looks.tsx";
import { cardOf } from "../context.tsx";
import type { FeedContext } from "../feed_words.ts";
import { readMore } from "../card_more.ts";
import { Card } from "../parts/card.tsx";
import type { CardMore } from "../parts/card_outcome.tsx";
import { Feed } from "../parts/feed.tsx";
import { heldPosts } from "../parts/stops.tsx";
import { Marked } from "../parts/text.tsx";
import { feedContext } from "../reading.ts";
import type { Seen } from "../stop_parts.tsx";

export interface PostPageProps {
  post: PostRead;
  /** Null where the account is not known any more. */
  account: AccountLook | null;
  persona: { name: string; zone: string };
  users: ReadonlyMap<string, string>;
  stops: readonly Stop[];
  events: StoredEvent[];
  more: CardMore | undefined;
  context: FeedContext;
  now: number;
}

export async function readPostPage(
  sql: Sql,
  postId: string,
  { stops, now }: Seen,
): Promise<PostPageProps | null> {
  const post = await getPost(sql, postId);
  if (post === null) return null;
  const events = await eventsOfPost(sql, post.persona, postId);
  return {
    post,
    account: post.account && await readAccountLook(sql, { ...post.account, platform: post.platform }),
    persona: await cardOf(sql, post.persona),
    users: await userNames(sql),
    stops,
    events,
    more: (await readMore(sql, [post], { stops, now })).get(postId),
    context: await feedContext(sql, events),
    now,
  };
}

export function PostPage(
  { post, account, persona, users, stops, events, more, context, now }: PostPageProps,
) {
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
        <Card {...{ post, persona, users, more, now }} held={heldPosts(stops).get(post.id) ?? null} />
        <HowItLooks {...{ post, account }} answers={post.answering && answerTo(more?.answers ?? null)} />
        <p class="small soft">
          {post.brief === "" ? "Written by a person" : (
            <>
              Asked for: <Marked text={post.brief} />
            </>
          )}
        </p>
      </section>
    </div>
  );
}
