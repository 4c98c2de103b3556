import type { Context } from "hono";
import type { z } from "zod";
import { problem } from "../problem.ts";

/** Bodies that access takes have at most this many bytes. */
export const MAX_BODY_BYTES = 16 * 1024;

/** One sentence for each field that is wrong. */
export type FieldErrors = Record<string, string>;

export type Read<T> =
  | { ok: true; value: T }
  /** `kept`: what was typed, for the form to show again. */
  | { ok: false; errors: FieldErrors; kept: Record<string, string> };

/** Reads a body of `application/x-www-form-urlencoded`; anything else reads as an empty form. */
export async function readForm<T>(c: Context, schema: z.ZodType<T>): Promise<Read<T>> {
  const isForm = mediaType(c) === "application/x-www-form-urlencoded";
  const entries = isForm ? [...new URLSearchParams(await c.req.text())] : [];
  const kept: Record<string, string> = Object.fromEntries(entries);
  const parsed = schema.safeParse(kept);
  if (parsed.success && Object.keys(kept).length === entries.length) return { ok: true, value: parsed.data };
  return {
    ok: false,
    kept,
    errors: parsed.success ? { form: "A field was sent twice." } : fieldErrors(parsed.error),
  };
}

/** Reads `application/json`; what comes back as a Response is the answer to give. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<{ value: T } | Response> {
  if (mediaType(c) !== "application/json") {
    const detail = "Send the body as `content-type: application/json`.";
    return problem(c, 415, { title: "Wrong content type", detail, code: "unsupported_media_type" });
  }
  let body: unknown;
  try {
    body = JSON.parse(await c.req.text());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return problem(c, 400, {
      title: "Malformed JSON",
      detail: "The body is not JSON.",
      code: "malformed_json",
    });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { value: parsed.data };
  const [field = "", detail = ""] = Object.entries(fieldErrors(parsed.error))[0] ?? [];
  return problem(c, 422, { title: "Validation failed", detail, code: "invalid", field });
}

function mediaType(c: Context): string {
  return (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function fieldErrors(error: z.ZodError): FieldErrors {
  const errors: FieldErrors = {};
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
    for (const key of unknown) errors[[...path, key].join(".")] ??= "This field is not known.";
    if (unknown.length === 0) errors[path.join(".") || "body"] ??= issue.message;
  }
  return errors;
}
