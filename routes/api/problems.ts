/** Errors as programs see them: one table of codes, one shape (RFC 9457). */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { MAX_ERRORS } from "./limits.ts";

interface Kind {
  status: ContentfulStatusCode;
  title: string;
  /** For the documents: when it is answered. */
  meaning: string;
}

const kind = (status: ContentfulStatusCode, title: string, meaning: string): Kind => ({
  status,
  title,
  meaning,
});

/** Every code that the API answers. `docs/api.md` holds the same table; a test compares them. */
export const PROBLEMS = {
  malformed_json: kind(400, "Malformed JSON", "The body is not JSON in UTF-8, or is nested too deeply."),
  invalid_request: kind(
    400,
    "Invalid request",
    "A field, parameter or header is missing, unknown or out of bounds.",
  ),
  persona_missing: kind(400, "No persona named", "The route needs `X-Persona-ID`."),
  persona_conflict: kind(400, "Two personas named", "`X-Persona-ID` and the path name different personas."),
  unauthorized: kind(401, "Not logged in", "There is neither a session nor a bearer token."),
  invalid_token: kind(401, "Not logged in", "The bearer token is unknown, revoked or expired."),
  forbidden: kind(403, "Not allowed", "The token lacks a scope, or only a person may do this."),
  cross_site: kind(403, "Refused for safety", "Another site made the browser send this."),
  header_missing: kind(
    403,
    "Refused for safety",
    "A request with a session has to carry `X-Digi-Persona: 1`.",
  ),
  not_found: kind(404, "Not found", "There is no such persona, post, connection, event, stop or opt-out."),
  method_not_allowed: kind(
    405,
    "Method not allowed",
    "The path exists, but not with this method; see `Allow`.",
  ),
  exists: kind(409, "Exists already", "A persona or post with this id exists."),
  wrong_status: kind(409, "Wrong status", "The post or persona is not in a state that allows this."),
  persona_paused: kind(409, "Persona paused", "Nothing goes out before the persona is resumed."),
  persona_retired: kind(409, "Persona retired", "A retired persona says nothing more."),
  hash_mismatch: kind(409, "The text has changed", "The approval is for another text: look at it again."),
  not_prepared: kind(
    409,
    "Not prepared yet",
    "Links and mentions are still looked up: try again in a moment.",
  ),
  no_connection: kind(409, "No connection", "The persona has no linked account for this."),
  connection_in_use: kind(409, "Account in use", "The account or the place for it is taken."),
  already_answered: kind(409, "Answered already", "One answer for each thing said is the rule."),
  no_answer_allowed: kind(409, "No answer allowed", "The platform takes no answer of a program to this."),
  person_must_approve: kind(
    409,
    "A person must approve",
    "On this platform every post is approved by a person, in the console.",
  ),
  too_many_posts: kind(409, "Too many open posts", "Finish some posts first."),
  too_many_stops: kind(409, "Too many stops", "Lift some of them first, or stop more at once."),
  nothing_changed: kind(409, "Nothing changed", "All is as it was before."),
  too_large: kind(413, "Too large", "The body or the file is larger than allowed."),
  unsupported_media_type: kind(415, "Wrong content type", "The route takes another `Content-Type`."),
  invalid: kind(422, "Not acceptable", "Well-formed, but it means nothing sensible here."),
  in_the_past: kind(422, "In the past", "The time to publish at is over."),
  blocked_by_policy: kind(422, "Blocked by policy", "A rule forbids this text."),
  real_person: kind(
    422,
    "Real person",
    "A persona of a real living person cannot do this.",
  ),
  operator_unnamed: kind(422, "Operator unnamed", "Name who runs the persona (`operatedBy`) first."),
  disclosure_missing: kind(
    422,
    "Disclosure missing",
    "A real account has to say that a machine writes there.",
  ),
  not_linked: kind(422, "Not linked", "The account could not be linked; the detail says why."),
  bad_file: kind(422, "Not a persona file", "The file cannot be read as a persona; the detail says why."),
  bad_picture: kind(
    422,
    "Not a usable picture",
    "The picture cannot be taken; the detail says why and what would be right.",
  ),
  id_reused: kind(422, "Idempotency-Key reused", "The key was used before with another request."),
  overloaded: kind(429, "Too busy", "A queue is full: try again after `Retry-After` seconds."),
  internal: kind(500, "Internal error", "A fault of digi-persona; its log says more."),
  unavailable: kind(
    503,
    "Not available",
    "The database is away, the persona parked, or the program stopping.",
  ),
  deadline: kind(504, "Too slow", "Not answered in time; it may still be done: repeat with the same key."),
  disk_full: kind(507, "Disk nearly full", "No new work is taken until there is room."),
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

export interface FieldError {
  /** A path in the body (`changes.name`), a parameter or a header. */
  field: string;
  reason: string;
}

export const ProblemSchema = z.object({
  type: z.string().openapi({ example: "about:blank" }),
  title: z.string().openapi({ example: "The text has changed" }),
  status: z.int().openapi({ example: 409 }),
  detail: z.string().openapi({ example: "The text has changed since you saw it: look at it again." }),
  code: z.string().openapi({ description: "Stable; see the table of codes.", example: "hash_mismatch" }),
  field: z.string().optional().openapi({
    description: "The first field that is wrong.",
    example: "contentHash",
  }),
  errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
}).openapi("Problem", { description: "An error, RFC 9457." });

export interface Fault {
  code: ProblemCode;
  /** One sentence: what was wrong, what would be right. */
  detail: string;
  errors?: FieldError[];
  /** Seconds. */
  retryAfter?: number;
}

/** What a request did wrong, or why it cannot be done: caught once, in `onError`. */
export class ApiFault extends Error {
  override readonly name = "ApiFault";
  constructor(readonly fault: Fault) {
    super(fault.detail);
  }
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

export function faultAnswer(c: Context, fault: Fault): Response {
  const { status, title } = PROBLEMS[fault.code];
  const errors = fault.errors?.slice(0, MAX_ERRORS);
  const body = {
    type: "about:blank",
    title,
    status,
    detail: fault.detail,
    code: fault.code,
    ...(errors?.[0] === undefined ? {} : { field: errors[0].field, errors }),
  };
  if (fault.retryAfter !== undefined) {
    c.header("retry-after", String(Math.max(1, Math.ceil(fault.retryAfter))));
  }
  return c.body(JSON.stringify(body), status, { "content-type": "application/problem+json" });
}

export function invalidRequest(field: string, reason: string): ApiFault {
  return new ApiFault({
    code: "invalid_request",
    detail: `${field}: ${reason}`,
    errors: [{ field, reason }],
  });
}
