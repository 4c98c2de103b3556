/** What the routes of the sandbox share: who asks, what a post looks like to them, and how something is refused. */
import type { Context, Hono } from "hono";
import { z } from "zod";
import type { SeenPost } from "../../db/sandbox/look.ts";
import type { SandboxAccount } from "../../db/sandbox/sandbox.ts";
import type { Sql } from "../../db/sql.ts";
import type { Audience } from "./audience.ts";
import type { RateLimit } from "./rate_limit.ts";

export interface SandboxOptions {
  sql: Sql;
  /** ms since the epoch. */
  now(): number;
  /** Where a person opens a post: the console's own address of it. */
  postUrl(id: string): string;
  /** Where a person sees an account. @default nowhere: an empty address */
  accountUrl?(handle: string): string;
  /** Who answers. @default nobody */
  audience?: Audience | null;
  /** Of each account. @default DEFAULT_RATE_LIMIT */
  rateLimit?: RateLimit;
}

export type SandboxEnv = { Variables: { account: SandboxAccount } };
export type SandboxHono = Hono<SandboxEnv>;

export const MAX_ID = 400;

/** Keys of posts, each account's own. */
export const Key = z.string().regex(/^[\w-]{1,100}$/, "a key has 1 to 100 letters, digits or hyphens");

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in lower-case hex");

/** A whole number in an address. */
export const Whole = (least: number, most: number) =>
  z.string().regex(/^\d{1,16}$/, "must be a whole number").transform(Number).pipe(
    z.int().min(least).max(most),
  );

export function refuse(c: Context, status: 400 | 404 | 409 | 410 | 413, error: string): Response {
  return c.json({ error }, status);
}

/** Parsed, or the 400 that says why not. */
export function checked<T>(c: Context, schema: z.ZodType<T>, value: unknown): { value: T } | Response {
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data } : refuse(c, 400, z.prettifyError(parsed.error));
}

export async function jsonOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function shownPost(post: SeenPost, postUrl: SandboxOptions["postUrl"]) {
  const { id, key, text, language, createdAt, replyTo, quoteOf, media, deleted } = post;
  const { likes, replies, reposts, quotes } = post;
  return {
    id,
    key,
    url: postUrl(id),
    text,
    language,
    createdAt,
    replyTo,
    quoteOf,
    media,
    deleted,
    author: { id: post.accountId, handle: post.handle, name: post.name, bot: post.bot },
    counts: { likes, replies, reposts, quotes },
  };
}
