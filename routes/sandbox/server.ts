/** The sandbox network over HTTP, on one loopback origin: actors reach it as they reach the real ones. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { hashJson } from "../../actors/persona/content.ts";
import { SANDBOX_LIMITS } from "../../actors/persona/platforms/sandbox/limits.ts";
import { sandboxAccountByToken } from "../../db/sandbox/sandbox.ts";
import { addLooks } from "./look_routes.ts";
import type { SandboxEnv, SandboxHono, SandboxOptions } from "./parts.ts";
import { addPeople } from "./people_routes.ts";
import { addPosts } from "./post_routes.ts";
import { DEFAULT_RATE_LIMIT, RateLimiter } from "./rate_limit.ts";

export type { SandboxOptions } from "./parts.ts";

const MAX_BODY = 64 * 1024;

/** SHA-256 (hex) of an account's token, as the table keeps it. */
export const sandboxTokenHash = (token: string): string => hashJson({ sandboxToken: token });

export function sandboxApp(options: SandboxOptions): SandboxHono {
  const { sql, now, rateLimit = DEFAULT_RATE_LIMIT } = options;
  const limiter = new RateLimiter(rateLimit);
  const app = new Hono<SandboxEnv>();

  app.use(async (c, next) => {
    const token = c.req.header("authorization")?.match(/^Bearer (\S{1,200})$/)?.[1];
    const account = token === undefined ? null : await sandboxAccountByToken(sql, sandboxTokenHash(token));
    if (account === null) return c.json({ error: "no such account" }, 401);
    c.set("account", account);
    const { allowed, headers } = limiter.take(account.id, now());
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (!allowed) return c.json({ error: "too many requests" }, 429);
    await next();
  });
  const tooLarge = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (c) => c.json({ error: "the body is too large" }, 413) });
  const [small, picture] = [tooLarge(MAX_BODY), tooLarge(SANDBOX_LIMITS.maxImageBytes)];
  app.use((c, next) => (c.req.path.startsWith("/blobs/") ? picture : small)(c, next));

  addPosts(app, options);
  addPeople(app, options);
  addLooks(app, options);

  app.notFound((c) => c.json({ error: "there is nothing here" }, 404));
  app.onError((error, c) => {
    console.error(`sandbox: ${error.message}`);
    return c.json({ error: "the sandbox failed" }, 500);
  });
  return app;
}
