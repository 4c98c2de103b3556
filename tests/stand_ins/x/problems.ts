/** What X says when it says no. Bodies are written in the classic dialect; `dialect.ts` translates. */

export interface Answer {
  status: number;
  /** Sent as JSON, or as it is where it is a string. */
  body: unknown;
  contentType?: string;
  headers?: Record<string, string>;
  /** Why, for the one who reads the list of requests: never sent. */
  note?: string;
}

export const PROBLEMS = "https://api.twitter.com/2/problems/";

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

export function problem(
  status: number,
  title: string,
  detail: string,
  type = "about:blank",
  more: Record<string, unknown> = {},
): Answer {
  return {
    status,
    body: { title, detail, type, status, ...more },
    contentType: "application/problem+json",
    note: detail,
  };
}

/** 401 for whatever is wrong with the credentials: X does not say what, `note` does. */
export function unauthorized(note: string): Answer {
  return { ...problem(401, "Unauthorized", "Unauthorized"), note };
}

export function forbidden(detail: string, note = detail): Answer {
  return { ...problem(403, "Forbidden", detail), note };
}

/** 400 with the wrong parameters by name. */
export function invalidRequest(wrong: Record<string, string[]>): Answer {
  const errors = Object.entries(wrong).map(([parameter, values]) => ({
    parameters: { [parameter]: values },
    message: `The \`${parameter}\` parameter with value [${values.join(",")}] is not valid`,
  }));
  const answer = problem(
    400,
    "Invalid Request",
    "One or more parameters to your request was invalid.",
    `${PROBLEMS}invalid-request`,
    { errors },
  );
  return { ...answer, note: `invalid: ${Object.keys(wrong).join(", ")}` };
}

/** The entry of `errors`, or the body of a 404, for something that is not there. */
export function notFound(kind: "tweet" | "user" | "media", parameter: string, value: string) {
  return {
    value,
    detail: `Could not find ${kind} with ${parameter}: [${value}].`,
    title: "Not Found Error",
    resource_type: kind,
    parameter,
    resource_id: value,
    type: `${PROBLEMS}resource-not-found`,
  };
}

export function outOfCredit(accountId: string): Answer {
  return problem(
    402,
    "CreditsDepleted",
    `Your enrolled account [${accountId}] does not have any credits to fulfill this request.`,
    `${PROBLEMS}credits`,
    { account_id: accountId },
  );
}

export function rateLimited(shape: "problem" | "code", headers: Record<string, string>): Answer {
  const answer: Answer = shape === "problem" ? problem(429, "Too Many Requests", "Too Many Requests") : {
    status: 429,
    body: { errors: [{ code: 88, message: "Rate limit exceeded" }] },
    note: "rate limit exceeded",
  };
  return { ...answer, headers };
}

export const SUSPENDED = "Your account is suspended and is not permitted to access this feature.";
export const LOCKED =
  "To protect our users from spam and other malicious activity, this account is temporarily locked. " +
  "Please log in to https://x.com to unlock your account.";
export const DUPLICATE = "You are not allowed to create a Tweet with duplicate content.";
export const TOO_LONG = "Your Tweet text is too long.";
export const NOT_SUMMONED = "Reply to this conversation is not allowed because you have not been mentioned " +
  "or otherwise engaged by the author of the post you are replying to.";
