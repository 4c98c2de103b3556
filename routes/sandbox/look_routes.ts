/** Reading the sandbox: one's own posts, a conversation, counts, and what one is told. */
import { z } from "zod";
import { SANDBOX_LIMITS } from "../../actors/persona/platforms/sandbox/limits.ts";
import { sandboxOwnPosts, sandboxPosts, sandboxThread } from "../../db/sandbox/look.ts";
import { sandboxNotices } from "../../db/sandbox/notices.ts";
import { sandboxAccountsByHandle } from "../../db/sandbox/sandbox.ts";
import {
  checked,
  Key,
  MAX_ID,
  refuse,
  type SandboxHono,
  type SandboxOptions,
  shownPost,
  Whole,
} from "./parts.ts";

/** Notices, or own posts, in one page. */
const PAGE = 50;

const list = (item: z.ZodString, most: number) =>
  z.string().transform((text) => text.split(",")).pipe(z.array(item).min(1).max(most));

const Timeline = z.strictObject({
  /** Only posts under these keys, deleted ones too. */
  keys: list(Key, SANDBOX_LIMITS.maxLookedUp).optional(),
  before: Whole(0, Number.MAX_SAFE_INTEGER).optional(),
  /** With `keys` all that are there. */
  limit: Whole(1, PAGE).default(PAGE),
});
const { maxLookedUp } = SANDBOX_LIMITS;
const Ids = z.strictObject({ id: z.array(z.string().min(1).max(MAX_ID)).min(1).max(maxLookedUp) });
const Handles = z.strictObject({ handles: list(z.string().min(1).max(100), maxLookedUp) });
const Notifications = z.strictObject({ after: Whole(0, Number.MAX_SAFE_INTEGER).default(0) });

export function addLooks(app: SandboxHono, options: SandboxOptions): void {
  const { sql, postUrl, accountUrl = () => "" } = options;

  app.get("/account", (c) => c.json(c.get("account")));

  app.get("/accounts", async (c) => {
    const query = checked(c, Handles, c.req.query());
    if (query instanceof Response) return query;
    return c.json({ items: await sandboxAccountsByHandle(sql, query.value.handles) });
  });

  app.get("/timeline", async (c) => {
    const query = checked(c, Timeline, c.req.query());
    if (query instanceof Response) return query;
    const { keys = null, before = null, limit } = query.value;
    const posts = await sandboxOwnPosts(sql, { accountId: c.get("account").id, keys, before, limit });
    return c.json({
      items: posts.map((post) => shownPost(post, postUrl)),
      cursor: posts.length === limit ? String(posts.at(-1)?.seq) : null,
    });
  });

  app.get("/threads/:id", async (c) => {
    const thread = await sandboxThread(sql, c.req.param("id"));
    if (thread === null) return refuse(c, 404, "no such post");
    return c.json({
      ancestors: thread.ancestors.map((post) => shownPost(post, postUrl)),
      post: shownPost(thread.post, postUrl),
      replies: thread.replies.map((post) => shownPost(post, postUrl)),
    });
  });

  app.get("/metrics", async (c) => {
    // An id may hold anything but is one parameter: `?id=…&id=…`.
    const query = checked(c, Ids, c.req.queries());
    if (query instanceof Response) return query;
    const posts = await sandboxPosts(sql, query.value.id);
    return c.json({
      items: query.value.id.map((id) => {
        const post = posts.get(id);
        if (post === undefined || post.deleted) return { id, counts: null };
        const { likes, replies, reposts, quotes } = post;
        return { id, counts: { likes, replies, reposts, quotes } };
      }),
    });
  });

  app.get("/notifications", async (c) => {
    const query = checked(c, Notifications, c.req.query());
    if (query instanceof Response) return query;
    const { after } = query.value;
    const items = await sandboxNotices(sql, c.get("account").id, after, PAGE);
    return c.json({
      items: items.map(({ id, kind, text, about, postId, at, actorId, handle, name, bot }) => {
        const place = postId ?? about;
        return {
          id,
          kind,
          text,
          about,
          at,
          author: { id: actorId, handle, name, bot },
          url: place === null ? accountUrl(handle) : postUrl(place),
        };
      }),
      cursor: String(items.at(-1)?.seq ?? after),
    });
  });
}
