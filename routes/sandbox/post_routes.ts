/**
 * Writing to the sandbox: posts under a key, pictures under their hash. The same key with the same content is a no-op
 * with the same answer, with other content a conflict, and after a deletion gone for good.
 */
import { z } from "zod";
import { limitsOf } from "../../actors/persona/platforms/limits.ts";
import { SANDBOX_LIMITS } from "../../actors/persona/platforms/sandbox/limits.ts";
import { graphemes, storable } from "../../actors/persona/text.ts";
import { putSandboxBlob, sandboxBlob } from "../../db/sandbox/blobs.ts";
import { deleteSandboxPost, putSandboxPost } from "../../db/sandbox/posts.ts";
import { sandboxOwnPosts } from "../../db/sandbox/look.ts";
import { imageType } from "./images.ts";
import {
  checked,
  jsonOf,
  Key,
  MAX_ID,
  refuse,
  type SandboxHono,
  type SandboxOptions,
  Sha256,
  shownPost,
} from "./parts.ts";

const LIMITS = limitsOf("sandbox");
const Words = z.string().refine((text) => text === storable(text), "holds characters that are no text");

const Post = z.strictObject({
  text: Words.min(1).refine((text) => graphemes(text) <= LIMITS.maxLength, "is too long"),
  language: z.string().min(2).max(35),
  createdAt: z.iso.datetime(),
  replyTo: z.string().max(MAX_ID).nullable().default(null),
  quoteOf: z.string().max(MAX_ID).nullable().default(null),
  media: z.array(z.strictObject({ sha256: Sha256, alt: Words.max(SANDBOX_LIMITS.maxAltLength) }))
    .max(LIMITS.maxImages).default([]),
});

export function addPosts(app: SandboxHono, { sql, now, postUrl, audience = null }: SandboxOptions): void {
  app.put("/posts/:key", async (c) => {
    const body = checked(c, Post, await jsonOf(c));
    if (body instanceof Response) return body;
    const key = checked(c, Key, c.req.param("key"));
    if (key instanceof Response) return key;
    const account = c.get("account");
    const post = {
      id: `${account.id}.${key.value}`,
      accountId: account.id,
      key: key.value,
      ...body.value,
    };
    const at = new Date(now()).toISOString();
    const put = await putSandboxPost(
      sql,
      post,
      at,
      audience === null ? undefined : (tx) => audience.plan(tx, account, post),
    );
    switch (put.kind) {
      case "made":
        audience?.wake();
        return c.json({ id: post.id, url: postUrl(post.id), text: post.text }, 201);
      case "same":
        return c.json({ id: post.id, url: postUrl(post.id), text: post.text });
      case "other":
        return refuse(c, 409, "another post is stored under this key");
      case "deleted":
        return refuse(c, 410, "the post under this key was deleted");
      case "refused":
        return refuse(c, 400, put.reason);
      default:
        return put satisfies never;
    }
  });

  app.get("/posts/:key", async (c) => {
    const [post] = await sandboxOwnPosts(sql, {
      accountId: c.get("account").id,
      keys: [c.req.param("key")],
      before: null,
      limit: 1,
    });
    if (post === undefined) return refuse(c, 404, "no such post");
    return post.deleted ? refuse(c, 410, "this post was deleted") : c.json(shownPost(post, postUrl));
  });

  app.delete("/posts/:key", async (c) => {
    const at = new Date(now()).toISOString();
    const deleted = await deleteSandboxPost(sql, c.get("account").id, c.req.param("key"), at);
    return deleted === "absent" ? refuse(c, 404, "no such post") : c.body(null, 204);
  });

  app.put("/blobs/:sha256", async (c) => {
    const named = checked(c, Sha256, c.req.param("sha256"));
    if (named instanceof Response) return named;
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    if (digest !== named.value) return refuse(c, 400, "the bytes have another hash than their name says");
    const mime = imageType(bytes);
    if (mime === null) return refuse(c, 400, "is no PNG, JPEG, GIF or WebP picture");
    await putSandboxBlob(sql, digest, { mime, bytes }, now());
    return c.json({ sha256: digest, mime, bytes: bytes.length });
  });

  app.get("/blobs/:sha256", async (c) => {
    const blob = await sandboxBlob(sql, c.req.param("sha256"));
    if (blob === null) return refuse(c, 404, "no such picture");
    return c.body(blob.bytes, 200, { "content-type": blob.mime });
  });
}
