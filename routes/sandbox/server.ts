/**
 * The sandbox network over HTTP, on one loopback origin: actors reach it as they reach the real ones. Keyed writes:
 * the same key with the same content is a no-op, with other content a conflict.
 */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import {
  putSandboxPost,
  sandboxAccountByToken,
  sandboxPostById,
  sandboxPostByKey,
  sandboxReplies,
} from "../../db/sandbox/sandbox.ts";
import type { SandboxAccount, SandboxPost } from "../../db/sandbox/sandbox.ts";
import type { Sql } from "../../db/sql.ts";
import { hashJson } from "../../actors/persona/content.ts";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { graphemes, storable } from "../../actors/persona/text.ts";
import { answersTo } from "./audience.ts";

const MAX_BODY = 64 * 1024;
/** Answers in one page of notifications. */
const PAGE = 50;

const Post = z.strictObject({
  text: z.string().min(1).refine((text) => text === storable(text), "holds characters that are no text")
    .refine(
      (text) => graphemes(text) <= limitsOf("sandbox").maxGraphemes,
      "is too long",
    ),
  language: z.string().min(2).max(35),
  createdAt: z.iso.datetime(),
  replyTo: z.string().max(100).nullable().default(null),
});

export interface SandboxOptions {
  sql: Sql;
  now(): number;
  /** Where a person opens a post: the console's own address of it. */
  postUrl(id: string): string;
}

/** SHA-256 (hex) of an account's token, as the table keeps it. */
export const sandboxTokenHash = (token: string): string => hashJson({ sandboxToken: token });

export function sandboxApp(
  { sql, now, postUrl }: SandboxOptions,
): Hono<{ Variables: { account: SandboxAccount } }> {
  const app = new Hono<{ Variables: { account: SandboxAccount } }>();

  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => c.json({ error: "the body is too large" }, 413) }));
  app.use(async (c, next) => {
    const token = c.req.header("authorization")?.match(/^Bearer (\S{1,200})$/)?.[1];
    const account = token === undefined ? null : await sandboxAccountByToken(sql, sandboxTokenHash(token));
    if (account === null) return c.json({ error: "no such account" }, 401);
    c.set("account", account);
    await next();
  });

  const answer = (post: SandboxPost) => ({ id: post.id, url: postUrl(post.id), text: post.text });

  app.put("/posts/:key", async (c) => {
    const body = Post.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400);
    const key = c.req.param("key");
    if (!/^[\w-]{1,100}$/.test(key)) {
      return c.json({ error: "a key has 1 to 100 letters, digits or hyphens" }, 400);
    }
    const account = c.get("account");
    const { text, language, createdAt, replyTo } = body.data;
    if (replyTo !== null && await sandboxPostById(sql, replyTo) === null) {
      return c.json({ error: "the post that this answers is not there" }, 404);
    }
    const id = `${account.id}.${key}`;
    const content = { text, language, reply_to: replyTo, created_at: createdAt };
    const seed = Number.parseInt(hashJson(content).slice(0, 8), 16);
    const answers = answersTo(text, seed);
    const at = now();
    const { post, made } = await putSandboxPost(
      sql,
      { id, account_id: account.id, key, ...content },
      answers.map((one, index) => ({
        id: `${id}.${index}`,
        account_id: one.voice.id,
        key: `${id}.${index}`,
        text: one.text,
        language: "en",
        reply_to: id,
        created_at: new Date(at + one.afterMs).toISOString(),
      })),
      answers.map((one) => ({ ...one.voice, createdAt: new Date(at).toISOString() })),
    );
    const same = post.text === text && post.language === language && post.reply_to === replyTo &&
      Date.parse(post.created_at) === Date.parse(createdAt);
    if (!same) return c.json({ error: "another post is stored under this key" }, 409);
    return c.json(answer(post), made ? 201 : 200);
  });

  app.get("/posts/:key", async (c) => {
    const post = await sandboxPostByKey(sql, c.get("account").id, c.req.param("key"));
    return post === null ? c.json({ error: "no such post" }, 404) : c.json(answer(post));
  });

  app.get("/notifications", async (c) => {
    const after = Number(c.req.query("after") ?? "0");
    if (!Number.isSafeInteger(after) || after < 0) {
      return c.json({ error: "`after` must be a whole number" }, 400);
    }
    const items = await sandboxReplies(sql, c.get("account").id, after, new Date(now()).toISOString(), PAGE);
    return c.json({
      items: items.map((item) => ({
        id: item.id,
        text: item.text,
        about: item.about,
        at: item.created_at,
        author: { id: item.account_id, handle: item.handle },
        url: postUrl(item.id),
      })),
      cursor: String(items.at(-1)?.seq ?? after),
    });
  });

  app.onError((error, c) => {
    console.error(`sandbox: ${error.message}`);
    return c.json({ error: "the sandbox failed" }, 500);
  });
  return app;
}
