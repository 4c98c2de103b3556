/** What holds for every page's address and form, before anything looks at them. The API has bounds of its own. */
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { problem } from "./problem.ts";

/** Bytes of a form: an identity with all its knowledge is the largest one. */
export const MAX_FORM_BYTES = 2 * 1024 * 1024;

/** They take files, and bound them themselves. */
const UPLOADS = /^(?:\/new\/import|\/personas\/[^/]+\/compose\/picture)$/;

/** Refuses forms that are larger than any of ours, and addresses that nothing of ours can have. */
export function boundPages(notFound: (c: Context) => Response | Promise<Response>): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize: MAX_FORM_BYTES,
    onError(c) {
      const detail = `A form may have at most ${MAX_FORM_BYTES} bytes.`;
      return problem(c, 413, { title: "Too large", detail, code: "too_large" });
    },
  });
  return async (c, next) => {
    if (c.req.path.startsWith("/api/")) return await next();
    // Postgres holds no NUL: an id or a filter with one leads nowhere.
    if (/%00/.test(c.req.url)) return await notFound(c);
    return UPLOADS.test(c.req.path) ? await next() : await limit(c, next);
  };
}
