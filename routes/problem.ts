import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An error for programs and people, RFC 9457. Never put a secret in it. */
export interface Problem {
  /** The kind of error in a few words: "Validation failed". */
  title: string;
  /** One sentence: what was wrong, what would be right. */
  detail: string;
  /** The field of the request that was wrong, when there is one: `parts.0.text`. */
  field?: string;
  /** Stable, snake_case. */
  code: string;
}

/** Answers with `application/problem+json`. */
export function problem(c: Context, status: ContentfulStatusCode, problem: Problem): Response {
  const { title, detail, field, code } = problem;
  const body = JSON.stringify({ type: "about:blank", title, status, detail, code, field });
  return c.body(body, status, { "content-type": "application/problem+json" });
}
